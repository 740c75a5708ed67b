"""Two machines must not write to each other for ever."""

from app.models.records.intake import Origin, Seen
from app.models.records.mail import Mail, MailKind
from app.models.records.tickets import Reason

DESK_HEADER = "X-Firstline-Ticket"
"""Marks every mail of a desk; an automatic mail that carries it is never answered."""

_MARK = DESK_HEADER.lower()  # as the headers of a mail that was read are named
TICKETS_AN_HOUR = 10
ACKNOWLEDGEMENTS_AN_HOUR = 3
_NEVER_ACKNOWLEDGED = ("list-id", "list-unsubscribe", "precedence", "x-auto-response-suppress", "feedback-id")
_NO_REPLY = ("noreply", "no-reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster", "bounce", "bounces")


def own_mail(mail: Mail, origin: Origin) -> Reason | None:
    """A mail of this desk that came back to it: it carries our header and our own address as its author."""
    sender = mail.sender.address.lower() if mail.sender else ""
    if _MARK in mail.headers and sender in origin.desk_addresses:
        return Reason("own_mail", {"sender": sender})
    return None


def runaway(seen: Seen) -> Reason | None:
    """Its author opens ticket after ticket while we acknowledge each: a machine answers our acknowledgements."""
    if seen.recent_tickets >= TICKETS_AN_HOUR and seen.recent_acknowledgements > 0:
        return Reason("mail_loop", {"tickets": str(seen.recent_tickets)})
    return None


def may_acknowledge(mail: Mail, origin: Origin, seen: Seen) -> bool:
    """Whether its author gets a receipt: a person, not a list or a machine, and not too often (RFC 3834, 2)."""
    if not origin.acknowledge or mail.kind is not MailKind.MAIL or mail.sender is None:
        return False
    address = mail.sender.address.lower()
    if address in origin.desk_addresses or address.partition("@")[0] in _NO_REPLY or _MARK in mail.headers:
        return False
    if any(header in mail.headers for header in _NEVER_ACKNOWLEDGED):
        return False
    return seen.recent_acknowledgements < ACKNOWLEDGEMENTS_AN_HOUR
