"""What the cells of the ticket table show. Pure but for Qt's roles."""

from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont

from app.models.clock import Clock
from app.models.records.tickets import Priority, TicketRow
from app.services.wording import tr
from app.views.kit.theme import Tokens

NAMES = (
    "number", "subject", "requester", "application", "level",
    "team", "assignee", "priority", "status", "channel", "age",
)  # fmt: skip
WIDTHS = (60, 330, 140, 140, 50, 130, 120, 50, 110, 70, 60)
_RIGHT = frozenset({"number", "age"})


def age_words(since: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits: 5 min, 3 h, 12 d."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 60:
        return tr("age.minutes", count=minutes)
    return tr("age.hours", count=minutes // 60) if minutes < 48 * 60 else tr("age.days", count=minutes // 1440)


class TicketCells:
    """`cell` for a `PagedTableModel` of tickets."""

    def __init__(self, clock: Clock, colours: Tokens) -> None:
        self._clock = clock
        self._urgent = QColor(colours["urgent"])
        self._unread = QFont()
        self._unread.setBold(True)

    def __call__(self, row: TicketRow, column: int, role: int) -> Any:
        name = NAMES[column]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(row, name)
        if role == Qt.ItemDataRole.FontRole and row.unread and name in ("number", "subject"):
            return self._unread
        if role == Qt.ItemDataRole.ForegroundRole and name == "priority" and row.priority is Priority.P1:
            return self._urgent
        if role == Qt.ItemDataRole.TextAlignmentRole and name in _RIGHT:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole and name == "subject":
            return row.subject
        return None

    def words(self, row: TicketRow, name: str) -> str:
        told = {
            "number": str(row.number),
            "subject": row.subject or tr("ticket.no_subject"),
            "requester": row.requester,
            "application": row.application or "",
            "level": tr("level.vendor") if row.level.name == "VENDOR" else row.level.name,
            "team": row.team or "",
            "assignee": row.assignee or "",
            "priority": row.priority.name,
            "status": tr(f"status.{row.status.value}"),
            "channel": tr(f"channel_kind.{row.channel}"),
            "age": age_words(row.opened_at, self._clock.now()),
        }
        return told[name]
