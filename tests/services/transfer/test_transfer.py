"""A desk that was taken elsewhere is the same there, on either engine; a damaged file changes nothing."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.desk import Role
from app.models.tables import Message, Ticket
from app.services import accounts, audit, staff
from app.services.database import Database, open_database, upgrade
from app.services.sample import SampleMailbox, fill_with_sample
from app.services.transfer import export_desk, import_desk
from app.services.transfer.lines import TABLES
from app.services.work.rounds import ChannelRounds
from tests.fixtures.channels import no_credentials
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.people import SharedDesk
from tests.views.conftest import settle_files

HOSTILE = "\U0001f642 \u202e e\u0301 'quoted\" \\ -- ; DROP TABLE ticket; \u0001 \u2028" + "x" * 100_000


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Database:
    """The sample desk with its mails, two tickets put into a third, and words that are hard to carry."""
    mailbox = tmp_path / "mailbox"
    fill_with_sample(database, SYSTEM, mailbox)
    SampleMailbox(mailbox, database.clock).deliver_all()
    settle_files(mailbox)
    rounds = ChannelRounds(database, SYSTEM, "here", no_credentials, 10**6)
    for account in accounts.listed(database):
        rounds.run(account)
    rounds.close()
    with database.write(SYSTEM) as work:
        tickets = list(work.session.scalars(select(Ticket).order_by(Ticket.number)))
        tickets[0].merged_into_id, tickets[1].merged_into_id = tickets[1].id, tickets[2].id
        usual: dict[str, Any] = {"to": [], "cc": [{"address": "\u00fc@x.example", "name": HOSTILE}], "reply_to": []}
        at = database.clock.now()
        row = {
            "id": new_id(),
            "ticket_id": tickets[2].id,
            "kind": "note",
            "mail_kind": "mail",
            "at": at,
            "stored_at": at,
        }
        work.session.execute(
            insert(Message).values(
                **row, **usual, author="", subject="", text=HOSTILE, folded="", html="", reasons=[{"n": 1.5}]
            )
        )
        work.audit("thing.done", None, after={"is": HOSTILE, "number": 10**15, "part": 0.25, "nothing": None})
    return database


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path, clock: SettableClock) -> Iterator[Callable[[str], Database]]:
    """An empty database of the engine asked for."""
    opened: list[Database] = []

    def make(engine: str) -> Database:
        url = f"sqlite:///{tmp_path / f'new{len(opened)}.db'}"
        if engine == "postgres":
            url = request.getfixturevalue("another_postgres_url")
        opened.append(open_database(url, clock))
        upgrade(opened[-1])
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Everything there is, but for what an import makes anew."""
    found: dict[str, list[dict[str, Any]]] = {}
    with database.engine.connect() as connection:
        for table in TABLES:
            if table.name == "audit_seal":
                continue
            columns = [each for each in table.columns if (table.name, each.name) != ("audit", "transaction")]
            query = select(*columns).order_by(*table.primary_key.columns)
            found[table.name] = [dict(each) for each in connection.execute(query).mappings()]
    return found


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_a_round_trip_loses_nothing(
    filled: Database, empty: Callable[[str], Database], engine: str, tmp_path: Path
) -> None:
    counts = export_desk(filled, tmp_path / "desk.jsonl.gz")
    assert counts["ticket"] > 5
    elsewhere = empty(engine)
    assert import_desk(elsewhere, tmp_path / "desk.jsonl.gz") == counts
    assert rows(elsewhere) == rows(filled)
    assert export_desk(elsewhere, tmp_path / "again.jsonl") == counts | {"audit_seal": 1}
    assert list(tmp_path.glob("*.new")) == []


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_work_goes_on_there(filled: Database, empty: Callable[[str], Database], engine: str, tmp_path: Path) -> None:
    audit.seal(filled, SYSTEM, "here")
    staff.add_agent(filled, SYSTEM, "Late", "late@desk.example", Role.AGENT)
    export_desk(filled, tmp_path / "desk.jsonl")
    elsewhere = empty(engine)
    import_desk(elsewhere, tmp_path / "desk.jsonl")
    assert (audit.verify(elsewhere).flaws, audit.verify(elsewhere).waiting) == (0, 0)
    staff.add_agent(elsewhere, SYSTEM, "New", "new@desk.example", Role.AGENT)
    assert audit.seal(elsewhere, SYSTEM, "there") == 1
    assert audit.verify(elsewhere).flaws == 0
    with elsewhere.read() as session:
        highest = session.scalar(select(func.max(Ticket.number)))
        following = (
            session.scalar(text("SELECT nextval('ticket_number')")) if elsewhere.is_shared else (highest or 0) + 1
        )
    assert following == (highest or 0) + 1


def broken(how: str, lines: list[bytes]) -> list[bytes]:
    row = json.loads(lines[2])
    row["row"]["surprise"] = 1
    ways: dict[str, list[bytes]] = {
        "torn": [*lines[:5], lines[5][:20]],
        "cut": lines[:-1],
        "altered": [lines[0], lines[2], lines[1], *lines[3:]],
        "bad": [*lines[:2], json.dumps(row).encode() + b"\n", *lines[3:]],
        "junk": [*lines[:2], b"{]\n", *lines[3:]],
        "newer": [lines[0].replace(b'"version":1', b'"version":2'), *lines[1:]],
        "schema": [lines[0].replace(b'"schema":"0', b'"schema":"9'), *lines[1:]],
        "foreign": [b"id;name\n", b"1;x\n"],
        "nothing": [],
    }
    return ways[how]


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("torn", "torn"),
        ("cut", "torn"),
        ("altered", "altered"),
        ("bad", "bad_line"),
        ("junk", "bad_line"),
        ("newer", "newer"),
        ("schema", "other_schema"),
        ("foreign", "not_ours"),
        ("nothing", "not_ours"),
    ],
)
def test_a_damaged_file_is_refused_and_nothing_written(
    filled: Database, empty: Callable[[str], Database], how: str, code: str, tmp_path: Path
) -> None:
    export_desk(filled, tmp_path / "desk.jsonl")
    lines = (tmp_path / "desk.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "desk.jsonl").write_bytes(b"".join(broken(how, lines)))
    elsewhere = empty("sqlite")
    with pytest.raises(KnownError, match=rf"transfer\.{code}"):
        import_desk(elsewhere, tmp_path / "desk.jsonl")
    assert not any(rows(elsewhere).values())


def test_a_compressed_file_that_ends_too_soon_is_refused(
    filled: Database, empty: Callable[[str], Database], tmp_path: Path
) -> None:
    export_desk(filled, tmp_path / "desk.jsonl.gz")
    whole = (tmp_path / "desk.jsonl.gz").read_bytes()
    assert gzip.decompress(whole)
    (tmp_path / "desk.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(KnownError, match=r"transfer\.torn"):
        import_desk(empty("sqlite"), tmp_path / "desk.jsonl.gz")


def test_a_database_with_anything_in_it_is_left_alone(filled: Database, tmp_path: Path) -> None:
    export_desk(filled, tmp_path / "desk.jsonl")
    before = rows(filled)
    with pytest.raises(KnownError, match=r"transfer\.not_empty"):
        import_desk(filled, tmp_path / "desk.jsonl")
    assert rows(filled) == before


def test_who_does_not_see_everything_exports_nothing(shared_desk: SharedDesk, tmp_path: Path) -> None:
    for who in ("ann", "tom"):
        with pytest.raises(KnownError, match=r"transfer\.owner_only"):
            export_desk(shared_desk.as_(who)[0], tmp_path / "desk.jsonl")
    assert list(tmp_path.glob("*.jsonl")) == []
