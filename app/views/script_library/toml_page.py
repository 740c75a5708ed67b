"""The manifest as TOML, for who would rather type it; what is wrong stands beside its line."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.services.remote_help.library import BrokenField
from app.services.wording import tr, tr_error
from app.views.kit.appearance import Appearance, monospace
from app.views.script_library.broken_dialog import mark_line
from app.views.script_library.editor_model import EditorModel

_PAUSE_MS, _LIST = 300, 120


class TomlPage(QWidget):
    """`changed` tells that the manifest says something else now. What cannot be read changes nothing."""

    changed = Signal()

    def __init__(self, model: EditorModel, appearance: Appearance) -> None:
        super().__init__()
        self._model, self._appearance = model, appearance
        self.text, self.list, self._words = QPlainTextEdit(), QTreeWidget(), QLabel(tr("script_editor.toml_words"))
        self.unread: BrokenField | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._build()
        self._pause.timeout.connect(self.take)
        self.text.textChanged.connect(self._pause.start)
        self.list.itemActivated.connect(lambda item, _column: self._go_to(item))
        self.list.currentItemChanged.connect(lambda item, _before: self._go_to(item))

    def fill(self) -> None:
        """What the model says now, from the forms."""
        self.text.blockSignals(True)
        self.text.setPlainText(self._model.draft.text)
        self.text.blockSignals(False)
        self.unread = None
        self.tell_problems()

    def take(self) -> None:
        """What was typed, where it can be read."""
        self._pause.stop()
        self.unread = self._model.take_text(self.text.toPlainText())
        if self.unread is None:
            self._model.check()
            self.changed.emit()
        self.tell_problems()

    def tell_problems(self, *, move: bool = False) -> None:
        problems = [self.unread] if self.unread is not None else list(self._model.problems)
        self.list.clear()
        for each in problems:
            self.list.addTopLevelItem(QTreeWidgetItem([str(each.line), each.field, tr_error(each.problem)]))
        self.list.setVisible(bool(problems))
        self.text.setExtraSelections([])
        if move and problems:
            self.list.setCurrentIndex(self.list.model().index(0, 0))

    def _go_to(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            mark_line(self.text, int(item.text(0)), self._appearance)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._words.setProperty("role", "caption")
        self._words.setWordWrap(True)
        self.text.setFont(monospace())
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName("script.toml")
        self.list.setHeaderLabels([tr(f"script_broken.{each}") for each in ("line", "field", "problem")])
        self.list.setRootIsDecorated(False)
        self.list.setProperty("role", "boxed")
        self.list.setAccessibleName(tr("script_broken.problem"))
        self.list.setFixedHeight(_LIST)
        self.list.setColumnWidth(0, 60)
        self.list.setColumnWidth(1, 220)
        self.list.hide()
        column.addWidget(self._words)
        column.addWidget(self.text, 1)
        column.addWidget(self.list)
