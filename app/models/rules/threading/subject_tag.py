"""The subject carries a ticket's tag, `[#42]`, and its author takes part in that ticket.

A tag alone proves nothing: anybody can write one, and numbers of other desks look alike.
"""

import re

from app.models.records.intake import Correspondence, Match
from app.models.records.mail import Mail
from app.models.records.tickets import Reason

_TAG = re.compile(r"\[#(\d{1,12})\]")


def find(mail: Mail, known: Correspondence) -> Match | None:
    if mail.sender is None:
        return None
    for number in tagged_numbers(mail.subject):
        thread = known.thread_of_number(number)
        if thread is not None and mail.sender.address.lower() in thread.participants:
            facts = {"number": str(thread.number), "sender": mail.sender.address}
            return Match(thread, Reason("subject_tag", facts))
    return None


def tagged_numbers(subject: str) -> list[int]:
    """The ticket numbers that a subject names, as they stand there."""
    return [int(number) for number in _TAG.findall(subject)]
