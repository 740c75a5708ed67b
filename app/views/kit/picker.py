"""Choosing one thing of many by typing a few letters: a line, and under it what fits, the best first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.matching import spans

_WIDTH, _MOST_LINES, _EDGE = 640, 11, 12
_ITEM = int(Qt.ItemDataRole.UserRole)
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PickItem:
    """A thing to choose. `places` are the letters of `words` that were typed, `why_not` says why it cannot be."""

    words: str
    value: Any = None
    detail: str = ""
    icon: str = ""
    keys: str = ""
    places: tuple[int, ...] = ()
    why_not: str = ""
    run: Callable[[], object] | None = field(default=None, compare=False)


class Picker(QDialog):
    """`find(typed)` gives what fits, at once; `offer` shows more that came later. `picked` brings what was chosen."""

    picked = Signal(PickItem)
    typed = Signal(str)

    def __init__(
        self,
        appearance: Appearance,
        title: str,
        find: Callable[[str], Sequence[PickItem]],
        parent: QWidget | None = None,
        *,
        hint: str = "",
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self._find = find
        self._hint_words = hint or tr("picker.hint")
        self.setWindowTitle(title)
        self.setProperty("role", "picker")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.line = QLineEdit()
        self.line.setPlaceholderText(title)
        self.line.setAccessibleName(title)
        self.line.setClearButtonEnabled(False)
        self.list = QListView()
        self.list.setAccessibleName(tr("picker.found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setItemDelegate(PickDelegate(appearance, self.list))
        self._model = QStandardItemModel(self)
        self.list.setModel(self._model)
        self.hint = QLabel(self._hint_words)
        self.hint.setProperty("role", "caption")
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self._build()
        self.line.installEventFilter(self)
        self.line.textChanged.connect(self._look)
        self.list.clicked.connect(lambda _index: self._pick())
        self._look("")

    def offer(self, items: Sequence[PickItem]) -> None:
        """Show these; the first that can be chosen is the current one."""
        self._model.clear()
        for each in items:
            line = QStandardItem(each.words)
            line.setData(each, _ITEM)
            told = ", ".join(filter(None, [each.words, each.detail, each.keys, each.why_not]))
            line.setData(told, Qt.ItemDataRole.AccessibleTextRole)
            self._model.appendRow(line)
        first = next((place for place, each in enumerate(items) if not each.why_not), 0)
        self.list.setCurrentIndex(self._model.index(first, 0))
        self.hint.setText(self._hint_words if items or not self.line.text() else tr("picker.nothing"))
        self._fit(len(items))

    @property
    def items(self) -> list[PickItem]:
        """What is shown now."""
        return [self._model.item(place).data(_ITEM) for place in range(self._model.rowCount())]

    @property
    def current(self) -> PickItem | None:
        """The one that Return would choose."""
        index = self.list.currentIndex()
        return index.data(_ITEM) if index.isValid() else None

    def look_again(self) -> None:
        """There may be more to find now; the current one stays where it is among it."""
        chosen = self.current
        self._look(self.line.text())
        self.choose(chosen)

    def choose(self, wanted: PickItem | None) -> None:
        """Make this one the current one, where it is among those shown."""
        for place, each in enumerate(self.items):
            if wanted is not None and each.value == wanted.value:
                self.list.setCurrentIndex(self._model.index(place, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _MOVES:
                self._move(_MOVES[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._pick()
                return True
        return super().eventFilter(watched, event)

    def done(self, result: int) -> None:
        """The keyboard goes back to where it was."""
        super().done(result)
        ground = self._ground()
        if ground is not self:
            ground.activateWindow()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, 8)
        column.setSpacing(8)
        for each in (self.line, self.list, self.hint):
            column.addWidget(each)
        self.setFixedWidth(min(_WIDTH, self._ground().width() - 2 * _EDGE))

    def _ground(self) -> QWidget:
        parent = self.parentWidget()
        return parent.window() if parent is not None else self

    def _fit(self, lines: int) -> None:
        """As high as what was found, and always in the same place: under the window's upper edge."""
        height = self.list.sizeHintForRow(0) if lines else 0
        self.list.setFixedHeight(height * min(lines, _MOST_LINES) + 2)
        self.list.setVisible(bool(lines))
        self.adjustSize()
        ground = self._ground()
        if ground is not self:
            corner = ground.mapToGlobal(ground.rect().topLeft())
            self.move(corner.x() + (ground.width() - self.width()) // 2, corner.y() + max(8, ground.height() // 9))

    def _look(self, typed: str) -> None:
        self.offer(self._find(typed))
        self.typed.emit(typed)

    def _move(self, by: int) -> None:
        count = self._model.rowCount()
        if count:
            here = self.list.currentIndex().row()
            there = (here + by) % count if abs(by) == 1 else min(max(here + by, 0), count - 1)
            self.list.setCurrentIndex(self._model.index(there, 0))

    def _pick(self) -> None:
        item = self.current
        if item is None:
            return
        if item.why_not:
            self.hint.setText(item.why_not)
            return
        self.accept()
        self.picked.emit(item)


class PickDelegate(QStyledItemDelegate):
    """A picture, the name with the typed letters marked, what is to be said of it, and its key."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        face: QFont = option.font
        return QSize(200, QFontMetrics(face).height() + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: PickItem = index.data(_ITEM)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        theme = self._appearance.theme
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("selection"))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        text = "disabled" if item.why_not else "on_selection" if chosen else "text"
        muted = "disabled" if item.why_not else "on_selection" if chosen else "muted"
        room = rect.adjusted(10, 0, -10, 0)
        if item.icon:
            picture = self._appearance.icon(item.icon, muted)
            picture.paint(painter, QRect(room.left(), room.center().y() - 8, 17, 17))
        room.setLeft(room.left() + 28)
        keys = QKeySequence(item.keys).toString(QKeySequence.SequenceFormat.NativeText)
        room = self._right(painter, room, option.font, keys, muted)
        room = self._right(painter, room, option.font, item.why_not or item.detail, muted)
        self._name(painter, room, option.font, item, text)
        painter.restore()

    def _right(self, painter: QPainter, room: QRect, face: QFont, words: str, tint: str) -> QRect:
        if not words:
            return room
        small = QFont(face)
        small.setPointSizeF(face.pointSizeF() * 0.9)
        metrics = QFontMetrics(small)
        told = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width() // 2)
        painter.setFont(small)
        painter.setPen(self._appearance.theme.colour(tint))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), told)
        return room.adjusted(0, 0, -metrics.horizontalAdvance(told) - 14, 0)

    def _name(self, painter: QPainter, room: QRect, face: QFont, item: PickItem, tint: str) -> None:
        """The words, with those letters underlined that were typed."""
        metrics = QFontMetrics(face)
        told = metrics.elidedText(item.words, Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(face)
        colour = self._appearance.theme.colour(tint)
        painter.setPen(colour)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), told)
        base = room.center().y() + metrics.ascent() // 2 + 2
        painter.setPen(QPen(self._appearance.theme.colour("accent") if tint == "text" else colour, 2))
        for start, stop in spans(item.places):
            if stop <= len(told):
                left = room.left() + metrics.horizontalAdvance(told[:start])
                painter.drawLine(left, base, room.left() + metrics.horizontalAdvance(told[:stop]) - 1, base)
