"""What is to become of a mail: loops, duplicates, threads and routing in their order. Pure: it stores nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from app.models.records.desk import Team
from app.models.records.intake import Correspondence, Decision, Match, Origin, Outcome, Seen
from app.models.records.mail import Mail, MailKind
from app.models.records.tickets import Reason
from app.models.rules.loops import own_mail, runaway
from app.models.rules.routing import RoutingRule, place
from app.models.rules.threading import find_thread
from app.models.rules.workflow import takes_replies


def decide(
    mail: Mail,
    seen: Seen,
    known: Correspondence,
    origin: Origin,
    rules: Sequence[RoutingRule],
    teams: Mapping[UUID, Team],
    now: datetime,
) -> Decision:
    """What becomes of `mail` at `now`, and every reason that led there."""
    if seen.duplicate:
        reason = Reason("same_mail", {"mail_id": seen.mail_id})
        return Decision(Outcome.DUPLICATE, (reason,), known.thread_of_mail(seen.mail_id))
    returned = own_mail(mail, origin)
    if returned is not None:
        return Decision(Outcome.IGNORED, (returned,))
    written_by = _written_by(mail)
    match = find_thread(mail, known)
    if match is not None:
        return _join(mail, match, written_by, origin, now)
    placement = place(mail, origin, rules, teams)
    if mail.kind is not MailKind.MAIL and not (_is_alarm(mail) and placement.by_rule):
        return Decision(Outcome.IGNORED, (*written_by, Reason("no_ticket_for_auto", {})))
    loop = runaway(seen)
    if loop is not None:
        return Decision(Outcome.QUARANTINED, (loop,))
    reasons = (*written_by, Reason("no_thread", {}), *placement.reasons)
    return Decision(Outcome.NEW, reasons, placement=placement)


def _join(mail: Mail, match: Match, written_by: tuple[Reason, ...], origin: Origin, now: datetime) -> Decision:
    reasons = (*written_by, match.reason)
    thread = match.thread
    if mail.kind is not MailKind.MAIL:
        return Decision(Outcome.NOTED, reasons, thread)
    if takes_replies(thread.status, thread.closed_at, now):
        if thread.status.is_done:
            reasons = (*reasons, Reason("reopened", {"number": str(thread.number)}))
        return Decision(Outcome.REPLY, reasons, thread)
    closed = thread.closed_at.date().isoformat() if thread.closed_at else ""
    late = Reason("closed_too_long", {"number": str(thread.number), "closed": closed})
    placement = place(mail, origin, (), {})
    return Decision(Outcome.NEW, (*reasons, late), thread, follow_up=True, placement=placement)


def _is_alarm(mail: Mail) -> bool:
    """A machine reports by itself, and answers nobody: monitoring, a nightly job (RFC 3834, 5). An administrator's
    routing rule may open a ticket for it; without one it is ignored like every other automatic mail."""
    generated = any(value.lower().startswith("auto-generated") for value in mail.headers.get("auto-submitted", ()))
    return mail.kind is MailKind.AUTO and generated and not mail.in_reply_to and not mail.references


def _written_by(mail: Mail) -> tuple[Reason, ...]:
    """That it is a machine's, where it is."""
    if mail.kind is MailKind.MAIL:
        return ()
    return (Reason(f"kind_{mail.kind.value}", {"because": mail.kind_reason}),)
