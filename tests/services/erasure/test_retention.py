"""What was closed long ago loses its words, and is counted as before."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from app.models.errors import NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor, ActorKind, Role
from app.models.tables import Blob, Message, Outbox, Ticket
from app.services import audit, erasure
from app.services.database import Database
from app.services.database.unit_of_work import Work
from app.services.erasure import retention, traces
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.people import SharedDesk, any_desk

__all__ = ["any_desk"]
YEAR = timedelta(days=365)
WORD = "[erased]"


@pytest.fixture
def desk(any_desk: SharedDesk, clock: SettableClock) -> SharedDesk:
    """Closed two years ago: `mine` and `team`; today: `other`. Open: `free` and `hidden`."""
    with any_desk.owner.write(SYSTEM) as work:
        for name in ("mine", "team"):
            _close(work, any_desk.tickets[name])
    clock.forward(days=730)
    with any_desk.owner.write(SYSTEM) as work:
        _close(work, any_desk.tickets["other"])
        work.audit(
            "ticket.changed", None, ticket_id=any_desk.tickets["mine"], after={"subject": "Wages", "status": "x"}
        )
    return any_desk


def _close(work: Work, ticket: UUID) -> None:
    work.session.execute(update(Ticket).where(Ticket.id == ticket).values(status="closed", closed_at=work.now))


def texts(database: Database, tickets: Mapping[str, UUID]) -> dict[str, set[str]]:
    with database.read() as session:
        return {
            name: set(session.scalars(select(Message.text).where(Message.ticket_id == ticket)))
            for name, ticket in tickets.items()
        }


def test_only_what_was_closed_long_ago_loses_its_words(desk: SharedDesk) -> None:
    told = erasure.retire(desk.owner, SYSTEM, YEAR, WORD)
    assert (told.tickets, told.messages, told.entries) == (2, 4, 1)
    found = texts(desk.owner, desk.tickets)
    assert (found["mine"], found["team"]) == ({WORD}, {WORD})
    assert {"free zebra", "It is done."} == found["free"]
    assert "other zebra" in found["other"]


def test_counts_and_colleagues_stay_and_others_do_not(desk: SharedDesk) -> None:
    counts = select(func.count()).select_from(Message), select(func.count()).select_from(Ticket)
    with desk.owner.read() as session:
        before = [session.scalar(each) for each in counts]
    erasure.retire(desk.owner, SYSTEM, YEAR, WORD)
    with desk.owner.read() as session:
        assert [session.scalar(each) for each in counts] == before
        query = select(Message.author, Message.author_address).where(Message.ticket_id == desk.tickets["mine"])
        assert set(map(tuple, session.execute(query))) == {("Bob", None), (WORD, None)}
        ticket = session.get_one(Ticket, desk.tickets["mine"])
        assert (ticket.subject, ticket.status, ticket.assignee_id) == (WORD, "closed", desk.agent("ann").id)
        assert ticket.erased_at == desk.clock.now()


def test_the_audit_still_verifies(desk: SharedDesk) -> None:
    audit.seal(desk.owner, SYSTEM, "here")
    newest = audit.verify(desk.owner).newest
    erasure.retire(desk.owner, SYSTEM, YEAR, WORD)
    told = audit.verify(desk.owner, newest)
    assert (told.flaws, told.erased) == (0, 1)
    entry = audit.entries(desk.owner, ticket=_number(desk, "mine"))[0]
    assert entry.after == {"subject": WORD, "status": "x"}


def _number(desk: SharedDesk, name: str) -> int:
    with desk.owner.read() as session:
        return session.get_one(Ticket, desk.tickets[name]).number


def test_a_second_time_there_is_nothing_to_do(desk: SharedDesk) -> None:
    erasure.retire(desk.owner, SYSTEM, YEAR, WORD)
    entries = len(audit.entries(desk.owner))
    assert erasure.retire(desk.owner, SYSTEM, YEAR, WORD).tickets == 0
    assert len(audit.entries(desk.owner)) == entries


def test_only_looking_changes_nothing(desk: SharedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "TICKETS_AT_ONCE", 1)
    before = texts(desk.owner, desk.tickets)
    told = erasure.retire(desk.owner, SYSTEM, YEAR, WORD, dry_run=True)
    assert texts(desk.owner, desk.tickets) == before
    assert told == erasure.retire(desk.owner, SYSTEM, YEAR, WORD)


def test_what_is_killed_between_two_batches_is_gone_on_with(desk: SharedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "TICKETS_AT_ONCE", 1)
    calls: list[int] = []
    raw_of = traces.raw_of

    def killed(*told: object) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return raw_of(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(traces, "raw_of", killed)
    with pytest.raises(KeyboardInterrupt):
        erasure.retire(desk.owner, SYSTEM, YEAR, WORD)
    assert sorted(each == {WORD} for each in texts(desk.owner, desk.tickets).values()) == [False] * 4 + [True]
    assert erasure.retire(desk.owner, SYSTEM, YEAR, WORD).tickets == 1
    assert audit.verify(desk.owner).flaws == 0


def test_a_ticket_with_a_mail_to_be_sent_waits(desk: SharedDesk) -> None:
    with desk.owner.write(SYSTEM) as work:
        work.session.execute(update(Outbox).where(Outbox.ticket_id == desk.tickets["mine"]).values(state="queued"))
    assert erasure.retire(desk.owner, SYSTEM, YEAR, WORD).tickets == 1
    assert WORD not in texts(desk.owner, desk.tickets)["mine"]


def test_an_agent_may_not(desk: SharedDesk) -> None:
    agent = Actor(ActorKind.AGENT, "Ann", id=new_id(), role=Role.AGENT, desk="d")
    with pytest.raises(NotAllowed):
        erasure.retire(desk.owner, agent, YEAR, WORD)
    with desk.owner.read() as session:
        assert session.scalar(select(func.count()).select_from(Blob)) == 0
