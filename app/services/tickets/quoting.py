"""The mail that goes below an answer, or that is passed on."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.models.errors import KnownError
from app.models.records.mail import Address
from app.models.records.rich_text import Paragraph
from app.models.records.tickets import NewAttachment, Quotation
from app.models.tables import Attachment, Blob, Message
from app.services.database import Database
from app.services.mail.html.rich import from_plain, read_rich, write_rich
from app.services.mail.html.rich_plain import to_plain
from app.services.mail.quoting import split_html
from app.services.wording import tr


def quotation(database: Database, message_id: UUID) -> Quotation:
    """What `message_id` says below a line that names its author. Pictures in it stay out."""
    with database.read() as session:
        message = _message(session, message_id)
        head = tr("quotation.wrote", author=message.author, date=message.at.astimezone().strftime(tr("time.date_time")))
        return _quoted([head], _words(message))


def passed_on(database: Database, message_id: UUID) -> tuple[Quotation, tuple[NewAttachment, ...]]:
    """What `message_id` says under its head, to be forwarded, and the files that came with it."""
    with database.read() as session:
        message = _message(session, message_id)
        facts = {
            "from": str(Address(message.author_address or "", message.author)),
            "date": message.at.astimezone().strftime(tr("time.date_time")),
            "to": ", ".join(str(Address.from_stored(each)) for each in message.to),
            "subject": message.subject,
        }
        head = [
            tr("quotation.forwarded"),
            *(tr(f"quotation.{name}", words=each) for name, each in facts.items() if each),
        ]
        return _quoted(head, _words(message)), _files(session, message_id)


def _message(session: Session, message_id: UUID) -> Message:
    query = select(Message).where(Message.id == message_id).options(undefer(Message.html))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise KnownError("message.gone")
    return found


def _words(message: Message) -> list[Paragraph]:
    """What its author wrote: with its formatting where it has any, and without the quotes in it."""
    if message.html is None:
        return from_plain(message.text)
    found = read_rich(split_html(message.html)[0])
    return [replace(each, runs=tuple(run for run in each.runs if not run.picture)) for each in found]


def _quoted(head: Sequence[str], words: Sequence[Paragraph]) -> Quotation:
    inside = [replace(each, quote=each.quote + 1) for each in words]
    html = f"<p>{'<br>'.join(escape(each, quote=False) for each in head)}</p>{write_rich(inside)}"
    return Quotation("\n".join([*head, to_plain(inside)]), html)


def _files(session: Session, message_id: UUID) -> tuple[NewAttachment, ...]:
    query = (
        select(Attachment.name, Attachment.media_type, Blob.content)
        .join(Blob, Blob.sha256 == Attachment.sha256)
        .where(Attachment.message_id == message_id)
        .order_by(Attachment.position)
    )
    return tuple(NewAttachment(each.name, each.media_type, each.content) for each in session.execute(query))
