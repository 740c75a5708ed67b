"""It was sent to a ticket's own reply address, `support+42.9f3c...@desk.example`.

The token behind the number is random and known to the ticket's correspondents alone, so a guess opens nothing.
"""

import hmac
import re

from app.models.records.intake import Correspondence, Match
from app.models.records.mail import Mail
from app.models.records.tickets import Reason

_ADDRESS = re.compile(r"\+(\d{1,12})\.([0-9a-f]{20})@", re.IGNORECASE)
_ALSO_IN = ("delivered-to", "x-original-to", "envelope-to", "x-forwarded-to")


def find(mail: Mail, known: Correspondence) -> Match | None:
    for number, token in _named(mail):
        thread, secret = known.thread_of_number(number), known.reply_token(number)
        if thread is not None and secret is not None and hmac.compare_digest(secret, token):
            return Match(thread, Reason("reply_token", {"number": str(thread.number)}))
    return None


def named_numbers(mail: Mail) -> list[int]:
    """The ticket numbers in the addresses it was sent to, whether their tokens are right or not."""
    return [number for number, _ in _named(mail)]


def _named(mail: Mail) -> list[tuple[int, str]]:
    told = [each.address for each in (*mail.to, *mail.cc)]
    told += [value for header in _ALSO_IN for value in mail.headers.get(header, ())]
    found = (_ADDRESS.search(address) for address in told)
    return [(int(each[1]), each[2].lower()) for each in found if each is not None]
