"""Putting a mail into the outbox, in the transaction of the change it tells of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert, select

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.mail import Address, MailKind
from app.models.records.tickets import Answer, Delivery, MessageKind, Quotation
from app.models.tables import Channel, Message, Outbox, Ticket
from app.services.database import Work
from app.services.database.files import keep_files
from app.services.mail.writing import (
    Draft,
    check_address,
    new_mail_id,
    new_notice_id,
    reply_address,
    tagged,
    write_mail,
)

ANSWER, ACKNOWLEDGEMENT, FORWARD, NOTICE = "answer", "acknowledgement", "forward", "notice"
_THREAD = 50


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent from a ticket; the outbox adds the rest.

    `quoted` goes below the text. The mail stays in the outbox for `hold`, while it can be taken back.
    """

    kind: str
    written: Answer
    quoted: Quotation | None = None
    hold: timedelta = timedelta()

    @property
    def whole_text(self) -> str:
        return f"{self.written.text}\n\n{self.quoted.text}" if self.quoted else self.written.text

    @property
    def whole_html(self) -> str | None:
        """With the quoted mail below; None where what was written is plain text."""
        html = self.written.html
        return f"{html}{self.quoted.html}" if html is not None and self.quoted else html


def queue_mail(work: Work, ticket: Ticket, letter: Letter) -> UUID:
    """Store the mail as a message of its ticket and for sending; returns the message's id.

    `KnownError`: `answer.no_recipient`, `answer.no_channel` (the ticket came by no channel that sends),
    `mail.bad_address`.
    """
    written = letter.written
    if not written.to:
        raise KnownError("answer.no_recipient")
    channel = _channel(work, ticket)
    message_id = written.id
    draft = _draft(work, ticket, channel, letter, message_id)
    raw = write_mail(draft)
    _store_message(work, ticket, letter, draft, message_id)
    files = enumerate(written.attachments)
    keep_files(work.session, ((message_id, index, each, each.content_id is not None) for index, each in files))
    recipients = [each.address for each in dict.fromkeys([*written.to, *written.cc])]
    of_ticket = {"ticket_id": ticket.id, "message_id": message_id, "next_attempt_at": work.now + letter.hold}
    _store(work, channel, draft, recipients, kind=letter.kind, raw=raw, **of_ticket)
    work.changed("outbox", message_id, ticket.id)
    return message_id


def queue_notice(work: Work, to: Address, subject: str, text: str) -> None:
    """Store a mail of the desk itself that belongs to no ticket.

    `KnownError`: `answer.no_channel` (there is none that sends), `mail.bad_address`.
    """
    channel = _sending_channel(work)
    notice_id = new_id()
    draft = Draft(
        mail_id=new_notice_id(notice_id, channel.address),
        number=None,
        sender=Address(channel.address, channel.sender_name),
        to=[check_address(to)],
        cc=(),
        subject=subject,
        text=text,
        date=work.now,
        automatic=True,
    )
    _store(work, channel, draft, [to.address], kind=NOTICE, raw=write_mail(draft), next_attempt_at=work.now)
    work.changed("outbox", notice_id)


def _store(work: Work, channel: Channel, draft: Draft, recipients: Sequence[str], **values: object) -> None:
    work.session.execute(
        insert(Outbox).values(
            id=new_id(),
            channel_id=channel.id,
            mail_id=draft.mail_id,
            sender=channel.address,
            recipients=recipients,
            state=Delivery.QUEUED.value,
            attempts=0,
            created_at=work.now,
            problem_facts={},
            **values,
        )
    )


def _draft(work: Work, ticket: Ticket, channel: Channel, letter: Letter, message_id: UUID) -> Draft:
    reply_to = None
    if channel.plus_address:
        address = reply_address(channel.address, ticket.number, ticket.reply_token)
        reply_to = Address(address, channel.sender_name)
    return Draft(
        mail_id=new_mail_id(ticket.number, message_id, channel.address),
        number=ticket.number,
        sender=Address(channel.address, channel.sender_name),
        to=[check_address(each) for each in letter.written.to],
        cc=[check_address(each) for each in letter.written.cc],
        subject=tagged(letter.written.subject, ticket.number),
        text=letter.whole_text,
        html=letter.whole_html,
        date=work.now,
        reply_to=reply_to,
        references=_references(work, ticket.id),
        attachments=letter.written.attachments,
        automatic=letter.kind in (ACKNOWLEDGEMENT, NOTICE),
    )


def _store_message(work: Work, ticket: Ticket, letter: Letter, draft: Draft, message_id: UUID) -> None:
    work.session.execute(
        insert(Message).values(
            id=message_id,
            ticket_id=ticket.id,
            kind=(MessageKind.EVENT if letter.kind == NOTICE else MessageKind.MAIL_OUT).value,
            mail_kind=(MailKind.AUTO if draft.automatic else MailKind.MAIL).value,
            at=work.now,
            stored_at=work.now,
            author=work.actor.name if work.actor.id else draft.sender.name or draft.sender.address,
            author_address=draft.sender.address,
            agent_id=work.actor.id,
            to=[each.stored() for each in draft.to],
            cc=[each.stored() for each in draft.cc],
            reply_to=[],
            subject=draft.subject,
            text=letter.written.text,
            folded=letter.quoted.text if letter.quoted else "",
            html=letter.whole_html,
            mail_id=draft.mail_id,
            reasons=[{"rule": "written_here", "facts": {}}],
        )
    )


def _references(work: Work, ticket_id: UUID) -> Sequence[str]:
    query = (
        select(Message.mail_id)
        .where(Message.ticket_id == ticket_id, Message.mail_id.is_not(None))
        .order_by(Message.stored_at.desc(), Message.id.desc())
        .limit(_THREAD)
    )
    return [each for each in reversed(work.session.scalars(query).all()) if each]


def _channel(work: Work, ticket: Ticket) -> Channel:
    """The channel the ticket came by, or the first that sends."""
    found = work.session.get(Channel, ticket.channel_id) if ticket.channel_id else None
    return found if found is not None and found.active else _sending_channel(work)


def _sending_channel(work: Work) -> Channel:
    query = select(Channel).where(Channel.active, Channel.address != "").order_by(Channel.name).limit(1)
    found = work.session.scalars(query).first()
    if found is None:
        raise KnownError("answer.no_channel")
    return found
