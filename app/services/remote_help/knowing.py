"""What the desk knows of a ticket that a script can begin with: its requester's account and hosts first of all.

The desk keeps no list of who sits where. It learns: a host that a script ran on for this requester is likely theirs,
and so is an account that was typed for them; else the ticket itself may name a host.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.models.records.mail import MailKind
from app.models.records.people import IdentityKind
from app.models.records.runs import Outcome
from app.models.records.scripts import Known, Manifest
from app.models.records.tickets import MessageKind
from app.models.rules.script_values import is_host
from app.models.tables import (
    Application,
    Identity,
    Message,
    Person,
    RemoteConnection,
    Script,
    ScriptRun,
    ScriptRunTarget,
    Ticket,
)
from app.services.remote_help.allowing import covers

_RUNS, _HOSTS, _TEXT = 40, 6, 20_000
_WORD = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Facts:
    """`values` by what is known. `hosts` are likely ones, the likeliest first; `named` those that the ticket names."""

    values: Mapping[Known, str] = field(default_factory=dict)
    hosts: Sequence[str] = ()
    named: frozenset[str] = frozenset()


def facts_of(session: Session, ticket_id: UUID) -> Facts:
    """Of a ticket; nothing where it is gone."""
    ticket = session.get(Ticket, ticket_id)
    if ticket is None:
        return Facts()
    application = session.get(Application, ticket.application_id) if ticket.application_id is not None else None
    values = {Known.TICKET_NUMBER: str(ticket.number), Known.TICKET_SUBJECT: ticket.subject}
    values[Known.TICKET_APPLICATION] = application.name if application is not None else ""
    named = _named(session, ticket)
    used: list[str] = []
    if ticket.requester_id is not None:
        values |= _of_person(session, ticket.requester_id)
        used = _used(session, ticket.requester_id)
    hosts = list(dict.fromkeys([*(each for each in named if each in used), *used, *named]))[:_HOSTS]
    if hosts:
        values[Known.REQUESTER_HOST] = hosts[0]
    return Facts({known: value for known, value in values.items() if value}, hosts, frozenset(named))


def _of_person(session: Session, person_id: UUID) -> dict[Known, str]:
    person = session.get_one(Person, person_id)
    mails = select(Identity.value).where(Identity.person_id == person_id, Identity.kind == IdentityKind.MAIL.value)
    address = session.scalars(mails.order_by(Identity.value)).first() or ""
    account = _typed_before(session, person_id) or address.partition("@")[0]
    return {Known.REQUESTER_NAME: person.name, Known.REQUESTER_ADDRESS: address, Known.REQUESTER_ACCOUNT: account}


def _typed_before(session: Session, person_id: UUID) -> str:
    """The account that a script was last run with for them."""
    query = (
        select(ScriptRun.parameters, Script.manifest)
        .join(Script, Script.id == ScriptRun.script_id)
        .join(Ticket, Ticket.id == ScriptRun.ticket_id)
        .where(Ticket.requester_id == person_id, _worked())
    )
    for parameters, told in session.execute(query.order_by(ScriptRun.at.desc()).limit(_RUNS)):
        for each in Manifest.model_validate(told).parameters:
            if each.known is Known.REQUESTER_ACCOUNT and parameters.get(each.name):
                return str(parameters[each.name])
    return ""


def _used(session: Session, person_id: UUID) -> list[str]:
    """Hosts that scripts ran on for them, the newest first."""
    query = (
        select(ScriptRunTarget.target, Script.manifest)
        .join(ScriptRun, ScriptRun.id == ScriptRunTarget.run_id)
        .join(Script, Script.id == ScriptRun.script_id)
        .join(Ticket, Ticket.id == ScriptRun.ticket_id)
        .where(Ticket.requester_id == person_id, ScriptRunTarget.outcome == Outcome.SUCCEEDED.value)
        .order_by(ScriptRun.at.desc())
        .limit(_RUNS)
    )
    theirs = Known.REQUESTER_HOST.value
    return list(dict.fromkeys(host for host, told in session.execute(query) if told.get("target_from") == theirs))


def _named(session: Session, ticket: Ticket) -> list[str]:
    """Words of the ticket that are hosts some connection may reach: nothing else is worth proposing."""
    patterns = {each for targets in session.scalars(select(RemoteConnection.targets)) for each in targets}
    query = select(Message.text).where(
        Message.ticket_id == ticket.id,
        Message.kind.in_((MessageKind.MAIL_IN.value, MessageKind.CALL.value)),
        Message.mail_kind == MailKind.MAIL.value,
    )
    text = "\n".join([ticket.subject, *session.scalars(query.order_by(Message.stored_at))])[:_TEXT]
    words = dict.fromkeys(each.casefold() for each in _WORD.findall(text))
    return [each for each in words if is_host(each) and any(covers(pattern, each) for pattern in patterns - {"*"})]


def _worked() -> ColumnElement[bool]:
    return (
        select(ScriptRunTarget.id)
        .where(ScriptRunTarget.run_id == ScriptRun.id, ScriptRunTarget.outcome == Outcome.SUCCEEDED.value)
        .exists()
    )
