"""The reader in the form that the corpus scorer asks for."""

import hashlib
from typing import Any

from app.models.records.mail import MailKind
from app.services.mail.parsing import read_mail
from app.services.mail.parsing.bodies import read_bodies
from app.services.mail.parsing.structure import parse


def read(raw: bytes) -> dict[str, Any]:
    """What was read. `text` is the plain body alone, as the parsers beside it are asked for, not one made from HTML."""
    mail = read_mail(raw)
    root = parse(raw, [])
    files = [
        {
            "filename": each.name,
            "size": each.size,
            "md5": hashlib.md5(each.content).hexdigest(),
            "content": each.content,
            "invented": each.invented,
        }
        for each in mail.attachments
    ]
    return {
        "subject": mail.subject,
        "from_addr": mail.sender.address if mail.sender else "",
        "from_name": mail.sender.name if mail.sender else "",
        "to": [each.address for each in mail.to],
        "to_first_name": mail.to[0].name if mail.to else "",
        "cc": [each.address for each in mail.cc],
        "text": read_bodies(root, []).plain,
        "html": mail.html or "",
        "attachments": files,
        "message_id": mail.message_id or "",
        "in_reply_to": " ".join(f"<{each}>" for each in mail.in_reply_to),
        "is_auto": mail.kind is MailKind.AUTO,
        "is_bounce": mail.kind is MailKind.BOUNCE,
    }
