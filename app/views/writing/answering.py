"""What an answer starts with and what may be sent. Pure: it needs no widget."""

from collections.abc import Sequence
from email.utils import getaddresses
from enum import StrEnum
from mimetypes import guess_type
from pathlib import Path

from app.models.errors import KnownError
from app.models.records.mail import Address
from app.models.records.tickets import Answer, MessageKind, NewAttachment, Status, TicketView
from app.models.rules.subjects import bare_subject
from app.services.drafts import StoredDraft
from app.services.mail.writing import check_address


class Form(StrEnum):
    """What is being written."""

    ANSWER = "answer"
    FORWARD = "forward"
    NOTE = "note"


def start(ticket: TicketView, form: Form, *, to_all: bool = False) -> StoredDraft:
    """An empty answer, forward or note for a ticket, with its recipients and subject filled in."""
    if form is Form.NOTE:
        return StoredDraft(form.value, "", "", "", "")
    bare = bare_subject(ticket.row.subject) or ticket.row.subject
    if form is Form.FORWARD:
        return StoredDraft(form.value, "", "", f"Fwd: {bare}", "")
    cc = others(ticket) if to_all else ()
    return StoredDraft(form.value, written(ticket.reply_to), written(cc), f"Re: {bare}", "")


def others(ticket: TicketView) -> tuple[Address, ...]:
    """Who else was written to by the newest mail from outside, but for ourselves and whom the answer goes to."""
    ours = {each.author_address for each in ticket.messages if each.kind is MessageKind.MAIL_OUT}
    answered = {each.address for each in ticket.reply_to}
    for message in reversed(ticket.messages):
        if message.kind is MessageKind.MAIL_IN:
            people = (*message.to[1:], *message.cc)
            return tuple(each for each in dict.fromkeys(people) if each.address not in ours | answered)
    return ()


def written(people: Sequence[Address]) -> str:
    """People as a line that can be edited."""
    return ", ".join(f'"{each.name}" <{each.address}>' if "," in each.name else str(each) for each in people)


def read_people(line: str) -> tuple[Address, ...]:
    """The people of an edited line, commas or semicolons between them; `KnownError` `mail.bad_address`."""
    found = getaddresses([line.replace(";", ",")])
    return tuple(check_address(Address(address or name, name)) for name, address in found if address or name)


def to_answer(draft: StoredDraft, then: Status | None) -> Answer:
    """What is sent; `KnownError` names what is missing or cannot be read."""
    to = read_people(draft.to)
    if not to:
        raise KnownError("answer.no_recipient")
    return Answer(to, read_people(draft.cc), draft.subject, draft.text, None, files_of(draft), then)


def files_of(draft: StoredDraft) -> tuple[NewAttachment, ...]:
    """The files of a draft with their bytes; `KnownError` `file.cannot_read` where one is gone."""
    return tuple(read_file(Path(each)) for each in draft.attachments)


def read_file(path: Path) -> NewAttachment:
    """A file to send; `KnownError` `file.cannot_read`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise KnownError("file.cannot_read", file=path, reason=error.strerror or str(error)) from error
    return NewAttachment(path.name, guess_type(path.name)[0] or "application/octet-stream", content)
