"""What was done to a ticket, as quiet lines between its messages. Pure: it needs no widget."""

from dataclasses import replace

from app.models.records.history import HistoryEntry
from app.models.records.mail import MailKind
from app.models.records.tickets import MessageKind, MessageView, TicketView
from app.views.history.words import what_words


def with_events(ticket: TicketView) -> TicketView:
    """The ticket with each event before the first message that is younger; what opened it comes first."""
    merged: list[MessageView] = list(ticket.messages[:1])
    waiting = [_message(each) for each in ticket.events]
    for message in ticket.messages[1:]:
        while waiting and waiting[0].at <= message.at:
            merged.append(waiting.pop(0))
        merged.append(message)
    return replace(ticket, messages=(*merged, *waiting))


def _message(entry: HistoryEntry) -> MessageView:
    return MessageView(
        id=entry.id,
        kind=MessageKind.EVENT,
        at=entry.at,
        author=entry.actor,
        author_address=None,
        to=(),
        cc=(),
        subject="",
        text=what_words(entry),
        folded="",
        html=None,
        folded_html=None,
        remote_images=0,
        mail_kind=MailKind.MAIL,
        attachments=(),
        reasons=(),
    )
