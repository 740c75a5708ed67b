"""The coming week of a calendar as a picture: a bar for each day, with its open hours."""

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QDate, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.services.wording import language, tr
from app.views.catalogue.coming_days import ComingDay
from app.views.kit.appearance import Appearance

_ROW, _DAY, _BAR, _GAP = 24, 92, 11, 12
_MARKS = (0.25, 0.5, 0.75)
_LEAST_BAR = 150


class WeekStrip(QWidget):
    """It says in words what it shows, for those who listen."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._days: Sequence[ComingDay] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_days(self, days: Sequence[ComingDay]) -> None:
        self._days = days
        told = "; ".join(f"{day_words(each.day)}: {hours_words(each)}" for each in days)
        self.setAccessibleName(tr("catalogue_page.coming"))
        self.setAccessibleDescription(told)
        self.setToolTip("\n".join(told.split("; ")))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_DAY + _LEAST_BAR + 180, _ROW * max(len(self._days), 7) + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = self.font()
        face.setPointSizeF(face.pointSizeF() * 0.92)
        painter.setFont(face)
        metrics = QFontMetrics(face)
        words = [hours_words(each) for each in self._days]
        widest = max((metrics.horizontalAdvance(each) for each in words), default=0)
        bar = max(_LEAST_BAR, self.width() - _DAY - _GAP - widest - 4)
        for place, (day, told) in enumerate(zip(self._days, words, strict=True)):
            self._row(painter, metrics, place * _ROW, bar, day, told)
        painter.end()

    def _row(self, painter: QPainter, metrics: QFontMetrics, top: int, bar: int, day: ComingDay, told: str) -> None:
        theme = self._appearance.theme
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(QRectF(0, top, _DAY, _ROW), middle, day_words(day.day))
        painter.setPen(Qt.PenStyle.NoPen)
        ground = QRectF(_DAY, top + (_ROW - _BAR) / 2, bar, _BAR)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(ground, 3, 3)
        painter.setBrush(theme.colour("accent"))
        for opens, closes in day.spans:
            width = max(2.0, (closes - opens) * bar)
            painter.drawRoundedRect(QRectF(_DAY + opens * bar, ground.top(), width, _BAR), 3, 3)
        painter.setPen(theme.colour("panel"))
        for mark in _MARKS:
            x = round(_DAY + mark * bar) + 0.5
            painter.drawLine(int(x), int(ground.top()), int(x), int(ground.bottom()))
        painter.setPen(theme.colour("warning" if day.shift else "text" if day.spans else "muted"))
        left = _DAY + bar + _GAP
        room = max(0, self.width() - left)
        painter.drawText(
            QRectF(left, top, room, _ROW), middle, metrics.elidedText(told, Qt.TextElideMode.ElideRight, room)
        )


def day_words(day: date) -> str:
    """The weekday with its date, in the language spoken."""
    told: str = QLocale(language()).toString(QDate(day.year, day.month, day.day), tr("catalogue_page.day_format"))
    return told


def hours_words(day: ComingDay) -> str:
    """When it is open, or why it is not; and by how much the clocks are changed."""
    told = day.hours or day.reason or tr("catalogue_page.closed")
    return f"{told}   {shift_words(day.shift)}" if day.shift else told


def shift_words(shift: timedelta) -> str:
    """In which direction the clocks are changed, and by how much."""
    minutes = abs(int(shift.total_seconds())) // 60
    told = f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
    return tr("catalogue_page.clocks_forward" if shift > timedelta(0) else "catalogue_page.clocks_back", by=told)
