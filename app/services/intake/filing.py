"""Turning decisions into rows: collected for a whole batch and written by one insert a table."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table as SqlTable, bindparam, case, func, insert, update

from app.models.identifiers import new_id
from app.models.records.intake import Decision, Origin, Outcome, Seen, Thread
from app.models.records.mail import Address, Mail, MailKind
from app.models.records.people import IdentityKind
from app.models.records.tickets import LinkKind, MessageKind, Priority, Reason, Status
from app.models.rules.subjects import ticket_subject
from app.models.rules.vendors import writes_for
from app.models.rules.workflow import after_customer_reply, after_vendor_reply
from app.models.tables import Identity, Instant, Message, Participant, Person, Ticket, TicketLink
from app.services.database import Work
from app.services.database.files import File, keep_files
from app.services.database.numbers import TicketNumbers
from app.services.database.upsert import insert_new
from app.services.escalation.settling import settle
from app.services.intake.known import Known, Requester
from app.services.mail.writing import new_reply_token
from app.services.sla.keeping import keep


@dataclass
class Filing:
    """The rows of one batch. `file` a mail at a time, then `write` all of them inside the same write."""

    work: Work
    known: Known
    origin: Origin
    _people: list[dict[str, Any]] = field(default_factory=list)
    _identities: list[dict[str, Any]] = field(default_factory=list)
    _tickets: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    _updates: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    _messages: list[dict[str, Any]] = field(default_factory=list)
    _files: list[tuple[UUID, int, File, bool]] = field(default_factory=list)
    _participants: set[tuple[UUID, str]] = field(default_factory=set)
    _links: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = TicketNumbers(self.work.session)

    def file(self, mail: Mail, seen: Seen, decision: Decision) -> tuple[UUID, UUID]:
        """Put `mail` on its ticket, or on a new one; returns the message's id and the ticket's."""
        author = self._requester(mail)
        if decision.outcome is Outcome.NEW:
            thread = self._open(mail, decision, author)
        else:
            assert decision.thread is not None
            thread = decision.thread
        kind = MessageKind.VENDOR if _is_vendor(mail, thread, author) else MessageKind.MAIL_IN
        message_id = self._add_message(mail, seen, decision.reasons, thread, author, kind)
        if decision.outcome is not Outcome.NEW:
            thread = self._join(mail, thread, kind)
        thread = self._take_part(mail, thread)
        self.known.add_mail(seen, thread)
        return message_id, thread.id

    def count_acknowledgement(self, mail: Mail) -> None:
        """Its author gets a receipt: counted against a loop within this batch as well."""
        author = self._requester(mail)
        if author is not None:
            self.known.recent[author.person_id].acknowledgements += 1

    def write(self) -> None:
        """Write all of it, what is pointed to before what points."""
        session = self.work.session
        for table, rows in (
            (Person, self._people),
            (Identity, self._identities),
            (Ticket, list(self._tickets.values())),
            (TicketLink, self._links),
            (Message, self._messages),
        ):
            if rows:
                session.execute(insert(table), rows)
        keep_files(session, self._files)
        people = [{"ticket_id": ticket, "address": address} for ticket, address in sorted(self._participants)]
        insert_new(session, Participant, people)
        self._write_updates()
        for ticket_id in (*self._tickets, *self._updates):
            self.work.at_the_end(settle, ticket_id)
            keep(self.work, ticket_id)

    def _write_updates(self) -> None:
        if not self._updates:
            return
        table = cast(SqlTable, Ticket.__table__)
        statement = (
            update(table)
            .where(table.c.id == bindparam("ticket_id"))
            .values(
                status=bindparam("new_status"),
                closed_at=bindparam("new_closed_at"),
                updated_at=self.work.now,
                unread=table.c.unread + bindparam("more_unread"),
                version=table.c.version + 1,
                unanswered_since=_asked_since(table),
            )
        )
        self.work.session.connection().execute(statement, list(self._updates.values()))

    def _requester(self, mail: Mail) -> Requester | None:
        """Who asks: the author, or whom a web form names for answers in place of itself."""
        asking = mail.sender
        if asking is not None and mail.reply_to and asking.address.lower() in self.origin.desk_addresses:
            asking = mail.reply_to[0]
        if asking is None or not asking.address:
            return None  # a name alone is nobody to answer to
        address = asking.address.lower()
        return self.known.people.get(address) or self._add_person(asking, address)

    def _add_person(self, who: Address, address: str) -> Requester:
        requester = Requester(new_id(), who.name or address)
        self._people.append(
            {
                "id": requester.person_id,
                "name": requester.name,
                "organisation_id": self.known.organisations.get(address.rpartition("@")[2]),
                "notes": "",
                "created_at": self.work.now,
            }
        )
        self._identities.append(
            {"id": new_id(), "person_id": requester.person_id, "kind": IdentityKind.MAIL.value, "value": address}
        )
        self.known.people[address] = requester
        return requester

    def _open(self, mail: Mail, decision: Decision, author: Requester | None) -> Thread:
        place, old = decision.placement, decision.thread
        assert place is not None
        ticket_id, number = new_id(), self._numbers.next()
        thread = Thread(
            id=ticket_id,
            number=number,
            status=Status.NEW,
            closed_at=None,
            requester_id=author.person_id if author else None,
            application_id=old.application_id if old else place.application.id if place.application else None,
            team_id=old.team_id if old else place.team.id if place.team else None,
            level=old.level if old else place.level,
        )
        self._tickets[ticket_id] = self._ticket_row(thread, mail, place.priority)
        self.known.reply_tokens[number] = self._tickets[ticket_id]["reply_token"]
        if old is not None:
            self._links.append({"ticket_id": ticket_id, "other_id": old.id, "kind": LinkKind.FOLLOW_UP.value})
            self.work.changed("ticket", old.id, old.id)
        if author is not None:
            self.known.recent[author.person_id].tickets += 1
        self.work.changed("ticket", ticket_id, ticket_id)
        self.work.audit("ticket.opened", ticket_id, ticket_id=ticket_id, after={"number": number})
        return thread

    def _ticket_row(self, thread: Thread, mail: Mail, priority: Priority) -> dict[str, Any]:
        asked_at = self.work.now if mail.kind is MailKind.MAIL else None
        return {
            "id": thread.id,
            "number": thread.number,
            "version": 1,
            "subject": ticket_subject(mail.subject),
            "status": thread.status.value,
            "priority": int(priority),
            "level": int(thread.level),
            "channel": self.origin.kind,
            "channel_id": self.origin.channel_id,
            "reply_token": new_reply_token(),
            "requester_id": thread.requester_id,
            "application_id": thread.application_id,
            "team_id": thread.team_id,
            "opened_at": self.work.now,
            "updated_at": self.work.now,
            "unread": 1,
            "unanswered_since": asked_at,
        }

    def _join(self, mail: Mail, thread: Thread, kind: MessageKind) -> Thread:
        """The ticket after `mail` came: open again if a person wrote, and with one more to read."""
        by_person = mail.kind is MailKind.MAIL
        by_vendor = kind is MessageKind.VENDOR
        after_reply = after_vendor_reply if by_vendor else after_customer_reply
        status = after_reply(thread.status) if by_person else thread.status
        closed_at = None if not status.is_done else thread.closed_at
        self.work.changed("ticket", thread.id, thread.id)
        if thread.id in self._tickets:
            row = self._tickets[thread.id]
            row["unread"] += by_person
        else:
            update_of = self._updates.setdefault(
                thread.id, {"ticket_id": thread.id, "more_unread": 0, "asked_at": None}
            )
            update_of |= {"new_status": status.value, "new_closed_at": closed_at}
            update_of["more_unread"] += by_person
            if by_person and not by_vendor:
                update_of["asked_at"] = self.work.now
        return replace(thread, status=status, closed_at=closed_at)

    def _add_message(
        self,
        mail: Mail,
        seen: Seen,
        reasons: Sequence[Reason],
        thread: Thread,
        author: Requester | None,
        kind: MessageKind,
    ) -> UUID:
        message_id = new_id()
        sender = mail.sender
        self._messages.append(
            {
                "id": message_id,
                "ticket_id": thread.id,
                "kind": kind.value,
                "mail_kind": mail.kind.value,
                "at": mail.date or self.work.now,
                "stored_at": self.work.now,
                "author": (sender.name or sender.address) if sender else "",
                "author_address": sender.address if sender else None,
                "person_id": author.person_id if author else None,
                "to": [each.stored() for each in mail.to],
                "cc": [each.stored() for each in mail.cc],
                "reply_to": [each.stored() for each in mail.reply_to],
                "subject": mail.subject,
                "text": mail.reply.visible,
                "folded": mail.reply.folded,
                "html": mail.html,
                "mail_id": seen.mail_id,
                "fingerprint": seen.fingerprint,
                "reasons": [{"rule": each.rule, "facts": each.facts} for each in reasons],
            }
        )
        self._files += [(message_id, index, each, each.inline) for index, each in enumerate(mail.attachments)]
        self.work.changed("message", message_id, thread.id)
        return message_id

    def _take_part(self, mail: Mail, thread: Thread) -> Thread:
        """Its author and who it was also sent to may come back by the subject's tag; our own addresses need not."""
        if mail.kind is not MailKind.MAIL:
            return thread
        people = [*mail.reply_to, *mail.to, *mail.cc, *([mail.sender] if mail.sender else [])]
        addresses = {each.address.lower() for each in people} - self.origin.desk_addresses
        self._participants |= {(thread.id, each) for each in addresses}
        return replace(thread, participants=thread.participants | addresses)


def _is_vendor(mail: Mail, thread: Thread, author: Requester | None) -> bool:
    """Whether the vendor answers to whom the ticket was handed. Who asked for help is a customer, of any house."""
    asked = author is not None and author.person_id == thread.requester_id
    return not asked and mail.sender is not None and writes_for(mail.sender.address, thread.vendors)


def _asked_since(table: SqlTable) -> ColumnElement[Any]:
    """A customer whose word it was, or whose ticket was done, begins to wait anew; others wait on."""
    asked_at = bindparam("asked_at", type_=Instant())
    theirs = (Status.WAITING_CUSTOMER.value, Status.SOLVED.value, Status.CLOSED.value)
    anew = table.c.status.in_(theirs) & asked_at.is_not(None)
    return case((anew, asked_at), else_=func.coalesce(table.c.unanswered_since, asked_at))
