"""Taking a ticket along: each mail as an .eml file, and all of it as one archive."""

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path

from sqlalchemy import select

from app.models.errors import KnownError
from app.models.records.mail import Address
from app.models.records.tickets import MessageView, TicketView
from app.models.tables import Message
from app.services.database import Database
from app.services.tickets.reading import attachment_content
from app.services.whole_file import whole_file
from app.services.wording import tr

Step = Callable[[int, int], bool]
_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_LONGEST = 80


def file_name(ticket: TicketView, ending: str) -> str:
    """A name that every file system takes: `ticket-42 Printer on floor 3.pdf`."""
    subject = _UNFIT.sub(" ", ticket.row.subject)[:_LONGEST].strip(" .")
    return f"{tr('export.file', number=ticket.row.number)} {subject}".strip() + ending


def as_eml(database: Database, message: MessageView) -> bytes:
    """A message of a conversation as RFC 5322 bytes, with its files. Notes and calls become mails to nobody."""
    mail = EmailMessage(policy=SMTP.clone(max_line_length=200))
    mail["From"] = formataddr((message.author, message.author_address or "nobody@localhost.invalid"))
    if message.to:
        mail["To"] = ", ".join(map(_address, message.to))
    if message.cc:
        mail["Cc"] = ", ".join(map(_address, message.cc))
    mail["Subject"] = _one_line(message.subject)
    mail["Date"] = format_datetime(message.at)
    with database.read() as session:
        stored = session.execute(select(Message.mail_id, Message.html).where(Message.id == message.id)).first()
    if stored is not None and stored.mail_id:
        mail["Message-ID"] = f"<{stored.mail_id}>"
    mail.set_content("\n\n".join(filter(None, [message.text, message.folded])) + "\n")
    if stored is not None and stored.html:
        mail.add_alternative(stored.html, subtype="html")
    for file in message.attachments:
        main, _, sub = file.media_type.partition("/")
        content = attachment_content(database, file.sha256)
        mail.add_attachment(content, main or "application", sub or "octet-stream", filename=_one_line(file.name))
    return mail.as_bytes()


def save_archive(database: Database, ticket: TicketView, target: Path, step: Step) -> Path:
    """Every message of a ticket as .eml in one ZIP file; an interrupted one leaves nothing behind.

    `KnownError` `file.cannot_write`.
    """
    with whole_file(target) as unfinished, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, message in enumerate(ticket.messages, start=1):
            if not step(place - 1, len(ticket.messages)):
                raise KnownError("export.stopped")
            archive.writestr(_entry(place, message.at, message.author), as_eml(database, message))
    return target


def _entry(place: int, at: datetime, author: str) -> str:
    who = _UNFIT.sub(" ", author)[:40].strip(" .")
    return f"{place:04} {at:%Y-%m-%d %H%M} {who}".strip() + ".eml"


def _address(person: Address) -> str:
    return formataddr((_one_line(person.name), person.address))


def _one_line(words: str) -> str:
    return " ".join(words.split())
