"""A short list beside the caret: what was begun to be typed, to be finished by one key."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QWidget

from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.picker import PickDelegate, PickItem

_WIDTH, _MOST = 400, 8
_ITEM = int(Qt.ItemDataRole.UserRole)
_CHOOSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class Suggestions(QListView):
    """Belongs to a field, which keeps the focus: its arrow keys move here, Return takes, Escape closes."""

    chosen = Signal(PickItem)

    def __init__(self, appearance: Appearance, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setProperty("role", "suggestions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # it shows all there is
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(PickDelegate(appearance, self))
        self.setAccessibleName(tr("picker.found"))
        self.clicked.connect(lambda _index: self._choose())
        self.hide()
        field.installEventFilter(self)

    @property
    def items(self) -> list[PickItem]:
        return [self._model.item(place).data(_ITEM) for place in range(self._model.rowCount())]

    def offer(self, items: Sequence[PickItem], caret: QRect) -> None:
        """Show these below the caret (in the field's own coordinates), or above it where there is more room."""
        if not items or not self._field.hasFocus():
            self.hide()
            return
        self._model.clear()
        for each in items[:_MOST]:
            line = QStandardItem(each.words)
            line.setData(each, _ITEM)
            line.setData(f"{each.words}, {each.detail}", Qt.ItemDataRole.AccessibleTextRole)
            self._model.appendRow(line)
        self.setCurrentIndex(self._model.index(0, 0))
        self._place(caret)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and self.isVisible():
            if event.type() is QEvent.Type.FocusOut:
                self.hide()
            elif event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
                if Qt.Key(event.key()) in (*_CHOOSES, Qt.Key.Key_Escape) and not event.modifiers():
                    event.accept()
            elif event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._key(event):
                return True
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key is Qt.Key.Key_Down else -1
            row = (self.currentIndex().row() + step) % self._model.rowCount()
            self.setCurrentIndex(self._model.index(row, 0))
        elif key in _CHOOSES:
            self._choose()
        elif key is Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True

    def _choose(self) -> None:
        item = self.currentIndex().data(_ITEM)
        self.hide()
        if isinstance(item, PickItem):
            self.chosen.emit(item)

    def _place(self, caret: QRect) -> None:
        ground = self._field.window()
        if self.parentWidget() is not ground:
            self.setParent(ground)
        height = self.sizeHintForRow(0) * self._model.rowCount() + 6
        width = min(_WIDTH, ground.width() - 16)
        below = self._field.mapTo(ground, caret.bottomLeft() + QPoint(0, 4))
        above = self._field.mapTo(ground, caret.topLeft()).y() - 4 - height
        top = below.y() if below.y() + height <= ground.height() or above < 0 else above
        self.setGeometry(max(8, min(below.x(), ground.width() - width - 8)), top, width, height)
