"""Changes of a ticket stand between its messages."""

from dataclasses import replace
from datetime import timedelta

from app.models.identifiers import new_id
from app.models.records.history import HistoryEntry
from app.models.records.tickets import MessageKind
from app.views.ticket.events import with_events
from tests.views.messages import AT, a_message, a_ticket


def changed(hours: float) -> HistoryEntry:
    at = AT + timedelta(hours=hours)
    return HistoryEntry(new_id(), at, "Lena", "desk-1", "ticket.changed", {"priority": 3}, {"priority": 1})


def test_an_event_stands_before_the_first_message_that_is_younger() -> None:
    ticket = replace(a_ticket(a_message(), a_message(), a_message()), events=(changed(-1), changed(1.5), changed(9)))
    told = with_events(ticket).messages
    kinds = [each.kind for each in told]
    mail, event = MessageKind.MAIL_IN, MessageKind.EVENT
    assert kinds == [mail, event, mail, event, mail, event]
    assert [each.text for each in told if each.kind is event] == ["Priority: P3 → P1"] * 3
    assert told[1].author == "Lena"


def test_a_ticket_without_events_or_messages_stays_as_it_is() -> None:
    ticket = a_ticket(a_message())
    assert with_events(ticket) == ticket
    assert with_events(replace(a_ticket(), events=(changed(1),))).messages[0].kind is MessageKind.EVENT
