"""The on-call picture: rows of bars over days, where a span is chosen for somebody else to take over."""

from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.oncall.board import Bar, Board, Row
from app.views.oncall.words import day_words, initials, moment, span, spoken, weekday, who

_NAMES, _HEAD, _ROW, _BAR, _FINAL = 150, 40, 46, 30, 60
_TINTS = (
    ("info_area", "info"), ("success_area", "success"), ("warning_area", "warning"),
    ("selection", "on_selection"), ("note_area", "text"), ("sunken", "text"),
)  # fmt: skip
_DAY_HOURS = 24
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class DutyPicture(QWidget):
    """Left and Right move by an hour, with Ctrl by a day; with Shift they choose. Return hands the span on.

    `pointed` tells where the cursor is, `chosen` the span that somebody is to take over.
    """

    pointed = Signal(str)
    chosen = Signal(object, object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.board: Board | None = None
        self._hour = self._anchor = 0
        self._dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("oncall_view.picture"))
        appearance.follow(self, lambda picture: picture.update())  # type: ignore[attr-defined]

    def show_board(self, board: Board) -> None:
        """Draw it; the cursor stands at the present hour, or at the beginning."""
        moved = self.board is None or (board.team_id, board.since, board.until) != (
            self.board.team_id, self.board.since, self.board.until,
        )  # fmt: skip
        self.board = board
        if moved:
            inside = board.since <= board.now < board.until
            self._hour = self._anchor = int(board.share(board.now) * board.hours) if inside else 0
        self.updateGeometry()
        self._tell()

    def selection(self) -> tuple[datetime, datetime] | None:
        """The span that is chosen: some hours, or the whole shift at the cursor where none are."""
        board = self.board
        if board is None:
            return None
        if self._hour != self._anchor:
            first, last = sorted((self._hour, self._anchor))
            return board.instant(first), board.instant(last)
        bar = board.bar_at(board.instant(min(self._hour, board.hours - 1)))
        return (bar.shift.since, bar.shift.until) if bar is not None else None

    def bar(self) -> Bar | None:
        """The shift at the cursor."""
        board = self.board
        return board.bar_at(board.instant(min(self._hour, board.hours - 1))) if board is not None else None

    def sizeHint(self) -> QSize:
        rows = len(self.board.rows) if self.board is not None else 1
        return QSize(760, _HEAD + (rows - 1) * _ROW + _FINAL + 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        board, key = self.board, event.key()
        if board is None:
            return super().keyPressEvent(event)
        wide = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        keeps = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = _DAY_HOURS if wide else 1
        moves = {Qt.Key.Key_Left: self._hour - step, Qt.Key.Key_Right: self._hour + step}
        moves |= {Qt.Key.Key_Home: 0, Qt.Key.Key_End: board.hours}
        if key in moves:
            self._move(moves[Qt.Key(key)], keeps=keeps)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        else:
            super().keyPressEvent(event)
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged = False
        keeps = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._move(self._hour_at(event.position()), keeps=keeps)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            hour = self._hour_at(event.position())
            self._dragged = self._dragged or hour != self._hour
            self._move(hour, keeps=True)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._dragged:
            self._choose()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._choose()

    def _choose(self) -> None:
        chosen = self.selection()
        if chosen is not None:
            self.chosen.emit(*chosen)

    def _move(self, hour: int, *, keeps: bool) -> None:
        if self.board is not None:
            self._hour = min(max(hour, 0), self.board.hours)
            if not keeps:
                self._anchor = self._hour
            self._tell()

    def _tell(self) -> None:
        board, bar, chosen = self.board, self.bar(), self.selection()
        if board is None or bar is None or chosen is None:
            return
        told = spoken(board, bar)
        if self._hour != self._anchor:
            told = tr("oncall_view.selected", span=span(board, *chosen))
        self.setAccessibleDescription(told)
        self.pointed.emit(f"{moment(board, board.instant(self._hour))}: {told}")
        self.update()

    def _hour_at(self, point: QPointF) -> int:
        if self.board is None:
            return 0
        return round((point.x() - _NAMES) / max(self.width() - _NAMES, 1) * self.board.hours)

    def _x(self, share: float) -> float:
        return _NAMES + share * (self.width() - _NAMES - 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.board is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._days(painter, self.board)
        top = float(_HEAD)
        for row in self.board.rows:
            height = _FINAL if row.rotation is None else _ROW
            self._row(painter, row, top, height)
            top += height
        self._cursor(painter, self.board, top)
        painter.end()

    def _days(self, painter: QPainter, board: Board) -> None:
        theme, bottom = self._appearance.theme, self.height()
        narrow = len(board.midnights) > 10
        for begins, ends in zip(board.midnights, board.midnights[1:], strict=False):
            left, right = self._x(board.share(begins)), self._x(board.share(ends))
            local = board.local(begins)
            if local.weekday() >= 5:
                painter.fillRect(QRectF(left, _HEAD, right - left, bottom - _HEAD), theme.colour("hover"))
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawLine(QPointF(left, _HEAD - 8), QPointF(left, bottom))
            today = begins <= board.now < ends
            painter.setPen(theme.colour("accent" if today else "muted"))
            words = str(local.day) if narrow else f"{weekday(local)} {day_words(local)}"
            face = painter.font()
            face.setBold(today)
            painter.setFont(face)
            painter.drawText(QRectF(left + 4, 6, right - left - 4, _HEAD - 14), _LEFT, words)
        face = painter.font()
        face.setBold(False)
        painter.setFont(face)

    def _row(self, painter: QPainter, row: Row, top: float, height: int) -> None:
        theme = self._appearance.theme
        final = row.rotation is None
        name = tr("oncall_view.final") if row.rotation is None else row.rotation.name
        painter.setPen(theme.colour("text" if final else "muted"))
        face = painter.font()
        face.setBold(final)
        painter.setFont(face)
        metrics = QFontMetrics(face)
        told = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _NAMES - 14)
        painter.drawText(QRectF(4, top, _NAMES - 10, height), _LEFT, told)
        face.setBold(False)
        painter.setFont(face)
        tall = _BAR + 12 if final else _BAR
        for bar in row.bars:
            if final or not bar.shift.is_gap:
                self._bar(painter, bar, QRectF(self._x(bar.left), top + (height - tall) / 2, 0, tall))

    def _bar(self, painter: QPainter, bar: Bar, place: QRectF) -> None:
        theme = self._appearance.theme
        place.setRight(max(self._x(bar.right) - 1, place.left() + 2))
        gap = bar.shift.is_gap
        area, ink = ("danger_area", "danger") if gap else _TINTS[bar.tint % len(_TINTS)]
        painter.setPen(QPen(theme.colour(ink), 1))
        painter.setBrush(theme.colour(area))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if gap:
            painter.setPen(Qt.PenStyle.NoPen)
            hatch = theme.colour("danger")
            hatch.setAlpha(70)
            painter.setBrush(QBrush(hatch, Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(place, 4, 4)
        elif bar.override is not None:  # what was put there by hand has a mark, not only another name
            painter.fillRect(QRectF(place.left() + 4, place.bottom() - 4, place.width() - 8, 2), theme.colour(ink))
        room = place.width() - 12
        metrics = QFontMetrics(painter.font())
        painter.setPen(theme.colour(ink))
        if room > metrics.horizontalAdvance("MMMM…"):
            words = metrics.elidedText(who(bar), Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(place.adjusted(7, 0, -4, 0), _LEFT, words)
        elif place.width() > metrics.horizontalAdvance(initials(bar)):
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), initials(bar))

    def _cursor(self, painter: QPainter, board: Board, bottom: float) -> None:
        theme = self._appearance.theme
        if board.since <= board.now < board.until:
            x = self._x(board.share(board.now))
            painter.setPen(QPen(theme.colour("danger"), 2))
            painter.drawLine(QPointF(x, _HEAD - 8), QPointF(x, bottom))
        chosen = self.selection()
        if chosen is None or not (self.hasFocus() or self._hour != self._anchor):
            return
        left, right = (self._x(min(max(board.share(each), 0), 1)) for each in chosen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("focus"), 2))
        painter.drawRoundedRect(QRectF(left, _HEAD - 4, max(right - left, 2), bottom - _HEAD + 4), 5, 5)
        x = self._x(self._hour / board.hours)
        painter.setPen(QPen(theme.colour("focus"), 2, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, _HEAD), QPointF(x, bottom))
