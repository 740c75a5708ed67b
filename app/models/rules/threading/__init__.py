"""Which ticket a mail belongs to: a table of small rules, tried from the surest to the weakest.

The first that finds a ticket decides, and its reason is kept on the message.
"""

from collections.abc import Callable

from app.models.records.intake import Correspondence, Match
from app.models.records.mail import Mail
from app.models.rules.threading import in_reply_to, references, reply_token, returned_mail, subject_tag

Rule = Callable[[Mail, Correspondence], Match | None]

RULES: tuple[Rule, ...] = (
    reply_token.find,
    in_reply_to.find,
    references.find,
    returned_mail.find,
    subject_tag.find,
)


def find_thread(mail: Mail, known: Correspondence) -> Match | None:
    """The ticket `mail` belongs to, or None where it starts a new one."""
    for rule in RULES:
        match = rule(mail, known)
        if match is not None:
            return match
    return None
