"""A month of tickets, and every clock derived once more from the log.

`FIRSTLINE_MONTH_TICKETS` says how many; 10,000 take about a quarter of an hour.
"""

import os
import random
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.identifiers import new_id
from app.models.records.calendars import Calendar
from app.models.records.clocks import ClockKind, ClockState, ClockView, Target
from app.models.records.mail import Address
from app.models.records.tickets import Answer, Priority, Status
from app.models.rules.opening_hours import read_day
from app.models.rules.targets import REPLY_WITHIN
from app.models.tables import Audit, Message, Ticket
from app.services.database import Database
from app.services.sla import arranging, telling
from app.services.sla.sweeping import Sweep
from app.services.tickets import answering, editing
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml
from tests.simulation.log import Derived, Happened, Hours, derive

TICKETS = int(os.environ.get("FIRSTLINE_MONTH_TICKETS", "150"))
START = datetime(2026, 3, 9, tzinfo=UTC)  # the clocks of Berlin go forward on the 29th
MONTH = timedelta(days=30)
CLOSED = frozenset({date(2026, 3, 19), date(2026, 4, 3)})
OFFICE = Hours("Europe/Berlin", ((time(9), time(12)), (time(13), time(17, 30))), CLOSED)
RESOLUTION = {
    Priority.P1: timedelta(hours=4),
    Priority.P2: timedelta(hours=9),
    Priority.P3: timedelta(hours=30),
    Priority.P4: timedelta(hours=60),
}
pytestmark = pytest.mark.timeout(120 + TICKETS)
DEEDS = ("answer", "answer_and_wait", "ask", "open", "vendor", "customer", "solved", "priority", "assign", "free")


def test_every_clock_is_as_the_log_says(mail_desk: MailDesk) -> None:
    count = TICKETS if not mail_desk.database.is_shared else max(TICKETS // 10, 1)
    seed = int(os.environ.get("FIRSTLINE_MONTH_SEED", "1"))
    _arrange(mail_desk)
    _play(mail_desk, random.Random(seed), count)
    mail_desk.clock.at = START + MONTH + timedelta(days=20)
    _sweep(mail_desk)
    compared = _compare(mail_desk.database, mail_desk.clock.now())
    assert compared >= 2 * count


def _arrange(desk: MailDesk) -> None:
    desk.clock.at = START
    day = read_day("09:00-12:00, 13:00-17:30")
    week = (day, day, day, day, day, (), ())
    special = dict.fromkeys(CLOSED, ())
    calendar = Calendar(new_id(), "Office", "Europe/Berlin", week, special=special)
    arranging.save_calendar(desk.database, SYSTEM, calendar)
    wanted = [
        Target(new_id(), ClockKind.RESOLUTION, each, within, calendar_id=calendar.id)
        for each, within in RESOLUTION.items()
    ]
    arranging.replace_targets(desk.database, SYSTEM, wanted)


def _play(desk: MailDesk, chance: random.Random, count: int) -> None:
    """Everything in the order of its time, with a sweep every simulated six hours."""
    deeds = [(START + timedelta(hours=6 * each), -1, "sweep") for each in range(int(MONTH / timedelta(hours=6)))]
    for number in range(1, count + 1):
        at = START + MONTH * chance.random() * 0.8
        deeds.append((at, number, "opens"))
        for _ in range(chance.randint(1, 8)):
            at += timedelta(seconds=chance.expovariate(1 / (14 * 3600)) + 1)
            deeds.append((at, number, chance.choice(DEEDS)))
    tickets: dict[int, UUID] = {}
    for at, number, deed in sorted(deeds):
        desk.clock.at = at
        if deed == "sweep":
            _sweep(desk)
        elif deed == "opens":
            desk.receive(eml(f"Case {number}", mail_id=f"{number}@acme.example"))
            with desk.database.read() as session:
                query = select(Message.ticket_id).where(Message.mail_id == f"{number}@acme.example")
                tickets[number] = session.scalars(query).one()
        else:
            _do(desk, tickets[number], number, deed, chance)


def _do(desk: MailDesk, ticket_id: UUID, number: int, deed: str, chance: random.Random) -> None:
    database, seen = desk.database, Stale(ticket_id)
    to_status = {
        "open": Status.OPEN,
        "vendor": Status.WAITING_VENDOR,
        "customer": Status.WAITING_CUSTOMER,
        "solved": Status.SOLVED,
    }
    if deed in ("answer", "answer_and_wait"):
        then = Status.WAITING_CUSTOMER if deed == "answer_and_wait" else Status.OPEN
        written = Answer((Address("anna@acme.example"),), (), f"Re: Case {number}", "Try again.", then_status=then)
        answering.answer(database, SYSTEM, ticket_id, written)
    elif deed == "ask":
        mail_id = f"{number}-{desk.clock.now().timestamp()}@acme.example"
        desk.receive(eml(f"Re: Case {number}", mail_id=mail_id, answers=f"{number}@acme.example"))
    elif deed == "priority":
        editing.set_priority(database, SYSTEM, seen, chance.choice(list(Priority)))
    elif deed in ("assign", "free"):
        editing.assign(database, SYSTEM, seen, desk.agent.id if deed == "assign" else None)
    else:
        editing.set_status(database, SYSTEM, seen, to_status[deed])


def _sweep(desk: MailDesk) -> None:
    Sweep(desk.database, SYSTEM, "desk-1").run()


def _compare(database: Database, now: datetime) -> int:
    """Each stored clock beside the derived one; how many there were."""
    with database.read() as session:
        tickets = session.scalars(select(Ticket)).all()
        logs = {each.id: _log(session, each.id, each.opened_at) for each in tickets}
    compared = 0
    for ticket in tickets:
        derived = derive(logs[ticket.id], ticket.opened_at, resolution=True)
        derived.sort(key=lambda each: (each.started_at, each.kind))
        theirs = sorted(telling.clocks(database, ticket.id), key=lambda each: (each.started_at, each.kind))
        assert [(each.kind, each.started_at) for each in theirs] == [(each.kind, each.started_at) for each in derived]
        for clock, again in zip(theirs, derived, strict=True):
            _same(clock, again, Priority(ticket.priority), now)
        compared += len(derived)
    return compared


def _same(clock: ClockView, again: Derived, priority: Priority, now: datetime) -> None:
    whole = clock.kind is ClockKind.RESOLUTION
    hours = OFFICE if whole else Hours()
    target = clock.target
    if clock.stopped_at is None:
        assert target == (RESOLUTION if whole else REPLY_WITHIN)[priority]
    assert clock.stopped_at == again.stopped_at
    assert clock.spent == again.spent(now, hours)
    until = again.stopped_at or now
    for share, told in ((0.75, clock.warned_at), (1.0, clock.broken_at)):
        at = again.used_up(target * share, hours)
        assert told == (at if at is not None and at <= until else None), (clock.kind, share)
    if clock.stopped_at is None and clock.state is ClockState.RUNNING:
        assert clock.due_at == again.used_up(target, hours)


def _log(session: Session, ticket_id: UUID, opened: datetime) -> list[Happened]:
    messages = select(Message.stored_at).where(Message.ticket_id == ticket_id, Message.kind == "mail_in")
    found = [Happened(each, "asked") for each in session.scalars(messages) if each > opened]
    for entry in session.scalars(select(Audit).where(Audit.ticket_id == ticket_id).order_by(Audit.sequence)):
        if entry.action == "ticket.answered":
            found.append(Happened(entry.at, "answered"))
        if entry.action == "ticket.changed":
            found += [Happened(entry.at, name, entry.after[name]) for name in ("status",) if name in entry.after]
    return sorted(found, key=lambda each: each.at)
