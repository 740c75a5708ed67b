"""An earlier mail of its thread is on a ticket: the newest known Message-ID in References decides."""

from app.models.records.intake import Correspondence, Match
from app.models.records.mail import Mail
from app.models.records.tickets import Reason


def find(mail: Mail, known: Correspondence) -> Match | None:
    for mail_id in reversed(mail.references):
        thread = known.thread_of_mail(mail_id)
        if thread is not None:
            return Match(thread, Reason("references", {"number": str(thread.number), "mail_id": mail_id}))
    return None
