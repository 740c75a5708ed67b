"""Making a mail that goes out: RFC 5322 bytes with its final Message-ID."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.mail import Address
from app.models.records.tickets import NewAttachment
from app.models.rules.domain_names import ascii_domain
from app.models.rules.loops import DESK_HEADER

_POLICY = SMTP.clone(max_line_length=78)
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+\.?[^\s@<>,;:\"()\[\]\\]*")
_REFERENCES = 20
_TAG = re.compile(r"\[#\d+\]")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a mail is made of. `references` are Message-IDs, the oldest first; the last is what it answers.

    `automatic` marks an acknowledgement, so that no machine answers it (RFC 3834). `number` is the ticket's; None
    where it belongs to none.
    """

    mail_id: str
    number: int | None
    sender: Address
    to: Sequence[Address]
    cc: Sequence[Address]
    subject: str
    text: str
    date: datetime
    html: str | None = None
    reply_to: Address | None = None
    references: Sequence[str] = ()
    attachments: Sequence[NewAttachment] = field(default=())
    automatic: bool = False


def new_mail_id(ticket_number: int, message_id: UUID, address: str) -> str:
    """A Message-ID that no other mail has, without angle brackets."""
    return f"ticket-{ticket_number}.{message_id.hex}@{_domain(address)}"


def new_notice_id(notice_id: UUID, address: str) -> str:
    """A Message-ID for a mail that belongs to no ticket, without angle brackets."""
    return f"notice.{notice_id.hex}@{_domain(address)}"


def new_reply_token() -> str:
    """80 random bits in letters and digits that survive a mail address: nobody guesses another ticket's."""
    return secrets.token_hex(10)


def reply_address(address: str, number: int, token: str) -> str:
    """`support+42.9f3c...@desk.example`: a reply to it belongs to ticket 42, whatever else is lost."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{number}.{token}@{domain}"


def tagged(subject: str, number: int) -> str:
    """The subject with the ticket's tag at its end, once."""
    return f"{_TAG.sub('', subject).rstrip()} [#{number}]"


def write_mail(draft: Draft) -> bytes:
    """The mail with CRLF line ends; `KnownError` `mail.bad_address` names what is no address."""
    message = EmailMessage(policy=_POLICY)
    message["Message-ID"] = f"<{draft.mail_id}>"
    message["Date"] = format_datetime(draft.date)
    message["From"] = _header(draft.sender)
    message["To"] = [_header(each) for each in draft.to]
    if draft.cc:
        message["Cc"] = [_header(each) for each in draft.cc]
    if draft.reply_to is not None:
        message["Reply-To"] = _header(draft.reply_to)
    message["Subject"] = " ".join(draft.subject.split())
    if draft.references:
        message["In-Reply-To"] = f"<{draft.references[-1]}>"
        message["References"] = " ".join(f"<{each}>" for each in _shortened(draft.references))
    message[DESK_HEADER] = str(draft.number) if draft.number is not None else "none"
    if draft.automatic:
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    _fill(message, draft)
    return message.as_bytes()


def check_address(address: Address) -> Address:
    """The address, if it can be one; else `KnownError` `mail.bad_address`."""
    if not _ADDRESS.fullmatch(address.address):
        raise KnownError("mail.bad_address", address=address.address)
    return address


def _domain(address: str) -> str:
    try:
        return ascii_domain(address.rpartition("@")[2]) or "firstline.invalid"
    except UnicodeError:
        return "firstline.invalid"


def _fill(message: EmailMessage, draft: Draft) -> None:
    message.set_content(draft.text, cte="quoted-printable")
    if draft.html is not None:
        message.add_alternative(draft.html, subtype="html", cte="quoted-printable")
        html = message.get_body(("html",))
        for each in draft.attachments:
            if each.content_id is not None and isinstance(html, EmailMessage):
                _add(html, each, related=True)
    for each in draft.attachments:
        if each.content_id is None or draft.html is None:
            _add(message, each, related=False)


def _add(message: EmailMessage, file: NewAttachment, *, related: bool) -> None:
    kind, _, subtype = file.media_type.partition("/")
    if kind in ("multipart", "message") or not subtype:
        kind, subtype = "application", "octet-stream"  # those hold structure, not bytes
    if related:
        message.add_related(file.content, kind, subtype, filename=file.name, cid=f"<{file.content_id}>")
    else:
        message.add_attachment(file.content, kind, subtype, filename=file.name)


def _header(person: Address) -> HeaderAddress:
    local, _, domain = check_address(person).address.rpartition("@")
    try:
        return HeaderAddress(" ".join(person.name.split()), local, ascii_domain(domain))
    except UnicodeError as error:
        raise KnownError("mail.bad_address", address=person.address) from error


def _shortened(references: Sequence[str]) -> Sequence[str]:
    """The first and the newest, for a thread of hundreds would outgrow every server's limit for a header."""
    if len(references) <= _REFERENCES:
        return references
    return [references[0], *references[1 - _REFERENCES :]]
