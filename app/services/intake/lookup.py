"""Reading what is known of a batch of mails: a handful of queries for all of them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.records.desk import Level
from app.models.records.intake import Thread
from app.models.records.mail import Mail
from app.models.records.people import IdentityKind
from app.models.records.tickets import Status
from app.models.rules.threading.reply_token import named_numbers
from app.models.rules.threading.returned_mail import returned_ids
from app.models.rules.threading.subject_tag import tagged_numbers
from app.models.tables import Handoff, Identity, Message, Organisation, Outbox, Participant, Person, Ticket, Vendor
from app.services.intake.known import Known, Recent, Requester, identity
from app.services.outbox.storing import ACKNOWLEDGEMENT

Item = TypeVar("Item")

_LOOK_BACK = timedelta(hours=1)
_REFERENCES = 200
_AT_ONCE = 5_000


def load(session: Session, mails: Sequence[Mail], now: datetime) -> Known:
    """Everything that the rules may ask about `mails`. In a write, the tickets found are locked until its end."""
    known = Known()
    mail_ids = {identity(mail) for mail in mails}
    mail_ids |= {each for mail in mails for each in (*mail.in_reply_to, *mail.references[-_REFERENCES:])}
    mail_ids |= {each for mail in mails for each in returned_ids(mail)}
    numbers = {each for mail in mails for each in (*tagged_numbers(mail.subject), *named_numbers(mail))}
    senders = {mail.sender.address.lower() for mail in mails if mail.sender and mail.sender.address}
    _load_mails(session, known, mail_ids)
    _load_numbers(session, known, numbers)
    _load_threads(session, known)
    _load_people(session, known, senders)
    _load_recent(session, known, now - _LOOK_BACK)
    return known


def _load_mails(session: Session, known: Known, mail_ids: Collection[str]) -> None:
    query = select(Message.mail_id, Message.ticket_id, Message.fingerprint).order_by(Message.stored_at)
    for part in _parts(mail_ids):
        for mail_id, ticket_id, mark in session.execute(query.where(Message.mail_id.in_(part))):
            assert mail_id is not None
            known.tickets_by_mail[mail_id] = ticket_id
            known.fingerprints[mail_id].add(mark)


def _load_numbers(session: Session, known: Known, numbers: Collection[int]) -> None:
    query = select(Ticket.number, func.coalesce(Ticket.merged_into_id, Ticket.id), Ticket.reply_token)
    for part in _parts(numbers):
        for number, ticket_id, token in session.execute(query.where(Ticket.number.in_(part))):
            known.tickets_by_number[number] = ticket_id
            known.reply_tokens[number] = token


def _load_threads(session: Session, known: Known) -> None:
    wanted = {*known.tickets_by_mail.values(), *known.tickets_by_number.values()}
    query = select(
        Ticket.id,
        Ticket.number,
        Ticket.status,
        Ticket.closed_at,
        Ticket.requester_id,
        Ticket.application_id,
        Ticket.team_id,
        Ticket.level,
    )
    for part in _parts(wanted):
        participants: dict[UUID, set[str]] = defaultdict(set)
        taking_part = select(Participant.ticket_id, Participant.address).where(Participant.ticket_id.in_(part))
        for ticket_id, address in session.execute(taking_part):
            participants[ticket_id].add(address)
        vendors: dict[UUID, set[str]] = defaultdict(set)
        handed = select(Handoff.ticket_id, func.lower(Vendor.mail)).join(Vendor, Vendor.id == Handoff.vendor_id)
        for ticket_id, address in session.execute(handed.where(Handoff.ticket_id.in_(part))):
            vendors[ticket_id].add(address)
        locked = query.where(Ticket.id.in_(part)).order_by(Ticket.id).with_for_update()
        for row in session.execute(locked):
            fields = row._asdict()
            fields |= {"status": Status(row.status), "level": Level(row.level)}
            taking, theirs = frozenset(participants[row.id]), frozenset(vendors[row.id])
            known.threads[row.id] = Thread(**fields, participants=taking, vendors=theirs)


def _load_people(session: Session, known: Known, addresses: Collection[str]) -> None:
    query = select(Identity.value, Person.id, Person.name).join(Person, Person.id == Identity.person_id)
    for part in _parts(addresses):
        by_mail = query.where(Identity.kind == IdentityKind.MAIL.value, Identity.value.in_(part))
        for address, person_id, name in session.execute(by_mail):
            known.people[address] = Requester(person_id, name)
    domains = {each.rpartition("@")[2] for each in addresses}
    for part in _parts(domains):
        found = session.execute(select(Organisation.domain, Organisation.id).where(Organisation.domain.in_(part)))
        known.organisations.update({domain: each for domain, each in found if domain})


def _load_recent(session: Session, known: Known, since: datetime) -> None:
    """How many tickets our people opened since then, and how many acknowledgements went out for them."""
    people = {each.person_id for each in known.people.values()}
    tickets = select(Ticket.requester_id, func.count()).where(Ticket.opened_at >= since).group_by(Ticket.requester_id)
    receipts = (
        select(Ticket.requester_id, func.count())
        .join(Outbox, Outbox.ticket_id == Ticket.id)
        .where(Outbox.kind == ACKNOWLEDGEMENT, Outbox.created_at >= since)
        .group_by(Ticket.requester_id)
    )
    for part in _parts(people):
        of_them = Ticket.requester_id.in_(part)
        opened: dict[Any, int] = dict(session.execute(tickets.where(of_them)).all())
        told: dict[Any, int] = dict(session.execute(receipts.where(of_them)).all())
        for person_id in opened.keys() | told.keys():
            known.recent[person_id] = Recent(opened.get(person_id, 0), told.get(person_id, 0))


def _parts(items: Collection[Item]) -> Iterator[list[Item]]:
    """In portions that both engines take as parameters of one statement."""
    left = iter(items)
    while part := list(islice(left, _AT_ONCE)):
        yield part
