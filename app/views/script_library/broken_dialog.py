"""Folders that are no scripts: each thing that is wrong, and the line of the manifest where it stands."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services.remote_help.library import BrokenField, BrokenScript
from app.services.wording import tr, tr_error
from app.views.kit.appearance import Appearance, monospace

_COLUMNS = ("script", "line", "field", "problem")


class BrokenDialog(QDialog):
    """What is wrong above, the manifest's text below with the chosen line marked. Nothing of it was stored."""

    def __init__(self, broken: Sequence[tuple[BrokenScript, str]], appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("script_broken.title"))
        self._appearance = appearance
        self.list, self.text = QTreeWidget(), QPlainTextEdit(readOnly=True, tabChangesFocus=True)
        self._build()
        for error, text in broken:
            for each in error.fields:
                self.list.addTopLevelItem(_item(str(error.facts["script"]), each, text))
        for column in range(3):
            self.list.resizeColumnToContents(column)
        self.list.currentItemChanged.connect(self._show)
        self.list.setCurrentIndex(self.list.model().index(0, 0))
        self.list.setFocus()

    def _show(self, item: QTreeWidgetItem | None, _before: object) -> None:
        if item is None:
            return
        line, text = item.data(0, Qt.ItemDataRole.UserRole)
        self.text.setPlainText(text)
        mark_line(self.text, line, self._appearance)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        words = QLabel(tr("script_broken.words"))
        words.setWordWrap(True)
        self.list.setHeaderLabels([tr(f"script_broken.{each}") for each in _COLUMNS])
        self.list.setRootIsDecorated(False)
        self.list.setProperty("role", "boxed")
        self.list.setAccessibleName(tr("script_broken.title"))
        self.text.setFont(monospace())
        self.text.setProperty("role", "report")
        self.text.setAccessibleName("script.toml")
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.list)
        split.addWidget(self.text)
        split.setSizes([200, 320])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("button.close"))
        buttons.rejected.connect(self.reject)
        column.addWidget(words)
        column.addWidget(split, 1)
        column.addWidget(buttons)
        self.resize(860, 600)


def mark_line(text: QPlainTextEdit, line: int, appearance: Appearance) -> None:
    """Show a line, from 1, and put it on the colour of what is wrong."""
    block = text.document().findBlockByNumber(line - 1)
    if not block.isValid():
        return
    cursor = QTextCursor(block)
    text.setTextCursor(cursor)
    marked = QTextEdit.ExtraSelection()
    marked.cursor = cursor
    marked.format.setBackground(QColor(appearance.theme["danger_area"]))
    marked.format.setProperty(QTextFormat.Property.FullWidthSelection.value, True)
    text.setExtraSelections([marked])
    text.centerCursor()


def _item(script: str, each: BrokenField, text: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([script, str(each.line), each.field, tr_error(each.problem)])
    item.setData(0, Qt.ItemDataRole.UserRole, (each.line, text))
    item.setToolTip(3, item.text(3))
    return item
