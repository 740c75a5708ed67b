"""A ticket on paper: black on white, whatever the theme, and nothing of the network in it."""

from datetime import datetime
from html import escape

from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument

from app.models.errors import KnownError
from app.models.records.tickets import MessageView, TicketView
from app.services.wording import tr
from app.views.kit.times import date_words
from app.views.ticket.entries import Unfolded, entry
from app.views.ticket.files import size_words

_RESOLUTION = 96
_STYLE = (
    "body { font-family: sans-serif; font-size: 9.5pt; color: #000000; } h1 { font-size: 15pt; } "
    ".facts { color: #444444; font-size: 8.5pt; } .head { background-color: #eeeeee; font-size: 8.5pt; }"
)


def page_of(ticket: TicketView, now: datetime) -> QTextDocument:
    """The whole ticket as a document that can be printed; pictures are left out."""
    document = _Quiet()
    document.setDefaultStyleSheet(_STYLE)
    row = ticket.row
    facts = [
        (tr("column.status"), tr(f"status.{row.status.value}")),
        (tr("column.priority"), row.priority.name),
        (tr("column.requester"), row.requester),
        (tr("column.application"), row.application or ""),
        (tr("column.team"), row.team or ""),
        (tr("column.assignee"), row.assignee or tr("queue.nobody")),
        (tr("column.opened"), date_words(row.opened_at)),
    ]
    told = " · ".join(f"{escape(name)}: {escape(value)}" for name, value in facts if value)
    head = f"<h1>#{row.number} {escape(row.subject or tr('ticket.no_subject'))}</h1><p class='facts'>{told}</p>"
    document.setHtml(head + "".join(_message(each, now) for each in ticket.messages))
    return document


def write_pdf(ticket: TicketView, now: datetime, file: str) -> None:
    """Write it as PDF, A4. `KnownError` `file.cannot_write`. To be called on the GUI thread."""
    writer = QPdfWriter(file)
    writer.setTitle(f"#{ticket.row.number} {ticket.row.subject}")
    writer.setResolution(_RESOLUTION)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(18, 16, 18, 16), QPageLayout.Unit.Millimeter)
    try:
        with open(file, "ab"):  # noqa: PTH123 - Qt tells nothing of a file that it cannot write
            pass
    except OSError as error:
        raise KnownError("file.cannot_write", file=file, reason=error.strerror or str(error)) from error
    document = page_of(ticket, now)
    size = writer.pageLayout().paintRectPixels(_RESOLUTION).size()
    document.setPageSize(QSizeF(size))
    document.print_(writer)


def _message(message: MessageView, now: datetime) -> str:
    told = entry(message, Unfolded(whole=frozenset({message.id})), now)
    files = ", ".join(f"{escape(each.name)} ({size_words(each.size)})" for each in message.attachments)
    head = f"<b>{escape(told.author)}</b> {escape(told.address)} · {escape(told.caption)} · {escape(told.moment)}"
    below = f"<p class='facts'>{escape(tr('export.files'))}: {files}</p>" if files else ""
    return f"<table width='100%' class='head'><tr><td>{head}</td></tr></table><div>{told.html}</div>{below}"


class _Quiet(QTextDocument):
    """Loads nothing: neither from the network nor from the disk."""

    def loadResource(self, _kind: int, _name: object) -> object:
        return None
