"""Servers with other encodings, collations and time zones: refused, or without any difference."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import select, text

from app.models.errors import DatabaseError
from app.models.identifiers import new_id
from app.models.records.queue import QueueColumn, QueueFilter, QueueSort
from app.models.tables import Audit, Message, Person, Team, Ticket
from app.services import audit, staff
from app.services.database import Database, check, open_database, upgrade
from app.services.joining import look
from app.services.tickets import queue
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.servers import PostgresServer, running_postgres

SUBJECTS = (
    "İstanbul", "istanbul ISSUE", "ıssız", "Straße", "STRASSE 7", "Äpfel", "Apfel", "Zebra", "äpfel", "a-b", "ab",
)  # fmt: skip
ICU = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE"
STRANGE = {
    "intervalstyle": "sql_standard",
    "default_transaction_isolation": "serializable",
    "bytea_output": "escape",
    "extra_float_digits": "-15",
    "default_text_search_config": "'pg_catalog.german'",
}
PLACES = {
    "bytes": "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'",
    "German": f"{ICU} 'de-DE-u-co-phonebk'",
    "Turkish": f"{ICU} 'tr-TR'",
    "not minding case": f"{ICU} 'und-u-ks-level2'",
}


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_postgres(equipped=True, timezone="'Pacific/Kiritimati'", datestyle="'SQL, DMY'", **STRANGE) as started:
        yield started


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "WIN1252"])
def test_a_database_that_is_not_in_utf8_is_refused(server: PostgresServer, clock: SettableClock, encoding: str) -> None:
    url = server.create(f"d{uuid4().hex}", f"TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
    database = open_database(url, clock)
    for each in (check, upgrade, lambda _database: look(url, None, clock)):
        with pytest.raises(DatabaseError, match=rf"^database\.encoding \(encoding={encoding}\)"):
            each(database)
    database.close()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


@pytest.fixture
def make(server: PostgresServer, clock: SettableClock) -> Iterator[Callable[[str], Database]]:
    opened: list[Database] = []

    def made(place: str) -> Database:
        database = open_database(server.create(f"d{uuid4().hex}", PLACES[place]), clock)
        opened.append(database)
        upgrade(database)
        return database

    yield made
    for each in opened:
        each.close()


def fill(database: Database, clock: SettableClock) -> dict[UUID, str]:
    """A ticket for each subject, all of the same instant, its requester called like it."""
    tickets = {new_id(): subject for subject in SUBJECTS}
    with database.write(SYSTEM) as work:
        for number, (ticket_id, subject) in enumerate(tickets.items(), 1):
            person = Person(id=new_id(), name=subject, created_at=clock.now())
            work.session.add(person)
            work.session.flush()
            fields = {"status": "open", "priority": 3, "level": 1, "channel": "folder", "reply_token": f"T{number}"}
            times = {"opened_at": clock.now(), "updated_at": clock.now(), "requester_id": person.id}
            work.session.add(Ticket(id=ticket_id, number=number, subject=subject, **fields, **times))
            work.session.flush()
            words = {"mail_kind": "mail", "kind": "mail_in", "author": "", "subject": subject, "text": "", "folded": ""}
            told = {"to": [], "cc": [], "reply_to": [], "reasons": [], "at": clock.now(), "stored_at": clock.now()}
            work.session.add(Message(id=new_id(), ticket_id=ticket_id, **words, **told))
            work.audit("ticket.opened", ticket_id, ticket_id=ticket_id, after={"subject": subject})
    return tickets


def found(database: Database, tickets: dict[UUID, str], **wanted: object) -> set[str]:
    return {tickets[each] for each in queue.ids(database, QueueFilter(**wanted))}  # type: ignore[arg-type]


@pytest.mark.parametrize("place", PLACES)
def test_words_are_found_in_whatever_case_they_are_written(
    make: Callable[[str], Database], clock: SettableClock, place: str
) -> None:
    database = make(place)
    tickets = fill(database, clock)
    assert found(database, tickets, words="issue") == {"istanbul ISSUE"}
    assert found(database, tickets, words="ISTANBUL issue") == {"istanbul ISSUE"}
    assert found(database, tickets, words="strasse") == found(database, tickets, words="STRASSE") == {"STRASSE 7"}
    assert found(database, tickets, words="ÄPFEL") == found(database, tickets, words="äpfel") == {"Äpfel", "äpfel"}
    assert found(database, tickets, words="-apfel") == set(SUBJECTS) - {"Apfel"}
    assert "İstanbul" in found(database, tickets, words="İSTANBUL")


@pytest.mark.parametrize("place", PLACES)
def test_every_order_holds_every_ticket_once_and_turns_round(
    make: Callable[[str], Database], clock: SettableClock, place: str
) -> None:
    database = make(place)
    tickets = fill(database, clock)
    for column in (QueueColumn.SUBJECT, QueueColumn.REQUESTER, QueueColumn.NUMBER):
        orders = [list(queue.ids(database, QueueFilter(), QueueSort(column, each))) for each in (False, True)]
        assert sorted(orders[0]) == sorted(orders[1]) == sorted(tickets)
        assert [tickets[each] for each in orders[0]] == [tickets[each] for each in reversed(orders[1])]
    paged: list[UUID] = []
    after = None
    while page := queue.page(database, QueueFilter(), 3, after):
        after = page[-1]
        paged += [each.id for each in page]
    assert sorted(paged) == sorted(tickets)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_told_apart_stays_apart_and_the_audit_verifies(
    make: Callable[[str], Database], clock: SettableClock, place: str
) -> None:
    """Names that only differ in case or in an accent are two, as on any server; addresses are compared folded."""
    database = make(place)
    fill(database, clock)
    for name in ("Ärzte", "ärzte", "IT", "it", "ıt"):
        with database.write(SYSTEM) as work:
            work.session.add(Team(id=new_id(), name=name, level=1))
    staff.add_agent(database, SYSTEM, "Ines", "INES@desk.example", staff.Role.AGENT, ())
    assert [each.mail for each in staff.agents(database)] == ["ines@desk.example"]
    assert audit.seal(database, SYSTEM, "here") == len(SUBJECTS) + 1
    assert audit.verify(database).flaws == 0


def test_instants_are_the_same_wherever_the_server_thinks_it_is(
    server: PostgresServer, make: Callable[[str], Database], clock: SettableClock
) -> None:
    clock.at = datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC)
    database = make("bytes")
    fill(database, clock)
    with server.connect() as connection:
        assert connection.execute("SHOW timezone").fetchone() == ("Pacific/Kiritimati",)
        connection.execute("ALTER ROLE postgres SET timezone = 'America/St_Johns'")
    database.close()
    row = queue.page(database, QueueFilter(), 1)[0]
    assert (row.opened_at, row.opened_at.utcoffset()) == (clock.at, timedelta(0))
    second = timedelta(seconds=1)
    assert len(queue.ids(database, QueueFilter(opened_from=clock.at, opened_before=clock.at + second))) == len(SUBJECTS)
    assert len(queue.ids(database, QueueFilter(opened_from=clock.at + second))) == 0
    with database.read() as session:
        assert set(session.scalars(select(Audit.at))) == {clock.at}
        told = session.execute(text("SELECT now(), extract(timezone FROM now())")).one()
    assert abs(told[0] - datetime.now(UTC)) < timedelta(minutes=1)
    assert told[1] == 0
