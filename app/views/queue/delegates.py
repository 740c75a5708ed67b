"""How a line of the queue and a line of the list of views are painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from app.models.clock import Clock
from app.models.records.tickets import TicketRow
from app.views.kit.appearance import Appearance
from app.views.kit.matching import highlights
from app.views.kit.paged_table import ROW_ROLE
from app.views.queue.cells import Cell, cell
from app.views.queue.columns import CELLS, QueueLine, queue_line

Index = QModelIndex | QPersistentModelIndex
COUNT_ROLE = int(Qt.ItemDataRole.UserRole) + 10
_EDGE, _GAP, _MARK, _PAD = 14, 6, 4, 8
_COLUMN_OF = {place: column for column, place in CELLS.items()}
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_LEFT, _RIGHT = int(_MIDDLE | Qt.AlignmentFlag.AlignLeft), int(_MIDDLE | Qt.AlignmentFlag.AlignRight)


class TicketDelegate(QStyledItemDelegate):
    """Two lines a ticket: subject and age; number, people, status. An edge tells what is urgent, a dot what is new."""

    def __init__(self, appearance: Appearance, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance, self._clock = appearance, clock

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(260, 2 * _metrics(option).height() + 20)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option)
        row = index.data(ROW_ROLE)
        if isinstance(row, TicketRow):
            self._ticket(painter, option, queue_line(row, self._clock.now()))
        else:
            self._placeholder(painter, _rect(option))
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        theme, rect, state = self._appearance.theme, _rect(option), _state(option)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("hover"))
        painter.setPen(theme.colour("border"))
        painter.drawLine(rect.left() + _EDGE, rect.bottom(), rect.right() - _EDGE, rect.bottom())
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def _ticket(self, painter: QPainter, option: QStyleOptionViewItem, line: QueueLine) -> None:
        theme, rect = self._appearance.theme, _rect(option)
        chosen = bool(_state(option) & QStyle.StateFlag.State_Selected)
        text, muted = (
            theme.colour("on_selection" if chosen else "text"),
            theme.colour("on_selection" if chosen else "muted"),
        )
        if line.priority_tint != "muted":
            mark = QRect(rect.left(), rect.top() + 6, _MARK, rect.height() - 12)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(line.priority_tint))
            painter.drawRoundedRect(mark, 2, 2)
        above, below = _halves(rect)
        plain, strong = _face(option), _face(option)
        strong.setWeight(QFont.Weight.Bold if line.unread else QFont.Weight.Medium)
        plain.setPointSizeF(plain.pointSizeF() * 0.9)
        if line.unread:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            painter.drawEllipse(above.left(), above.center().y() - 3, 8, 8)
            above.setLeft(above.left() + 14)
        above = _right(painter, above, line.age, plain, muted)
        _left(painter, above, line.subject, strong, text)
        below = _right(painter, below, line.status, plain, text if chosen else theme.colour(line.status_tint))
        below = self._priority(painter, below, line, plain, chosen=chosen)
        _left(painter, below, line.detail, plain, muted)

    def _priority(self, painter: QPainter, room: QRect, line: QueueLine, face: QFont, *, chosen: bool) -> QRect:
        theme = self._appearance.theme
        small = QFont(face)
        small.setWeight(QFont.Weight.DemiBold)
        width = QFontMetrics(small).horizontalAdvance(line.priority)
        colour = theme.colour("on_selection" if chosen else line.priority_tint)
        return _right(painter, room, line.priority, small, colour) if width else room

    def _placeholder(self, painter: QPainter, rect: QRect) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._appearance.theme.colour("sunken"))
        above, below = _halves(rect)
        for line, share in ((above, 0.7), (below, 0.45)):
            painter.drawRoundedRect(line.left(), line.center().y() - 4, int(line.width() * share), 8, 4, 4)


class CellDelegate(QStyledItemDelegate):
    """One cell of the table: a dot for the status, a count of what is unread, words in their colour."""

    def __init__(self, appearance: Appearance, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance, self._clock = appearance, clock
        self.marked: tuple[str, ...] = ()
        """Words that were searched for: they are marked where a subject has them."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, rect, state = self._appearance.theme, _rect(option), _state(option)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, theme.colour("selection"))
        painter.setPen(theme.colour("border"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        row = index.data(ROW_ROLE)
        room = rect.adjusted(_PAD, 0, -_PAD, -1)
        if isinstance(row, TicketRow):
            self._words(painter, option, room, cell(row, _COLUMN_OF[index.column()], self._clock.now()), chosen=chosen)
        else:
            bar = QRect(room.left(), room.center().y() - 4, int(room.width() * 0.6), 8)
            painter.fillRect(bar, theme.colour("sunken"))
        self._focus(painter, option, index)

    def _words(self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, told: Cell, *, chosen: bool) -> None:
        theme, face = self._appearance.theme, _face(option)
        if told.strong:
            face.setWeight(QFont.Weight.DemiBold)
        if told.dot:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(told.dot))
            painter.drawEllipse(room.left(), room.center().y() - 3, 8, 8)
            room.setLeft(room.left() + 15)
        if told.badge:
            room = self._badge(painter, room, told.badge, face)
        if self.marked:
            self._mark(painter, room, told.words, face)
        tint = "on_selection" if chosen and told.tint in ("text", "muted") else told.tint
        _left(painter, room, told.words, face, theme.colour(tint))

    def _mark(self, painter: QPainter, room: QRect, words: str, face: QFont) -> None:
        metrics = QFontMetrics(face)
        for start, stop in highlights(words, self.marked):
            left = room.left() + metrics.horizontalAdvance(words[:start])
            width = metrics.horizontalAdvance(words[start:stop])
            if left + width <= room.right():
                painter.fillRect(left, room.top() + 3, width, room.height() - 6, self._appearance.theme.colour("found"))

    def _badge(self, painter: QPainter, room: QRect, words: str, face: QFont) -> QRect:
        """A count in front of the subject, in the accent's colour."""
        theme, small = self._appearance.theme, QFont(face)
        small.setPointSizeF(face.pointSizeF() * 0.82)
        metrics = QFontMetrics(small)
        height = metrics.height() + 1
        width = max(height, metrics.horizontalAdvance(words) + 9)
        pill = QRect(room.left(), room.center().y() - height // 2 + 1, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setFont(small)
        painter.setPen(theme.colour("on_accent"))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), words)
        return room.adjusted(width + 7, 0, 0, 0)

    def _focus(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The current line is framed as a whole while the table has the keyboard."""
        view = option.widget
        if not isinstance(view, QTableView) or not view.hasFocus() or view.currentIndex().row() != index.row():
            return
        rect = _rect(option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QPen(self._appearance.theme.colour("focus"), 2))
        painter.drawLine(rect.left(), rect.top() + 1, rect.right() + 1, rect.top() + 1)
        painter.drawLine(rect.left(), rect.bottom(), rect.right() + 1, rect.bottom())


class ViewDelegate(QStyledItemDelegate):
    """A view's picture, its name, and how many tickets it holds."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(150, _metrics(option).height() + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, state = self._appearance.theme, _state(option)
        rect = _rect(option).adjusted(1, 1, -1, -1)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("focus"), 2) if state & QStyle.StateFlag.State_HasFocus else Qt.PenStyle.NoPen)
        hover = bool(state & QStyle.StateFlag.State_MouseOver)
        ground = (
            theme.colour("selection")
            if chosen
            else theme.colour("hover")
            if hover
            else QColor(Qt.GlobalColor.transparent)
        )
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, 6, 6)
        room = rect.adjusted(10, 0, -10, 0)
        icon = self._appearance.icon(str(index.data(Qt.ItemDataRole.UserRole)), "on_selection" if chosen else "muted")
        icon.paint(painter, QRect(room.left(), room.center().y() - 8, 17, 17))
        room.setLeft(room.left() + 27)
        colour = theme.colour("on_selection" if chosen else "text")
        face = _face(option)
        face.setWeight(QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        count = index.data(COUNT_ROLE)
        if count:
            room = _right(painter, room, str(count), face, colour if chosen else theme.colour("muted"))
        _left(painter, room, str(index.data(Qt.ItemDataRole.DisplayRole)), face, colour)
        painter.restore()


def _halves(rect: QRect) -> tuple[QRect, QRect]:
    inner = rect.adjusted(_EDGE, 7, -_EDGE, -7)
    half = inner.height() // 2
    return QRect(inner.left(), inner.top(), inner.width(), half), QRect(
        inner.left(), inner.top() + half, inner.width(), half
    )


def _right(painter: QPainter, room: QRect, words: str, face: QFont, colour: QColor) -> QRect:
    """Write at the right end; returns the room that is left."""
    painter.setFont(face)
    painter.setPen(colour)
    painter.drawText(room, _RIGHT, words)
    return room.adjusted(0, 0, -QFontMetrics(face).horizontalAdvance(words) - 2 * _GAP, 0)


def _left(painter: QPainter, room: QRect, words: str, face: QFont, colour: QColor) -> None:
    painter.setFont(face)
    painter.setPen(colour)
    painter.drawText(room, _LEFT, QFontMetrics(face).elidedText(words, Qt.TextElideMode.ElideRight, room.width()))


def _rect(option: QStyleOptionViewItem) -> QRect:
    rect: QRect = option.rect
    return rect


def _state(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    state: QStyle.StateFlag = option.state
    return state


def _face(option: QStyleOptionViewItem) -> QFont:
    return QFont(option.font)


def _metrics(option: QStyleOptionViewItem) -> QFontMetrics:
    return QFontMetrics(_face(option))
