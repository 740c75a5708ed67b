"""What the tests of clocks arrange."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.models.identifiers import new_id
from app.models.records.calendars import Calendar, Day
from app.models.records.clocks import ClockKind, ClockView, Target
from app.models.records.mail import Address
from app.models.records.tickets import Answer, Priority, Status
from app.models.rules.opening_hours import read_day
from app.services.sla import arranging, telling
from app.services.tickets import answering, editing
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml

OFFICE = "09:00-12:00, 13:00-17:00"


def calendar(
    zone: str = "Europe/Berlin",
    hours: str = OFFICE,
    days: str = "mon tue wed thu fri",
    special: Mapping[date, Day] | None = None,
    country: str = "",
) -> Calendar:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    week = tuple(read_day(hours) if each in days.split() else () for each in names)
    return Calendar(new_id(), f"Office {zone}", zone, week, country, special=special or {})  # type: ignore[arg-type]


def arrange(desk: MailDesk, shown: Calendar) -> Calendar:
    return arranging.save_calendar(desk.database, SYSTEM, shown)


def promise(
    desk: MailDesk, hours: float, kind: ClockKind, by: Calendar | None = None, only: Priority | None = None
) -> None:
    """The same for all priorities, or for one."""
    wanted = [
        Target(new_id(), kind, each, timedelta(hours=hours), calendar_id=by.id if by else None)
        for each in ([only] if only else Priority)
    ]
    arranging.replace_targets(desk.database, SYSTEM, wanted)


def ask(desk: MailDesk, mail: str = "a@acme.example", answers: str | None = None) -> UUID:
    subject = "VPN is slow" if answers is None else "Re: VPN is slow"
    desk.receive(eml(subject, mail_id=mail, answers=answers) if answers else eml(mail_id=mail))
    return desk.ticket(1).row.id


def reply(desk: MailDesk, then: Status | None = None) -> None:
    written = Answer((Address("anna@acme.example"),), (), "Re: VPN is slow", "Try again.", then_status=then)
    answering.answer(desk.database, desk.agent, desk.ticket(1).row.id, written)


def become(desk: MailDesk, status: Status) -> None:
    editing.set_status(desk.database, SYSTEM, Stale(desk.ticket(1).row.id), status)


def clocks(desk: MailDesk, kind: ClockKind) -> list[ClockView]:
    found = telling.clocks(desk.database, desk.ticket(1).row.id)
    return [each for each in found if each.kind is kind]


def clock(desk: MailDesk, kind: ClockKind) -> ClockView:
    [found] = clocks(desk, kind)
    return found


def at(desk: MailDesk, when: str) -> datetime:
    """Move the desk's clock to a UTC time, and say it."""
    desk.clock.at = datetime.fromisoformat(when + "+00:00")
    return desk.clock.at


def edited(shown: Calendar, hours: str) -> Calendar:
    week = tuple(read_day(hours) if each else () for each in shown.week)
    return replace(shown, week=week)  # type: ignore[arg-type]
