"""What time does by itself is seen once, whenever the sweep comes."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.models.errors import KnownError
from app.models.records.clocks import ClockKind
from app.models.records.tickets import Status
from app.models.tables import Audit, Ticket
from app.services.sla.sweeping import BROKEN, WARNED, Sweep
from app.services.tickets import editing
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk
from tests.services.sla.desk import ask, at, become, clock, reply

FIRST = ClockKind.FIRST_RESPONSE


def sweep(desk: MailDesk, holder: str = "desk-1") -> int:
    return Sweep(desk.database, SYSTEM, holder).run()


def told(desk: MailDesk) -> list[tuple[str, str]]:
    """What the audit says of clocks, and as of when."""
    with desk.database.read() as session:
        query = select(Audit).where(Audit.action.in_((WARNED, BROKEN))).order_by(Audit.sequence)
        return [(each.action, each.after["at"]) for each in session.scalars(query)]


def test_a_warning_and_a_breach_are_told_once_each_at_their_time(mail_desk: MailDesk) -> None:
    start = at(mail_desk, "2026-03-02T09:00:00")
    ask(mail_desk)
    assert sweep(mail_desk) == 0
    mail_desk.clock.forward(hours=6, minutes=1)
    assert (sweep(mail_desk), sweep(mail_desk)) == (1, 0)
    assert told(mail_desk) == [(WARNED, (start + timedelta(hours=6)).isoformat())]
    mail_desk.clock.forward(hours=2)
    assert (sweep(mail_desk), sweep(mail_desk)) == (1, 0)
    assert told(mail_desk)[1:] == [(BROKEN, (start + timedelta(hours=8)).isoformat())]


def test_a_sweep_that_slept_for_a_day_tells_of_both(mail_desk: MailDesk) -> None:
    start = at(mail_desk, "2026-03-02T09:00:00")
    ask(mail_desk)
    mail_desk.clock.forward(hours=30)
    sweep(mail_desk)
    assert [action for action, _ in told(mail_desk)] == [WARNED, BROKEN]
    assert clock(mail_desk, FIRST).broken_at == start + timedelta(hours=8)


def test_who_answered_too_late_is_told_of_though_nobody_swept_before(mail_desk: MailDesk) -> None:
    ask(mail_desk)
    mail_desk.clock.forward(hours=9)
    reply(mail_desk)
    mail_desk.clock.forward(hours=1)
    sweep(mail_desk)
    assert [action for action, _ in told(mail_desk)] == [WARNED, BROKEN]


def test_who_answered_between_warning_and_breach_is_warned_alone(mail_desk: MailDesk) -> None:
    ask(mail_desk)
    mail_desk.clock.forward(hours=7)
    reply(mail_desk)
    mail_desk.clock.forward(hours=9)
    sweep(mail_desk)
    assert [action for action, _ in told(mail_desk)] == [WARNED]


def test_who_answered_in_time_is_not_told_of(mail_desk: MailDesk) -> None:
    ask(mail_desk)
    mail_desk.clock.forward(hours=1)
    reply(mail_desk)
    mail_desk.clock.forward(hours=30)
    assert (sweep(mail_desk), told(mail_desk)) == (0, [])


def test_two_desks_do_not_sweep_at_once(mail_desk: MailDesk) -> None:
    ask(mail_desk)
    mail_desk.clock.forward(hours=30)
    assert (sweep(mail_desk, "desk-1"), sweep(mail_desk, "desk-2")) == (1, 0)


def test_a_ticket_that_was_put_off_goes_on_by_itself(mail_desk: MailDesk) -> None:
    start = at(mail_desk, "2026-03-02T09:00:00")
    ticket = ask(mail_desk)
    editing.schedule(mail_desk.database, SYSTEM, Stale(ticket), start + timedelta(days=2))
    assert mail_desk.ticket(1).row.due_at is None
    mail_desk.clock.forward(days=2)
    sweep(mail_desk)
    assert mail_desk.ticket(1).row.status is Status.OPEN
    assert mail_desk.ticket(1).row.due_at == start + timedelta(days=2, hours=8)


def test_nothing_is_put_off_into_the_past_or_for_ever(mail_desk: MailDesk) -> None:
    ticket = ask(mail_desk)
    with pytest.raises(KnownError, match=r"schedule\.past"):
        editing.schedule(mail_desk.database, SYSTEM, Stale(ticket), mail_desk.clock.now())
    with pytest.raises(KnownError, match=r"schedule\.no_time"):
        become(mail_desk, Status.SCHEDULED)


def test_tickets_from_before_there_were_clocks_get_theirs(mail_desk: MailDesk) -> None:
    asked = at(mail_desk, "2026-03-02T09:00:00")
    ticket = UUID(int=5)
    with mail_desk.database.write(SYSTEM) as work:
        work.session.add(
            Ticket(
                id=ticket, number=77, subject="Old", status="open", priority=3, level=1, channel="memory",
                reply_token="x", opened_at=asked, updated_at=asked, unanswered_since=asked,
            )
        )  # fmt: skip
    mail_desk.clock.forward(hours=1)
    assert (sweep(mail_desk), sweep(mail_desk)) == (1, 0)
    assert mail_desk.ticket(77).row.due_at == asked + timedelta(hours=8)
