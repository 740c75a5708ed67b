"""A message as the conversation shows it: which words stand where. Pure: it needs no widget."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.calls import CallView
from app.models.records.mail import MailKind
from app.models.records.tickets import AttachmentInfo, Delivery, MessageKind, MessageView, TicketView
from app.services.phone.numbers import in_words
from app.services.wording import tr, tr_error
from app.views.kit.times import duration_words, moment_words, time_words
from app.views.ticket.mail_html import LONGEST, for_reading, from_text

NEWEST = 40
_NAMED = 4
_FROM_OUTSIDE = (MessageKind.MAIL_IN, MessageKind.VENDOR)
_ICONS = {
    MessageKind.MAIL_IN: "mail-in",
    MessageKind.VENDOR: "mail-in",
    MessageKind.MAIL_OUT: "mail-out",
    MessageKind.NOTE: "note",
    MessageKind.CALL: "phone",
    MessageKind.EVENT: "event",
}
_TOKENS = {
    MessageKind.MAIL_IN: "incoming",
    MessageKind.VENDOR: "note",
    MessageKind.MAIL_OUT: "outgoing",
    MessageKind.NOTE: "note",
    MessageKind.CALL: "outgoing",
    MessageKind.EVENT: "event",
}


@dataclass(frozen=True, slots=True)
class Unfolded:
    """What the reader opened: messages whose quotes, reasons or whole length show, and whether older ones do."""

    quotes: AbstractSet[UUID] = frozenset()
    reasons: AbstractSet[UUID] = frozenset()
    whole: AbstractSet[UUID] = frozenset()
    older: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """`tint` colours its edge. `trouble` says what went wrong with a mail of ours, `delivered` how it fares else."""

    id: UUID
    kind: MessageKind
    icon: str
    tint: str
    author: str
    address: str
    caption: str
    time: str
    moment: str
    html: str
    cut: bool
    quote: str
    quote_open: bool
    files: tuple[AttachmentInfo, ...]
    delivered: str
    trouble: str
    can_retry: bool
    reasons: tuple[str, ...]
    reasons_open: bool


def newest(ticket: TicketView, unfolded: Unfolded) -> tuple[int, tuple[MessageView, ...]]:
    """How many older messages stay away, and those that are shown, oldest first."""
    shown = NEWEST + unfolded.older
    hidden = max(0, len(ticket.messages) - shown)
    return hidden, ticket.messages[hidden:]


def entry(message: MessageView, unfolded: Unfolded, now: datetime) -> Entry:
    """`now` is aware; times are told in local time."""
    body, cut = _body(message, whole=message.id in unfolded.whole)
    quote_open = message.id in unfolded.quotes
    dead = message.delivery is Delivery.DEAD
    problem = ""
    if message.delivery_problem:
        problem = tr_error(KnownError(message.delivery_problem, **message.delivery_facts))
    told = tr(f"delivery.{message.delivery.value}") if message.delivery else ""
    return Entry(
        id=message.id,
        kind=message.kind,
        icon=_ICONS[message.kind] if message.mail_kind is MailKind.MAIL else "event",
        tint=_TOKENS[message.kind],
        author=message.author or tr("message.nobody"),
        address=message.author_address or "" if message.kind in _FROM_OUTSIDE else "",
        caption=_caption(message),
        time=time_words(message.at, now),
        moment=moment_words(message.at),
        html=body,
        cut=cut,
        quote=_quote(message) if quote_open else "",
        quote_open=quote_open,
        files=tuple(each for each in message.attachments if not each.inline or message.html is None),
        delivered="" if dead or problem else told,
        trouble=f"{told}. {problem}".strip() if dead or problem else "",
        can_retry=dead,
        reasons=_reasons(message),
        reasons_open=message.id in unfolded.reasons,
    )


def call_words(call: CallView) -> str:
    """Who called whom, from which number, for how long, and what it came to."""
    number = in_words(call.number)
    lasted = duration_words(call.seconds) if call.seconds else ""
    told = [tr(f"call_direction.{call.direction.value}"), number, lasted, tr(f"call_outcome.{call.outcome.value}")]
    return "  ·  ".join(filter(None, told))


def has_quote(message: MessageView) -> bool:
    return bool(message.folded_html if message.html is not None else message.folded.strip())


def _caption(message: MessageView) -> str:
    if message.call is not None:
        return call_words(message.call)
    kind = f"message.{message.kind.value}"
    if message.mail_kind is not MailKind.MAIL:
        kind = f"mail_kind.{message.mail_kind.value}"
    people = [each.name or each.address for each in (*message.to, *message.cc)]
    if not people:
        return tr(kind)
    more = tr("message.more_people", count=len(people) - _NAMED) if len(people) > _NAMED else ""
    return f"{tr(kind)}  ·  {tr('message.to', people=', '.join(people[:_NAMED]))}{more}"


def _reasons(message: MessageView) -> tuple[str, ...]:
    """For what came from outside: nobody wonders why their own answer is where they wrote it."""
    if message.kind not in _FROM_OUTSIDE:
        return ()
    return tuple(tr(f"reason.{each.rule}", **each.facts) for each in message.reasons)


def _body(message: MessageView, *, whole: bool) -> tuple[str, bool]:
    if message.html is not None and (whole or len(message.html) <= LONGEST):
        return for_reading(message.html), False
    text = message.text.strip("\n")
    if whole or len(text) <= LONGEST:
        return from_text(text), message.html is not None and not whole
    return from_text(text[:LONGEST]), True


def _quote(message: MessageView) -> str:
    if message.html is not None:
        return for_reading((message.folded_html or "")[: LONGEST * 4])
    return from_text(message.folded.strip("\n")[:LONGEST])
