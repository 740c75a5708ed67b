"""Choosing a script: shelves, what stands on them with its risk and the reason, and what the current one does."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.services.remote_help.offering import Offer, Offered
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.states import StateView
from app.views.remote_help.chooser_model import Line, Shelf, about_words, empty_words, lines, shelves, spoken
from app.views.remote_help.model import RISK_LOOKS

_SIZE, _SHELVES = (900, 560), 190
_DATA = int(Qt.ItemDataRole.UserRole)
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 7, Qt.Key.Key_PageUp: -7}
Index = QModelIndex | QPersistentModelIndex


class ScriptChooser(QDialog):
    """Typing looks on all shelves; Up and Down walk, with Ctrl from shelf to shelf. `chosen` brings what was chosen."""

    chosen = Signal(Offered)

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("remote_view.choose"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.finished.connect(lambda _result: parent.window().activateWindow())
        self._offer: Offer | None = None
        self.line, self.shelves, self.list = QLineEdit(), QListView(), QListView()
        self.about, self.state, self.middle = QLabel(), StateView(appearance), QStackedWidget()
        self._shelf_model, self._line_model = QStandardItemModel(self), QStandardItemModel(self)
        self._build(appearance)
        self.line.installEventFilter(self)
        self.line.textChanged.connect(self._show)
        self.shelves.selectionModel().currentChanged.connect(self._show)
        self.list.selectionModel().currentChanged.connect(self._show_about)
        self.list.activated.connect(self._choose)
        self.list.clicked.connect(self._choose)
        self.state.loading()
        self.middle.setCurrentWidget(self.state)

    def show_offer(self, offer: Offer) -> None:
        """What there is to choose from: what is proposed first."""
        self._offer = offer
        self._shelf_model.clear()
        for shelf in shelves(offer):
            item = QStandardItem(f"{shelf.words}  {shelf.count}")
            item.setData(shelf, _DATA)
            self._shelf_model.appendRow(item)
        self.shelves.setVisible(bool(self._shelf_model.rowCount()))
        self.shelves.setCurrentIndex(self._shelf_model.index(0, 0))
        self._show()

    def show_failure(self, words: str) -> None:
        self.state.error(words)

    @property
    def lines(self) -> Sequence[Line]:
        """What is shown now."""
        return [self._line_model.item(row).data(_DATA) for row in range(self._line_model.rowCount())]

    @property
    def current(self) -> Line | None:
        index = self.list.currentIndex()
        return index.data(_DATA) if index.isValid() else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _MOVES:
                of_shelves = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                _move(self.shelves if of_shelves else self.list, _MOVES[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose()
                return True
        return super().eventFilter(watched, event)

    def _show(self, *_: object) -> None:
        offer = self._offer
        if offer is None:
            return
        shelf: Shelf | None = self.shelves.currentIndex().data(_DATA)
        found = lines(offer, shelf.key if shelf is not None else "", self.line.text())
        self._line_model.clear()
        for each in found:
            item = QStandardItem(each.name)
            item.setData(each, _DATA)
            item.setData(spoken(each), Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(each.why_not or each.detail)
            self._line_model.appendRow(item)
        first = next((row for row, each in enumerate(found) if not each.why_not), 0)
        self.list.setCurrentIndex(self._line_model.index(first, 0))
        if not found:
            self.state.empty("code", *empty_words(offer, self.line.text()))
        self.middle.setCurrentIndex(0 if found else 1)
        self.about.setVisible(bool(found))
        self._show_about()

    def _show_about(self, *_: object) -> None:
        self.about.setText(about_words(self.current) if self.current is not None else "")

    def _choose(self, *_: object) -> None:
        line = self.current
        if line is not None and not line.why_not:
            self.accept()
            self.chosen.emit(line.offered)

    def _build(self, appearance: Appearance) -> None:
        self.line.setPlaceholderText(tr("remote_view.filter"))
        self.line.setAccessibleName(tr("remote_view.filter"))
        self.shelves.setModel(self._shelf_model)
        self.shelves.setProperty("role", "sidebar")
        self.shelves.setAccessibleName(tr("remote_view.shelves"))
        self.shelves.setFixedWidth(_SHELVES)
        self.list.setModel(self._line_model)
        self.list.setItemDelegate(_LineDelegate(appearance, self.list))
        self.list.setProperty("role", "boxed")
        self.list.setAccessibleName(tr("remote_view.scripts"))
        for each in (self.shelves, self.list):
            each.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.about.setWordWrap(True)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setMinimumHeight(4 * self.fontMetrics().lineSpacing() + 4)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        hint = QLabel(tr("remote_view.choose_hint"))
        hint.setProperty("role", "caption")
        self.middle.addWidget(self.list)
        self.middle.addWidget(self.state)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.middle, 1)
        right.addWidget(self.about)
        both = QHBoxLayout()
        both.addWidget(self.shelves)
        both.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addLayout(both, 1)
        column.addWidget(hint)
        parent = self.parentWidget()
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(_SIZE[0], room.width() - 40), min(_SIZE[1], room.height() - 40))
        self.line.setFocus()


class _LineDelegate(QStyledItemDelegate):
    """Two lines: the name with its risk at the right, below it the reason, or why it is not to be had."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        face: QFont = option.font
        return QSize(200, 2 * QFontMetrics(face).height() + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(_DATA)
        theme, face = self._appearance.theme, QFont(option.font)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("selection"))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        room = rect.adjusted(10, 6, -10, -6)
        height = QFontMetrics(face).height()
        upper, lower = QRect(room.topLeft(), QSize(room.width(), height)), room.adjusted(0, height + 2, 0, 0)
        strong = "disabled" if line.why_not else "on_selection" if chosen else "text"
        weak = "on_selection" if chosen else "muted"
        upper = self._risk(painter, upper, face, line, "disabled" if line.why_not else weak)
        face.setWeight(QFont.Weight.DemiBold)
        _words(painter, upper, face, line.name, theme.colour(strong))
        small = QFont(option.font)
        small.setPointSizeF(small.pointSizeF() * 0.9)
        if line.why_not:
            self._appearance.icon("lock", weak).paint(painter, QRect(lower.left(), lower.center().y() - 7, 14, 14))
            lower.setLeft(lower.left() + 20)
        _words(painter, lower, small, line.why_not or line.detail, theme.colour(weak))
        painter.restore()

    def _risk(self, painter: QPainter, room: QRect, face: QFont, line: Line, tint: str) -> QRect:
        name, own = RISK_LOOKS[line.offered.manifest.risk]
        small = QFont(face)
        small.setPointSizeF(face.pointSizeF() * 0.9)
        width = QFontMetrics(small).horizontalAdvance(line.risk)
        right = QRect(room.right() - width, room.top(), width + 1, room.height())
        _words(painter, right, small, line.risk, self._appearance.theme.colour(tint))
        icon = self._appearance.icon(name, tint if line.why_not or tint == "on_selection" else own)
        icon.paint(painter, QRect(right.left() - 20, room.center().y() - 7, 15, 15))
        return room.adjusted(0, 0, -(width + 30), 0)


def _words(painter: QPainter, room: QRect, face: QFont, words: str, colour: QColor) -> None:
    painter.setFont(face)
    painter.setPen(colour)
    told = QFontMetrics(face).elidedText(" ".join(words.split()), Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), told)


def _move(view: QListView, by: int) -> None:
    """To the next line, and round at the ends."""
    model = view.model()
    count = model.rowCount() if model is not None else 0
    if count:
        there = view.currentIndex().row() + by
        there = there % count if abs(by) == 1 else min(max(there, 0), count - 1)
        view.setCurrentIndex(model.index(there, 0))
