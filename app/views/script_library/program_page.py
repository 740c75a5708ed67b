"""What runs: how it is carried, what that wants to know, and the files of the script to type into."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import KnownError
from app.models.records.scripts import Transport
from app.services.wording import tr
from app.views.kit.appearance import monospace
from app.views.kit.boxes import choose
from app.views.script_library import manifest_lines
from app.views.script_library.editor_model import EditorModel, file_problem, is_text
from app.views.script_library.manifest_form import ManifestForm

_TAB, _EDGE = 4, 6


class ProgramPage(QWidget):
    """`changed` tells that something else stands in it, `refused` why a file cannot be added."""

    changed = Signal()
    refused = Signal(KnownError)

    def __init__(self, model: EditorModel) -> None:
        super().__init__()
        self._model = model
        self.transport, self.file = QComboBox(), QComboBox()
        self.text = QPlainTextEdit()
        self.add, self.remove = QPushButton(tr("script_editor.add_file")), QPushButton(tr("script_editor.remove_file"))
        self.form = ManifestForm(model, [])
        self._build()
        self.transport.activated.connect(lambda _place: self._choose_transport())
        self.file.activated.connect(lambda _place: self._show_file())
        self.text.textChanged.connect(self._typed)
        self.add.clicked.connect(self._ask_for_file)
        self.remove.clicked.connect(self._remove_file)
        self.fill()

    def fill(self) -> None:
        """What the model has now."""
        choose(self.transport, self._model.transport)
        form = ManifestForm(self._model, [("", manifest_lines.program(self._model.transport))])
        form.changed.connect(self.changed)
        self._place.replaceWidget(self.form, form)
        self.form.hide()
        self.form.deleteLater()
        self.form = form
        form.setMaximumHeight(form.height_needed() + _EDGE)
        self._fill_files(self.file.currentText())

    def tell_problems(self, *, move: bool = False) -> None:
        self.form.tell_problems(move=move)

    def add_file(self, name: str) -> None:
        """An empty one to type into. Told by `refused` where it cannot be."""
        problem = file_problem(name, self._model.draft.files)
        if problem is not None:
            self.refused.emit(problem)
            return
        self._model.put_file(name, b"")
        self._fill_files(name)
        self.text.setFocus()
        self.changed.emit()

    def _choose_transport(self) -> None:
        self._model.choose_transport(Transport(self.transport.currentData()))
        self.fill()
        self.changed.emit()

    def _fill_files(self, chosen: str) -> None:
        names = sorted(self._model.draft.files)
        self.file.clear()
        self.file.addItems(names)
        self.file.setCurrentIndex(max(self.file.findText(chosen), 0 if names else -1))
        self._show_file()

    def _show_file(self) -> None:
        name = self.file.currentText()
        content = self._model.draft.files.get(name, b"")
        readable = bool(name) and is_text(content)
        self.text.blockSignals(True)
        self.text.setPlainText(content.decode("utf-8") if readable else "")
        self.text.blockSignals(False)
        self.text.setReadOnly(not readable)
        none = tr("script_editor.no_file") if not name else tr("script_library.binary")
        self.text.setPlaceholderText("" if readable else none)
        self.remove.setEnabled(bool(name))

    def _typed(self) -> None:
        name = self.file.currentText()
        if name and not self.text.isReadOnly():
            self._model.put_file(name, self.text.toPlainText().encode())
            self.changed.emit()

    def _ask_for_file(self) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(tr("script_editor.add_file"))
        dialog.setLabelText(tr("script_editor.file_name"))
        dialog.textValueSelected.connect(lambda name: self.add_file(name.strip()))
        dialog.open()

    def _remove_file(self) -> None:
        self._model.remove_file(self.file.currentText())
        self._fill_files("")
        self.changed.emit()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for each in Transport:
            self.transport.addItem(tr(f"script_transport.{each.value}"), each)
        self.transport.setAccessibleName(tr("script_column.transport"))
        head = QHBoxLayout()
        title = QLabel(tr("script_column.transport"))
        title.setBuddy(self.transport)
        head.addWidget(title)
        head.addWidget(self.transport)
        head.addStretch(1)
        column.addLayout(head)
        self._place = QVBoxLayout()
        self._place.addWidget(self.form)
        column.addLayout(self._place, 2)
        files = QHBoxLayout()
        label = QLabel(tr("script_editor.file"))
        label.setBuddy(self.file)
        self.file.setAccessibleName(tr("script_editor.file"))
        self.file.setMinimumWidth(180)
        for widget in (label, self.file, self.add, self.remove):
            files.addWidget(widget)
        files.addStretch(1)
        for button in (self.add, self.remove):
            button.setAutoDefault(False)
        column.addLayout(files)
        self.text.setFont(monospace())
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabStopDistance(self.text.fontMetrics().horizontalAdvance(" ") * _TAB)
        self.text.setAccessibleName(tr("script_editor.file"))
        column.addWidget(self.text, 3)
