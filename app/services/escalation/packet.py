"""The packet of a handoff, filled in as far as the ticket tells: what is left is a minute's work."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.errors import KnownError
from app.models.records.handoffs import Packet
from app.models.records.mail import MailKind
from app.models.records.tickets import MessageKind, Priority
from app.models.tables import Application, Call, Handoff, Message, Organisation, Person, ScriptRunTarget, Ticket
from app.services.database import Database
from app.services.escalation.steps import RAISED, STANDS
from app.services.escalation.telling import packet_of
from app.services.wording import tr

_FIRST, _LINE, _LINES, _ALL = 1_200, 200, 12, 3_500
"""Letters of what happened, letters of a line of what was tried, how many of these, and letters of all of them."""

_TRIED = (MessageKind.NOTE.value, MessageKind.MAIL_OUT.value, MessageKind.CALL.value, MessageKind.VENDOR.value)


def prefill(database: Database, ticket_id: UUID) -> Packet:
    """From the conversation, the calls, the notes and the packet before. `KnownError` `ticket.gone`.

    Quoted text and signatures are left out.
    """
    with database.read() as session:
        ticket = session.get(Ticket, ticket_id)
        if ticket is None:
            raise KnownError("ticket.gone")
        return prefilled(session, ticket)


def prefilled(session: Session, ticket: Ticket) -> Packet:
    """As `prefill`, within a look at the database."""
    query = select(Message).where(Message.ticket_id == ticket.id).order_by(Message.stored_at, Message.id)
    messages = session.scalars(query).all()
    before = select(Handoff).where(Handoff.ticket_id == ticket.id, Handoff.note.not_in((STANDS, RAISED)))
    last = session.scalars(before.order_by(Handoff.ordinal.desc()).limit(1)).first()
    known = packet_of(last) if last is not None else Packet()
    since = [each for each in messages if last is None or each.stored_at > last.at]
    return Packet(
        known.happening or _happening(ticket, messages),
        _with_more(known.tried, _tried(session, since)),
        known.hypothesis,
        _customer(session, ticket, messages),
        known.verify_first or _runbook(session, ticket),
    )


def _happening(ticket: Ticket, messages: Sequence[Message]) -> str:
    """What the customer wrote or said first, and last where that is something else."""
    theirs = [each for each in messages if each.kind in (MessageKind.MAIL_IN.value, MessageKind.CALL.value)]
    said = [_short(each.text, _FIRST) for each in (theirs[:1] + theirs[1:][-1:])]
    return "\n\n".join([ticket.subject, *(each for each in said if each)]).strip()


def _tried(session: Session, messages: Iterable[Message]) -> str:
    """Our own entries and the vendor's, each in a line, with what a call or a script came to."""
    by_hand = [each for each in messages if each.kind in _TRIED and each.mail_kind == MailKind.MAIL.value]
    ours = [each for each in by_hand if each.text.strip()]
    calls = select(Call.message_id, Call.outcome).where(Call.message_id.in_([each.id for each in ours]))
    outcomes = {each.message_id: tr(f"call_outcome.{each.outcome}") for each in session.execute(calls)}
    ran = _ran(session, ours)
    lines = []
    for each in ours[-_LINES:]:
        if each.id in ran:
            lines.append(f"- {each.author}: {_short(f'{_first_line(each.text)}: {ran[each.id]}', _LINE)}")
            continue
        result = f" ({outcomes[each.id]})" if each.id in outcomes else ""
        lines.append(f"- {each.author}: {_short(' '.join(each.text.split()), _LINE)}{result}")
    return "\n".join(lines)


def _ran(session: Session, ours: Sequence[Message]) -> dict[UUID, str]:
    """What scripts came to on each target, by the note that tells of them: before what they said, which may be long."""
    query = select(ScriptRunTarget.message_id, ScriptRunTarget.target, ScriptRunTarget.outcome)
    there = query.where(ScriptRunTarget.message_id.in_([each.id for each in ours])).order_by(ScriptRunTarget.target)
    found: dict[UUID, list[str]] = {}
    for message_id, target, outcome in session.execute(there):
        assert message_id is not None
        found.setdefault(message_id, []).append(f"{target} {tr(f'run_outcome.{outcome}')}")
    return {message_id: ", ".join(told) for message_id, told in found.items()}


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def _with_more(tried: str, since: str) -> str:
    """What was tried before the last handoff, as it was written then, and since; of very much the end."""
    told = "\n".join(filter(None, (tried.strip(), since)))
    return told if len(told) <= _ALL else f"…{told[1 - _ALL :]}"


def _customer(session: Session, ticket: Ticket, messages: Iterable[Message]) -> str:
    person = session.get(Person, ticket.requester_id) if ticket.requester_id is not None else None
    organisation = (
        session.get(Organisation, person.organisation_id) if person is not None and person.organisation_id else None
    )
    lines = [", ".join(filter(None, (person.name if person else "", organisation.name if organisation else "")))]
    wrote = sum(1 for each in messages if each.kind == MessageKind.MAIL_IN.value)
    lines.append(tr("packet.context", priority=Priority(ticket.priority).name, mails=wrote))
    if person is not None and person.notes.strip():
        lines.append(_short(person.notes, _LINE))
    return "\n".join(each for each in lines if each)


def _runbook(session: Session, ticket: Ticket) -> str:
    application = session.get(Application, ticket.application_id) if ticket.application_id is not None else None
    if application is None or not application.runbook:
        return ""
    return tr("packet.runbook", link=application.runbook)


def _short(text: str, most: int) -> str:
    told = text.strip()
    return told if len(told) <= most else told[: most - 1].rstrip() + "…"
