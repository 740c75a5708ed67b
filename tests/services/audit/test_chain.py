"""Whoever alters, removes or slips in an entry of the audit is told on."""

import json
from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from app.models.errors import NotAllowed
from app.models.records.audit import Finding, Flaw
from app.models.rules.audit_chain import FIRST, digest, seal_hash
from app.services import audit
from app.services.audit import sealing
from app.services.database import Database, leases
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk


def write(database: Database, count: int, action: str = "thing.done") -> None:
    for number in range(count):
        with database.write(SYSTEM) as work:
            work.audit(
                action, None, before={"was": "a", "at": 1.0}, after={"is": "ü", "number": number, "list": [None]}
            )


def run(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.fixture
def sealed(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Nine entries under three seals, and two more that wait."""
    monkeypatch.setattr(sealing, "SEALED_AT_ONCE", 4)
    write(database, 9)
    assert audit.seal(database, SYSTEM, "here") == 9
    write(database, 2)
    return database


def test_a_chain_that_nobody_touched_verifies(sealed: Database) -> None:
    told = audit.verify(sealed)
    assert (told.seals, told.sealed, told.waiting, told.flaws) == (3, 9, 2, 0)
    assert audit.verify(sealed, told.newest).flaws == 0
    assert audit.seal(sealed, SYSTEM, "elsewhere") == 2
    assert audit.verify(sealed, told.newest).flaws == 0


def test_an_empty_chain_verifies(database: Database) -> None:
    assert audit.seal(database, SYSTEM, "here") == 0
    assert (audit.verify(database).newest, audit.verify(database).flaws) == (FIRST, 0)


_INSERT = (
    "INSERT INTO audit (sequence, id, at, actor, desk, action, before, after, digest) {}"
    "SELECT 0, '00000000-0000-7000-8000-000000000001', at, actor, desk, action, before, after, digest FROM audit "
    "WHERE sequence = 1"
)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE audit SET after = '{}' WHERE sequence = 2", Finding(Flaw.ALTERED, 2)),
        ("UPDATE audit SET actor = 'Eve' WHERE sequence = 6", Finding(Flaw.ALTERED, 6)),
        ("UPDATE audit SET action = 'x' WHERE sequence = 11", Finding(Flaw.ALTERED, 11)),
        ("DELETE FROM audit WHERE sequence = 3", Finding(Flaw.REMOVED, 3)),
        ("DELETE FROM audit_seal WHERE number = 2", Finding(Flaw.SEAL, 3)),
        ("UPDATE audit_seal SET previous = 'x' WHERE number = 2", Finding(Flaw.SEAL, 2)),
        ("UPDATE audit SET digest = 'x' WHERE sequence = 4", Finding(Flaw.SEAL, 1)),
        ("UPDATE audit_seal SET entries = '[1, 2]' WHERE number = 1", Finding(Flaw.SEAL, 1)),
    ],
)
def test_tampering_shows(sealed: Database, statement: str, finding: Finding) -> None:
    run(sealed, statement)
    assert finding in audit.verify(sealed).findings


def test_an_entry_that_is_slipped_in_shows(sealed: Database) -> None:
    overriding = "OVERRIDING SYSTEM VALUE " if sealed.is_shared else ""
    run(sealed, _INSERT.format(overriding))
    assert audit.verify(sealed).findings == [Finding(Flaw.INSERTED, 0)]


def test_an_altered_entry_with_a_digest_made_anew_shows_at_its_seal(sealed: Database) -> None:
    entry = next(each for each in audit.entries(sealed) if each.sequence == 5)
    said = {
        name: getattr(entry, name) for name in ("id", "at", "actor_id", "desk", "action", "subject_id", "ticket_id")
    }
    forged = digest({**said, "actor": "Eve", "before": entry.before, "after": entry.after})
    run(sealed, f"UPDATE audit SET actor = 'Eve', digest = '{forged}' WHERE sequence = 5")
    assert audit.verify(sealed).findings == [Finding(Flaw.SEAL, 2)]


def test_a_chain_cut_off_and_made_anew_is_told_by_the_hash_noted_elsewhere(sealed: Database) -> None:
    noted = audit.verify(sealed).newest
    run(sealed, "DELETE FROM audit WHERE sequence > 4")
    run(sealed, "DELETE FROM audit_seal WHERE number > 1")
    assert audit.verify(sealed).flaws == 0
    assert audit.verify(sealed, noted).findings == [Finding(Flaw.CUT, noted)]


def test_only_one_desk_seals_at_a_time(database: Database) -> None:
    write(database, 3)
    assert leases.take(database, SYSTEM, sealing.LEASE, "there", sealing._LASTING) is not None
    assert audit.seal(database, SYSTEM, "here") == 0


def test_desks_that_write_while_others_seal_lose_no_entry(database: Database) -> None:
    writers = [Thread(target=write, args=(database, 20)) for _ in range(3)]
    for each in writers:
        each.start()
    while any(each.is_alive() for each in writers):
        audit.seal(database, SYSTEM, "here")
    audit.seal(database, SYSTEM, "here")
    told = audit.verify(database)
    assert (told.sealed, told.waiting, told.flaws) == (60, 0, 0)


def test_an_entry_whose_transaction_commits_late_is_sealed_in_its_place(shared_desk: SharedDesk) -> None:
    database = shared_desk.owner
    audit.seal(database, SYSTEM, "here")
    before = audit.verify(database).sealed
    with database.write(SYSTEM) as late:
        late.audit("late.done", None)
        late.flush_log()
        late._audit.clear()
        write(database, 2)
        assert audit.seal(database, SYSTEM, "here") == 0
    assert audit.seal(database, SYSTEM, "here") == 3
    told = audit.verify(database)
    assert (told.sealed, told.flaws) == (before + 3, 0)


def test_who_does_not_see_all_of_it_can_neither_verify_nor_export(shared_desk: SharedDesk, tmp_path: Path) -> None:
    database, _ = shared_desk.as_("sue")
    with pytest.raises(NotAllowed):
        audit.verify(database)
    with pytest.raises(NotAllowed):
        audit.export(database, tmp_path / "audit.jsonl")
    assert list(tmp_path.iterdir()) == []
    assert audit.verify(shared_desk.as_("tom")[0]).flaws == 0


def test_what_is_exported_can_be_verified_by_others(sealed: Database, tmp_path: Path) -> None:
    target = tmp_path / "audit.jsonl"
    assert audit.export(sealed, target) == 11
    lines = [json.loads(each) for each in target.read_text(encoding="utf-8").splitlines()]
    digests = {each["entry"]["sequence"]: each["entry"]["digest"] for each in lines if "entry" in each}
    for one in (each["seal"] for each in lines if "seal" in each):
        covered = ((each, digests[each]) for each in one["entries"])

        at = datetime.fromisoformat(one["at"])
        assert seal_hash(one["number"], at, one["previous"], covered) == one["hash"]


def test_entries_are_found_by_ticket_person_and_time(shared_desk: SharedDesk) -> None:
    database = shared_desk.owner
    assert [each.action for each in audit.entries(database, ticket=1)] == ["ticket.opened"]
    assert audit.entries(database, actor="Nobody") == []
    assert audit.entries(database, since=database.clock.now()) != []
