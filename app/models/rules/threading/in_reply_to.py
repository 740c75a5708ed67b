"""It answers a mail that is on a ticket, ours or another's: In-Reply-To names its Message-ID (RFC 5322, 3.6.4)."""

from app.models.records.intake import Correspondence, Match
from app.models.records.mail import Mail
from app.models.records.tickets import Reason


def find(mail: Mail, known: Correspondence) -> Match | None:
    for mail_id in mail.in_reply_to:
        thread = known.thread_of_mail(mail_id)
        if thread is not None:
            return Match(thread, Reason("in_reply_to", {"number": str(thread.number), "mail_id": mail_id}))
    return None
