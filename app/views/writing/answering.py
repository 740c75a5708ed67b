"""What an answer starts with and what may be sent. Pure: it needs no widget."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from mimetypes import guess_type
from pathlib import Path

from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.models.records.mail import Address, MailKind
from app.models.records.rich_text import Paragraph
from app.models.records.tickets import Answer, MessageKind, MessageView, NewAttachment, Status, TicketView
from app.models.rules.placeholders import facts, signed
from app.models.rules.recipients import split
from app.models.rules.subjects import bare_subject
from app.services.drafts import StoredDraft
from app.services.mail.html.rich import from_plain, is_plain, pictures_in, read_rich, write_rich
from app.services.mail.html.rich_plain import to_plain
from app.services.mail.writing import check_address
from app.services.signatures import Signature
from app.services.whole_file import read_whole

SIGNATURE_MARK = "-- "
"""Above a signature: mail programs know it and leave what is below it out of their quotes."""


class Form(StrEnum):
    """What is being written."""

    ANSWER = "answer"
    FORWARD = "forward"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, with the signature below. `html` is None where plain text says all of it."""

    text: str
    html: str | None


def start(ticket: TicketView, form: Form, *, to_all: bool = False, about: MessageView | None = None) -> StoredDraft:
    """An empty answer, forward or note for a ticket, with its recipients and subject filled in.

    `about` is the message to pass on, where it is not the newest mail.
    """
    empty = StoredDraft(form.value, "", "", "", "", number=ticket.row.number, title=ticket.row.subject)
    if form is Form.NOTE:
        return empty
    bare = bare_subject(ticket.row.subject) or ticket.row.subject
    message = about if form is Form.FORWARD and about is not None else answered_message(ticket)
    empty = replace(empty, about=str(message.id) if message else "")
    if form is Form.FORWARD:
        return replace(empty, subject=f"Fwd: {bare}")
    cc = others(ticket) if to_all else ()
    return replace(empty, to=written(ticket.reply_to), cc=written(cc), subject=f"Re: {bare}")


def others(ticket: TicketView) -> tuple[Address, ...]:
    """Who else was written to by the newest mail from outside, but for ourselves and whom the answer goes to."""
    ours = {each.author_address for each in ticket.messages if each.kind is MessageKind.MAIL_OUT}
    answered = {each.address for each in ticket.reply_to}
    for message in reversed(ticket.messages):
        if message.kind is MessageKind.MAIL_IN:
            people = (*message.to[1:], *message.cc)
            return tuple(each for each in dict.fromkeys(people) if each.address not in ours | answered)
    return ()


def answered_message(ticket: TicketView) -> MessageView | None:
    """The mail that an answer quotes: the newest a person sent from outside. Never a note: no customer may see one."""
    for message in reversed(ticket.messages):
        if message.kind is MessageKind.MAIL_IN and message.mail_kind is MailKind.MAIL:
            return message
    return None


def quoted_message(ticket: TicketView, draft: StoredDraft) -> MessageView | None:
    """The message that goes below a draft."""
    return next((each for each in ticket.messages if str(each.id) == draft.about), None)


def can_be_passed_on(message: MessageView | None) -> bool:
    """Mails and calls may leave the house; notes and events never do."""
    return message is not None and message.kind in (MessageKind.MAIL_IN, MessageKind.MAIL_OUT)


def written(people: Sequence[Address]) -> str:
    """People as a line that can be edited."""
    return ", ".join(f'"{each.name}" <{each.address}>' if "," in each.name else str(each) for each in people)


def read_people(line: str) -> tuple[Address, ...]:
    """The people of an edited line, commas or semicolons between them; `KnownError` `mail.bad_address`."""
    return tuple(check_address(each) for each in split(line))


def paragraphs_of(draft: StoredDraft) -> list[Paragraph]:
    """What was written, with its formatting."""
    return read_rich(draft.html) if draft.html else from_plain(draft.text)


def written_of(draft: StoredDraft, ticket: TicketView, actor: Actor, signature: Signature | None) -> Written:
    """What goes out, with the signature below it."""
    paragraphs = paragraphs_of(draft)
    text = to_plain(paragraphs)
    if signature:
        below = f"{SIGNATURE_MARK}\n{signed(signature.text, signature.team, facts(ticket, actor))}"
        text = f"{text}\n\n{below}".lstrip("\n")
        paragraphs = [*paragraphs, Paragraph(), *from_plain(below)]
    return Written(text, None if is_plain(paragraphs) else write_rich(paragraphs))


def to_answer(draft: StoredDraft, then: Status | None, text: Written, files: tuple[NewAttachment, ...] = ()) -> Answer:
    """What is sent; `KnownError` names what is missing or cannot be read. `files` go along with the draft's."""
    to = read_people(draft.to)
    if not to:
        raise KnownError("answer.no_recipient")
    attachments = (*files_of(draft), *files)
    return Answer(to, read_people(draft.cc), draft.subject, text.text, text.html, attachments, then)


def files_of(draft: StoredDraft) -> tuple[NewAttachment, ...]:
    """The files of a draft with their bytes, and the pictures between its words.

    `KnownError` `file.cannot_read` where one is gone.
    """
    shown = pictures_in(paragraphs_of(draft))
    pictures = [read_file(Path(path), name) for name, path in draft.pictures.items() if name in shown]
    return (*pictures, *(read_file(Path(each)) for each in draft.attachments))


def read_file(path: Path, content_id: str | None = None) -> NewAttachment:
    """A file to send; `KnownError` `file.cannot_read`."""
    kind = guess_type(path.name)[0] or "application/octet-stream"
    return NewAttachment(path.name, kind, read_whole(path), content_id)
