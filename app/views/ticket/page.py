"""A conversation as one page of rich text. Pure: it needs no widget."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from html import escape
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.mail import MailKind
from app.models.records.tickets import AttachmentInfo, Delivery, MessageKind, MessageView, TicketView
from app.services.wording import tr, tr_error
from app.views.kit.theme import Tokens

NEWEST = 50
# fmt: off
_DANGEROUS = (
    ".ade", ".adp", ".apk", ".appx", ".bat", ".chm", ".cmd", ".com", ".cpl", ".dll", ".dmg", ".docm", ".exe",
    ".hta", ".img", ".inf", ".iso", ".jar", ".js", ".jse", ".lnk", ".mht", ".msc", ".msi", ".msp", ".pif", ".potm",
    ".ppam", ".pptm", ".ps1", ".reg", ".scf", ".scr", ".sct", ".sh", ".shb", ".sys", ".url", ".vb", ".vbe", ".vbs",
    ".vhd", ".ws", ".wsc", ".wsf", ".wsh", ".xlam", ".xlsm", ".xltm", ".xll",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class PageState:
    """What the reader unfolded: messages whose quotes or reasons show, and whether older messages do."""

    unfolded: AbstractSet[UUID] = frozenset()
    explained: AbstractSet[UUID] = frozenset()
    all_messages: bool = False


def page(ticket: TicketView, state: PageState, colours: Tokens) -> str:
    """The conversation, oldest first; only its newest messages until the reader asks for all."""
    messages = ticket.messages if state.all_messages else ticket.messages[-NEWEST:]
    hidden = len(ticket.messages) - len(messages)
    earlier = f'<p><a href="earlier:">{tr("ticket.show_earlier", count=hidden)}</a></p>' if hidden else ""
    body = "".join(_message(each, state, colours) for each in messages)
    return f'<html><body style="color:{colours["text"]}">{earlier}{body}</body></html>'


def is_dangerous(name: str) -> bool:
    """Whether a file of that name runs something when it is opened."""
    return name.lower().rstrip(". ").endswith(_DANGEROUS)


def size_words(size: int) -> str:
    """Bytes as people say them: 512 B, 12 kB, 3.4 MB."""
    if size < 1_000:
        return f"{size} B"
    return f"{size / 1_000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def when(at: datetime) -> str:
    """An instant in local time."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def _message(message: MessageView, state: PageState, colours: Tokens) -> str:
    ground = colours[message.kind.value]
    parts = [_head(message, colours), _content(message), _folded(message, state, colours), _files(message, colours)]
    parts.append(_delivery(message, colours))
    if message.id in state.explained:
        parts += [_reasons(message, colours)]
    inner = "".join(parts)
    return (
        f'<table width="100%" cellspacing="0" cellpadding="10" style="margin-bottom:8px">'
        f'<tr><td bgcolor="{ground}" style="border:1px solid {colours["line"]}">{inner}</td></tr></table>'
    )


def _head(message: MessageView, colours: Tokens) -> str:
    kind = tr(f"message.{message.kind.value}")
    if message.mail_kind is not MailKind.MAIL:
        kind = tr(f"mail_kind.{message.mail_kind.value}")
    to = ", ".join(str(each) for each in message.to[:8])
    more = f" +{len(message.to) - 8}" if len(message.to) > 8 else ""
    recipients = f"<br>{tr('ticket.to')} {escape(to)}{more}" if to else ""
    address = f" &lt;{escape(message.author_address)}&gt;" if message.author_address else ""
    why = f' &nbsp; <a href="why:{message.id}">{tr("ticket.why")}</a>' if message.kind is MessageKind.MAIL_IN else ""
    return (
        f"<b>{escape(message.author)}</b>"
        f'<span style="color:{colours["muted"]}">{address} &nbsp; {when(message.at)} &nbsp; {kind}{why}'
        f'<small>{recipients}</small></span><hr style="color:{colours["line"]}">'
    )


def _content(message: MessageView) -> str:
    return message.html if message.html is not None else _plain(message.text)


def _folded(message: MessageView, state: PageState, colours: Tokens) -> str:
    folded = message.folded_html if message.html is not None else _plain(message.folded) if message.folded else None
    if not folded:
        return ""
    shown = message.id in state.unfolded
    label = tr("ticket.hide_quoted" if shown else "ticket.show_quoted")
    link = f'<p><a href="fold:{message.id}">••• {label}</a></p>'
    return link + (f'<div style="color:{colours["muted"]}">{folded}</div>' if shown else "")


def _files(message: MessageView, colours: Tokens) -> str:
    shown = [each for each in message.attachments if not each.inline or message.html is None]
    return f"<p>{'<br>'.join(_file(each, colours) for each in shown)}</p>" if shown else ""


def _file(file: AttachmentInfo, colours: Tokens) -> str:
    warning = f' <b style="color:{colours["urgent"]}">{tr("ticket.dangerous")}</b>' if is_dangerous(file.name) else ""
    return (
        f'📎 <a href="open:{file.id}">{escape(file.name)}</a> '
        f'<span style="color:{colours["muted"]}">{size_words(file.size)}</span> '
        f'<a href="save:{file.id}">{tr("action.save_as")}</a>{warning}'
    )


def _delivery(message: MessageView, colours: Tokens) -> str:
    if message.delivery is None:
        return ""
    words = tr(f"delivery.{message.delivery.value}")
    if message.delivery is Delivery.SENT:
        return f'<p style="color:{colours["muted"]}"><small>✓ {words}</small></p>'
    problem = f": {escape(tr_error(KnownError(message.delivery_problem)))}" if message.delivery_problem else ""
    retry = f' <a href="retry:{message.id}">{tr("action.retry")}</a>' if message.delivery is Delivery.DEAD else ""
    colour = colours["urgent"] if message.delivery is Delivery.DEAD else colours["muted"]
    return f'<p style="color:{colour}">{words}{problem}{retry}</p>'


def _reasons(message: MessageView, colours: Tokens) -> str:
    told = "".join(f"<li>{escape(tr(f'reason.{each.rule}', **each.facts))}</li>" for each in message.reasons)
    split = f'<a href="split:{message.id}">{tr("action.split")}</a>'
    move = f'<a href="move:{message.id}">{tr("action.move")}</a>'
    return f'<div style="color:{colours["muted"]}"><ul>{told}</ul>{split} &nbsp; {move}</div>'


def _plain(text: str) -> str:
    """Plain text with its lines kept; blanks at a line's start stay, words may wrap."""
    return f'<div style="white-space:pre-wrap">{escape(text)}</div>'
