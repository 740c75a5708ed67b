"""Filing what another product exported, once however often it is brought, with the times it had there."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, select

from app.models.errors import KnownError, NotAllowed
from app.models.records.desk import Actor
from app.models.records.mail import MailKind
from app.models.records.people import IdentityKind
from app.models.rules.permissions import Action, may
from app.models.tables import Identity, Message, Participant, Person, Ticket
from app.services.database import Database, Work
from app.services.database.numbers import TicketNumbers
from app.services.database.upsert import insert_new
from app.services.importing.foreign import ForeignTicket, Read, Unread
from app.services.importing.mapping import Mapping, Meaning
from app.services.mail.writing import new_reply_token
from app.services.tickets.tagging import put_tags, tag_name

_SPACE = UUID("5f0c7a3e-3d0e-5b1c-9a52-0f1d5c6b7a10")
_AT_ONCE = 200


@dataclass(slots=True)
class Brought:
    """What was brought, or would be: how many `tickets` with how many `messages` are new, how many were here already;
    words of theirs that the mapping does not know, by group; rows that could not be read."""

    tickets: int = 0
    messages: int = 0
    here: int = 0
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)


def bring(database: Database, actor: Actor, source: str, read: Read, mapping: Mapping, *, dry: bool) -> Brought:
    """File all of it, two hundred tickets in one transaction; killed in between it goes on when it is run again.

    With `dry` nothing is written. `KnownError` `importing.unmapped` where a word of theirs is none of ours: an empty
    one in the mapping says that it is to be nobody and nothing. `NotAllowed` for who is no administrator.
    """
    if not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")
    meaning = Meaning.on(database, mapping)
    told = Brought(unmapped=meaning.unmapped(read), unread=read.unread)
    if told.unmapped and not dry:
        group, words = next(iter(told.unmapped.items()))
        raise KnownError(
            "importing.unmapped", group=group, word=next(iter(words)), count=sum(map(len, told.unmapped.values()))
        )
    for batch in _batches(read.tickets):
        ids = {_id(source, "ticket", each.key): each for each in batch}
        with database.read() as session:
            here = set(session.scalars(select(Ticket.id).where(Ticket.id.in_(list(ids)))))
        new = {each: ticket for each, ticket in ids.items() if each not in here}
        told.here += len(here)
        told.tickets += len(new)
        told.messages += sum(len(each.messages) for each in new.values())
        if new and not dry:
            with database.write(actor) as work:
                _file(work, source, new, meaning)
    return told


def _batches(tickets: Sequence[ForeignTicket]) -> Iterable[Sequence[ForeignTicket]]:
    return (tickets[start : start + _AT_ONCE] for start in range(0, len(tickets), _AT_ONCE))


def _file(work: Work, source: str, tickets: dict[UUID, ForeignTicket], meaning: Meaning) -> None:
    people = _people(work, source, tickets.values())
    numbers = TicketNumbers(work.session)
    for ticket_id, each in sorted(tickets.items(), key=lambda pair: (pair[1].opened_at, pair[1].key)):
        person = people.get(each.address.lower())
        _store(work, ticket_id, numbers.next(), each, meaning, person)
        messages = [_message(source, ticket_id, each, told, person) for told in each.messages]
        if messages:
            work.session.execute(insert(Message), messages)
        if each.address:
            insert_new(work.session, Participant, [{"ticket_id": ticket_id, "address": each.address.lower()}])
        put_tags(work.session, ticket_id, _tags(source, each))
        work.changed("ticket", ticket_id, ticket_id)
        work.audit("ticket.imported", ticket_id, ticket_id=ticket_id, after={"source": source, "number": each.number})


def _store(
    work: Work, ticket_id: UUID, number: int, told: ForeignTicket, meaning: Meaning, person: UUID | None
) -> None:
    status, (team_id, level) = meaning.status(told), meaning.team(told)
    closed = (told.closed_at or told.updated_at) if status.is_done else None
    assignee = meaning.agent(told)
    work.session.add(
        Ticket(
            id=ticket_id,
            number=number,
            subject=told.subject,
            status=status.value,
            priority=int(meaning.priority(told)),
            level=level,
            channel="import",
            reply_token=new_reply_token(),
            requester_id=person,
            team_id=team_id,
            assignee_id=assignee,
            owner_id=assignee,
            opened_at=told.opened_at,
            updated_at=told.updated_at,
            closed_at=closed,
        )
    )
    work.session.flush()


def _message(source: str, ticket_id: UUID, ticket: ForeignTicket, told: Any, person: UUID | None) -> dict[str, Any]:
    from_requester = bool(told.address) and told.address.lower() == ticket.address.lower()
    return {
        "id": _id(source, "message", told.key),
        "ticket_id": ticket_id,
        "kind": told.kind.value,
        "mail_kind": MailKind.MAIL.value,
        "at": told.at,
        "stored_at": told.at,
        "author": told.author,
        "author_address": told.address or None,
        "person_id": person if from_requester else None,
        "to": [],
        "cc": [],
        "reply_to": [],
        "subject": told.subject,
        "text": told.text.replace("\0", ""),
        "folded": "",
        "html": told.html.replace("\0", "") if told.html is not None else None,
        "reasons": [{"rule": "imported", "facts": {"source": source, "number": ticket.number}}],
    }


def _people(work: Work, source: str, tickets: Iterable[ForeignTicket]) -> dict[str, UUID]:
    """Who asked, by mail address; those who are known already are they."""
    named = {each.address.lower(): each.requester for each in tickets if each.address}
    query = select(Identity.value, Identity.person_id).where(
        Identity.kind == IdentityKind.MAIL.value, Identity.value.in_(list(named))
    )
    known = {each.value: each.person_id for each in work.session.execute(query)}
    new = {address: _id(source, "person", address) for address in named if address not in known}
    people = [{"id": new[each], "name": named[each] or each, "notes": "", "created_at": work.now} for each in new]
    insert_new(work.session, Person, people)
    mail = IdentityKind.MAIL.value
    rows = [{"id": _id(source, "mail", each), "person_id": new[each], "kind": mail, "value": each} for each in new]
    insert_new(work.session, Identity, rows)
    return known | new


def _tags(source: str, told: ForeignTicket) -> list[str]:
    """Their own, and one by which the ticket is found under its old number."""
    found = [f"{source}-{told.number}"[:60].lower()]
    for each in told.tags:
        try:
            found.append(tag_name(each))
        except KnownError:
            continue  # one without letters, or longer than ours can be
    return found


def _id(source: str, kind: str, key: str) -> UUID:
    return uuid5(_SPACE, f"{source}/{kind}/{key}")
