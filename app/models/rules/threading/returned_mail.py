"""A bounce carries the mail that could not be delivered, or its header: the Message-ID in there is one of ours."""

import re

from app.models.records.intake import Correspondence, Match
from app.models.records.mail import Mail, MailKind
from app.models.records.tickets import Reason

_MESSAGE_ID = re.compile(r"^(?:X-)?(?:Original-)?Message-ID:\s*<([^<>\s]{3,500})>", re.I | re.M)
_LOOK_AT = 64_000


def find(mail: Mail, known: Correspondence) -> Match | None:
    if mail.kind is MailKind.MAIL:
        return None
    for mail_id in returned_ids(mail):
        thread = known.thread_of_mail(mail_id)
        if thread is not None:
            return Match(thread, Reason("returned_mail", {"number": str(thread.number), "mail_id": mail_id}))
    return None


def returned_ids(mail: Mail) -> list[str]:
    """The Message-IDs of the mails that this one gives back."""
    if mail.kind is MailKind.MAIL:
        return []
    found = []
    for part in mail.attachments:
        if part.media_type.startswith(("message/", "text/")):
            head = part.content[:_LOOK_AT].decode("ascii", "replace").replace("\r\n", "\n")
            found += _MESSAGE_ID.findall(head)
    return found + _MESSAGE_ID.findall(f"{mail.reply.visible}\n{mail.reply.folded}"[:_LOOK_AT])
