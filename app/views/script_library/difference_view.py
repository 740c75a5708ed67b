"""What is different in a version of a script: fields, then lines of its files, in the colours of what came and went."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget

from app.models.records.scripts import Package
from app.services.remote_help.comparing import Comparison, FieldDifference, FileDifference, Mark
from app.services.wording import tr
from app.views.kit.appearance import Appearance, monospace

_SIGNS = {Mark.ADDED: "+ ", Mark.GONE: "- ", Mark.SAME: "  ", Mark.PLACE: "", Mark.BINARY: ""}
_AREAS = {Mark.ADDED: "success_area", Mark.GONE: "danger_area"}
_INKS = {Mark.ADDED: "success", Mark.GONE: "danger", Mark.PLACE: "muted", Mark.BINARY: "muted"}


class DifferenceView(QTextEdit):
    """Read, not typed into; a sign at each line says the same as its colour."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._shown: tuple[Package, Comparison, str] | None = None
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName(tr("script_library.difference"))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        appearance.follow(self, _paint)

    def show_difference(self, package: Package, found: Comparison, against: str) -> None:
        """`against` is the version it is compared with; empty where there was none before."""
        self._shown = (package, found, against)
        self.paint_anew()

    def paint_anew(self) -> None:
        self.clear()
        if self._shown is None:
            return
        _package, found, against = self._shown
        words = tr("script_library.against", version=against) if against else tr("script_library.all_new")
        self._line(words, ink="muted")
        if against and found.fields:
            self._head(tr("script_library.fields"))
            for each in found.fields:
                self._field(each)
        for file in found.files:
            self._file(file)
        if not found.files:
            self._line(tr("script_library.no_difference"))
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _field(self, each: FieldDifference) -> None:
        self._line(each.field, mono=True)
        for mark, text in ((Mark.GONE, each.before), (Mark.ADDED, each.after)):
            for line in text.splitlines() if text else ():
                self._marked(mark, line)

    def _file(self, file: FileDifference) -> None:
        key = {Mark.ADDED: "script_library.file_added", Mark.GONE: "script_library.file_gone"}
        self._head(tr(key.get(file.mark, "script_library.file_changed"), name=file.name))
        for each in file.lines:
            self._marked(each.mark, tr("script_library.binary") if each.mark is Mark.BINARY else each.text)

    def _marked(self, mark: Mark, text: str) -> None:
        self._line(_SIGNS[mark] + text, mono=True, ink=_INKS.get(mark, "text"), area=_AREAS.get(mark, ""))

    def _head(self, words: str) -> None:
        self._line("")
        self._line(words, bold=True)

    def _line(self, text: str, *, mono: bool = False, bold: bool = False, ink: str = "text", area: str = "") -> None:
        cursor, theme = self.textCursor(), self._appearance.theme
        cursor.movePosition(QTextCursor.MoveOperation.End)
        letters, block = QTextCharFormat(), QTextBlockFormat()
        if mono:
            letters.setFont(monospace())
        if bold:
            letters.setFontWeight(QFont.Weight.DemiBold)
        letters.setForeground(QColor(theme[ink]))
        if area:
            block.setBackground(QColor(theme[area]))
        if self.document().isEmpty():
            cursor.setBlockFormat(block)
        else:
            cursor.insertBlock(block)
        cursor.setCharFormat(letters)
        cursor.insertText(text)


def _paint(view: QObject) -> None:
    assert isinstance(view, DifferenceView)
    view.paint_anew()
