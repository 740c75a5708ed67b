"""A person who is erased is nowhere any more, and everything that is counted is what it was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, text, update

from app.models.errors import KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor, ActorKind, Role
from app.models.tables import (
    Agent,
    Attachment,
    Audit,
    Blob,
    Call,
    Channel,
    Identity,
    Message,
    Outbox,
    Participant,
    Person,
    Quarantine,
    Table,
    Ticket,
)
from app.services import audit, erasure
from app.services.database import Database, numbers
from app.services.database.search import tickets_with
from app.services.tickets import mending
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk

WORD = "[erased]"
MAIL, OTHER = "carla.quist@customer.example", "dora@customer.example"
TRACES = ("carla", "quist", "zebrafish", "+4940123456", "040/123456", "040 123456")


@dataclass
class Filled:
    """Carla asked in two tickets, Dora in a third where Carla is spoken of."""

    database: Database
    person: UUID
    dora: UUID
    tickets: list[UUID]
    channel: UUID


@pytest.fixture
def filled(database: Database) -> Filled:
    found = Filled(database, new_id(), new_id(), [new_id() for _ in range(3)], new_id())
    with database.write(SYSTEM) as work:
        add: Callable[..., Any] = lambda table, **values: work.session.execute(insert(table).values(**values))  # noqa: E731
        add(Channel, id=found.channel, name="Desk", kind="folder", config={}, address="help@desk.example")
        for person, name, mail in ((found.person, "Carla Quist", MAIL), (found.dora, "Dora Moss", OTHER)):
            add(Person, id=person, name=name, notes="Is Carla" if name == "Carla Quist" else "", created_at=work.now)
            add(Identity, id=new_id(), person_id=person, kind="mail", value=mail)
        add(Identity, id=new_id(), person_id=found.person, kind="phone", value="+4940123456")
        given = numbers.TicketNumbers(work.session)
        for ticket, asks in zip(found.tickets, (found.person, found.person, found.dora), strict=True):
            _ticket(work, add, given.next(), ticket, asks, found.channel)
        _talk(work, add, found)
        work.audit("person.added", found.person, after={"name": "Carla Quist"})
        work.audit("ticket.forwarded", None, ticket_id=found.tickets[2], after={"to": MAIL, "joined": [MAIL, OTHER]})
        work.audit(
            "ticket.changed", None, ticket_id=found.tickets[0], before={"subject": "Quist"}, after={"status": "new"}
        )
        work.audit("ticket.changed", None, ticket_id=found.tickets[2], after={"status": "open"})
    assert audit.seal(database, SYSTEM, "here") > 0
    return found


def _ticket(work: Any, add: Callable[..., Any], number: int, ticket: UUID, asks: UUID, channel: UUID) -> None:
    subject = "Printer of Carla Quist is on fire" if number != 3 else "Nothing"
    usual = {"status": "open", "priority": 3, "level": 1, "channel": "folder", "channel_id": channel}
    usual |= {"opened_at": work.now, "updated_at": work.now, "reply_token": f"t{number}", "requester_id": asks}
    add(Ticket, id=ticket, number=number, subject=subject, **usual)
    for address in (MAIL, OTHER):
        add(Participant, ticket_id=ticket, address=address)


def _talk(work: Any, add: Callable[..., Any], found: Filled) -> None:
    usual = {"mail_kind": "mail", "at": work.now, "stored_at": work.now, "cc": [], "reply_to": [], "reasons": []}
    agent = new_id()
    add(Agent, id=agent, name="Carla Best", mail="best@desk.example", role="agent", active=True)
    add(Blob, sha256="a" * 64, size=3, content=b"abc")
    add(Blob, sha256="b" * 64, size=3, content=b"xyz")
    for ticket in found.tickets[:2]:
        asked, answered = new_id(), new_id()
        theirs = {"kind": "mail_in", "author": "Carla Quist", "author_address": MAIL, "person_id": found.person}
        page = {"text": "The zebrafish burns. Call 040/123456", "html": "<p>The zebrafish burns</p>", "folded": ""}
        sent = {"mail_id": f"<{asked}@mta.example>", "to": [{"name": "", "address": "help@desk.example"}]}
        add(Message, id=asked, ticket_id=ticket, subject="Fire at Carla's", **theirs, **page, **sent, **usual)
        reply = {
            "text": "Dear Carla Quist, it is out. We call 040 123456.",
            "folded": "> The zebrafish",
            "html": "<p>zebrafish",
        }
        to = [{"name": "Carla Quist", "address": MAIL}]
        by = {"kind": "mail_out", "author": "Carla Best", "author_address": "help@desk.example", "agent_id": agent}
        add(Message, id=answered, ticket_id=ticket, subject="Re: fire", **by, **reply, to=to, **usual)
        files = (("a", asked, 0, "zebrafish.png"), ("b", asked, 1, "quist.txt"), ("a", answered, 0, "again.png"))
        for sha, message, position, name in files:
            kind = {"media_type": "image/png", "size": 3, "content_id": None, "inline": False}
            add(Attachment, id=new_id(), message_id=message, position=position, sha256=sha * 64, name=name, **kind)
        mail = {"kind": "answer", "mail_id": f"<{answered}@desk.example>", "sender": "help@desk.example"}
        state = {
            "state": "sent",
            "attempts": 1,
            "created_at": work.now,
            "next_attempt_at": work.now,
            "problem_facts": {},
        }
        place = {"id": new_id(), "channel_id": found.channel, "ticket_id": ticket, "message_id": answered}
        add(Outbox, **place, **mail, **state, recipients=[MAIL], raw=b"To: carla.quist@customer.example")
    call = new_id()
    spoken = {"text": "Her zebrafish again", "folded": "", "to": [], "subject": "Fire again"}
    add(
        Message,
        id=call,
        ticket_id=found.tickets[1],
        kind="call",
        author="Carla Quist",
        person_id=found.person,
        **spoken,
        **usual,
    )
    spent = {"direction": "inbound", "started_at": work.now, "seconds": 77, "outcome": "solved"}
    add(Call, id=new_id(), message_id=call, person_id=found.person, number="+4940123456", **spent)
    dora = {"kind": "mail_in", "author": "Dora Moss", "author_address": OTHER, "person_id": found.dora}
    words = {"text": f"Ask {MAIL} of the blue whale.", "folded": "", "subject": "Whale"}
    third = new_id()
    to = [{"name": "Desk", "address": "help@desk.example"}]
    add(
        Message,
        id=third,
        ticket_id=found.tickets[2],
        **dora,
        **words,
        to=to,
        **usual | {"cc": [{"name": "", "address": MAIL}]},
    )
    kind = {"media_type": "text/plain", "size": 3, "content_id": None, "inline": False, "name": "mine.txt"}
    add(Attachment, id=new_id(), message_id=third, position=0, sha256="b" * 64, **kind)
    entry = {"external_id": "9", "at": work.now, "problem": "too_large", "facts": {}, "size": 10}
    add(Quarantine, id=new_id(), channel_id=found.channel, raw=b"From: Carla.Quist@customer.example", **entry)


def everything(database: Database) -> str:
    """All that is stored, as one text."""
    with database.engine.connect() as connection:
        rows = [row for table in Table.metadata.sorted_tables for row in connection.execute(select(table))]
        if not database.is_shared:
            rows += connection.execute(text("SELECT * FROM message_search")).all()
    return "\n".join(str(tuple(row)) for row in rows).lower()


def test_nothing_is_left_of_a_person_and_everything_of_the_others(filled: Filled) -> None:
    database = filled.database
    before = everything(database)
    assert all(each in before for each in TRACES[:4])
    told = erasure.erase(database, SYSTEM, filled.person, WORD)
    after = everything(database)
    left = after.replace("carla best", "")
    assert [each for each in TRACES if each in left] == []
    assert "blue whale" in after
    assert "dora moss" in after
    assert OTHER in after
    assert "[erased] [erased], it is out" in after or "dear [erased], it is out" in after
    assert (told.messages, told.mentions, told.files, told.blobs, told.mails) == (3, 3, 6, 1, 3)
    assert told.tickets == 2


_TIMES = select(Ticket.id, Ticket.updated_at, Ticket.status, Ticket.requester_id).order_by(Ticket.number)


def test_tickets_and_counts_stay(filled: Filled) -> None:
    counted = (Ticket, Message, Call, Outbox, Quarantine, Person)
    with filled.database.read() as session:
        before = [session.scalar(select(func.count()).select_from(each)) for each in counted]
        times = session.execute(_TIMES).all()
    erasure.erase(filled.database, SYSTEM, filled.person, WORD)
    with filled.database.read() as session:
        assert [session.scalar(select(func.count()).select_from(each)) for each in counted] == before
        assert session.execute(_TIMES).all() == times
        assert session.scalar(select(Call.seconds)) == 77
        assert (
            session.scalars(select(Ticket.subject).order_by(Ticket.number)).first() == "Printer of [erased] is on fire"
        )
        assert session.scalars(select(Blob.sha256)).all() == ["b" * 64]


def test_the_audit_verifies_and_says_what_was_erased(filled: Filled) -> None:
    newest = audit.verify(filled.database).newest
    told = erasure.erase(filled.database, SYSTEM, filled.person, WORD)
    verdict = audit.verify(filled.database, newest)
    assert (verdict.flaws, verdict.erased) == (0, told.entries) == (0, 3)
    audit.seal(filled.database, SYSTEM, "here")
    assert audit.verify(filled.database, newest).flaws == 0
    entry = audit.entries(filled.database, limit=1)[0]
    assert (entry.action, entry.subject_id, len(entry.after["entries"])) == ("person.erased", filled.person, 3)


def test_an_entry_that_no_erasing_names_is_altered_still(filled: Filled) -> None:
    erasure.erase(filled.database, SYSTEM, filled.person, WORD)
    with filled.database.engine.begin() as connection:
        entry = select(func.max(Audit.sequence)).where(Audit.action == "ticket.changed").scalar_subquery()
        connection.execute(update(Audit).where(Audit.sequence == entry).values(actor="Eve"))
    assert audit.verify(filled.database).flaws == 1


def test_a_second_time_nothing_is_left_to_do(filled: Filled) -> None:
    erasure.erase(filled.database, SYSTEM, filled.person, WORD)
    before = everything(filled.database)
    told = erasure.erase(filled.database, SYSTEM, filled.person, WORD)
    assert (told.messages, told.entries, told.identities) == (0, 0, 0)
    assert everything(filled.database) == before
    with pytest.raises(KnownError, match=r"erasure\.unknown"):
        erasure.find(filled.database, MAIL)


def test_only_looking_changes_nothing(filled: Filled) -> None:
    before = everything(filled.database)
    told = erasure.erase(filled.database, SYSTEM, filled.person, WORD, dry_run=True)
    assert everything(filled.database) == before
    assert told == erasure.erase(filled.database, SYSTEM, filled.person, WORD)


def test_whoever_asked_in_merged_tickets_is_erased_in_all_of_them(filled: Filled) -> None:
    dora, carla = filled.tickets[2], filled.tickets[1]
    mending.merge(filled.database, SYSTEM, carla, dora)
    erasure.erase(filled.database, SYSTEM, filled.person, WORD)
    left = everything(filled.database).replace("carla best", "")
    assert [each for each in TRACES if each in left] == []
    assert "blue whale" in left
    assert audit.verify(filled.database).flaws == 0


def test_subject_lines_can_go_as_well(filled: Filled) -> None:
    erasure.erase(filled.database, SYSTEM, filled.person, WORD, subjects=True)
    with filled.database.read() as session:
        found = session.scalars(select(Ticket.subject).order_by(Ticket.number)).all()
        said = set(session.scalars(select(Message.subject).where(Message.ticket_id != filled.tickets[2])))
    assert found == [WORD, WORD, "Nothing"]
    assert said == {WORD}


def test_a_mail_that_is_still_to_be_sent_is_waited_for(filled: Filled) -> None:
    with filled.database.engine.begin() as connection:
        connection.execute(update(Outbox).values(state="queued"))
    before = everything(filled.database)
    with pytest.raises(KnownError, match=r"erasure\.mail_waits"):
        erasure.erase(filled.database, SYSTEM, filled.person, WORD)
    assert everything(filled.database) == before


def test_words_are_not_found_any_more(filled: Filled) -> None:
    def holding(words: str) -> list[UUID]:
        with filled.database.read() as session:
            return list(session.scalars(tickets_with(words, filled.database.engine.dialect.name)))

    assert len(holding("zebrafish")) == 2
    erasure.erase(filled.database, SYSTEM, filled.person, WORD)
    assert holding("zebrafish") == []
    assert holding("whale") == [filled.tickets[2]]


def test_the_file_itself_holds_nothing_of_them(filled: Filled, tmp_path: Path) -> None:
    if filled.database.is_shared:
        pytest.skip("PostgreSQL gives space free by itself, later")
    erasure.erase(filled.database, SYSTEM, filled.person, WORD)
    stored = b"".join(each.read_bytes() for each in tmp_path.glob("desk.db*")).lower()
    assert b"blue whale" in stored
    assert [each for each in (b"quist", b"zebrafish", b"4940123456") if each in stored] == []


def test_only_who_administers_may(filled: Filled) -> None:
    agent = Actor(ActorKind.AGENT, "Ann", id=new_id(), role=Role.SUPERVISOR, desk="d")
    with pytest.raises(NotAllowed):
        erasure.erase(filled.database, agent, filled.person, WORD)


def test_a_shared_database_lets_its_owner_alone(shared_desk: SharedDesk) -> None:
    database, actor = shared_desk.as_("tom")
    with pytest.raises(NotAllowed, match="owner"):
        erasure.erase(database, actor, new_id(), WORD)
    with pytest.raises(NotAllowed, match="owner"):
        erasure.retire(database, actor, timedelta(days=1), WORD)
    with pytest.raises(KnownError, match=r"erasure\.unknown"):
        erasure.erase(shared_desk.owner, SYSTEM, new_id(), WORD)


def test_people_are_found_by_what_is_known_of_them(filled: Filled) -> None:
    for told in (MAIL, MAIL.upper(), "+4940123456", str(filled.person), "Carla Quist", " Carla Quist "):
        assert erasure.find(filled.database, told).id == filled.person
    with filled.database.write(SYSTEM) as work:
        work.session.execute(update(Person).values(name="Twin"))
    with pytest.raises(KnownError, match=r"erasure\.several"):
        erasure.find(filled.database, "Twin")
