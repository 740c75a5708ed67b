"""What a script asks for: its parameters in their order, and the form of the chosen one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.states import StateView
from app.views.script_library import manifest_lines
from app.views.script_library.editor_model import EditorModel
from app.views.script_library.manifest_form import ManifestForm

_LIST_WIDTH = 200
_DEEDS = ("add", "remove", "up", "down")


class ParametersPage(QWidget):
    """`changed` tells that something else stands in it."""

    changed = Signal()

    def __init__(self, model: EditorModel, appearance: Appearance) -> None:
        super().__init__()
        self._model = model
        self.list, self._stack, self._empty = QListWidget(), QStackedWidget(), StateView(appearance)
        self.form: ManifestForm | None = None
        self.buttons = {name: QPushButton(tr(f"parameter_deed.{name}")) for name in _DEEDS}
        self._build()
        self._empty.empty("list", tr("script_editor.no_parameters"), tr("script_editor.no_parameters_hint"))
        self.list.currentRowChanged.connect(self._open)
        self.buttons["add"].clicked.connect(self.add)
        self.buttons["remove"].clicked.connect(self._remove)
        self.buttons["up"].clicked.connect(lambda: self._move(-1))
        self.buttons["down"].clicked.connect(lambda: self._move(1))
        self.fill(0)

    def fill(self, chosen: int | None = None) -> None:
        """What the model has now."""
        place = self.list.currentRow() if chosen is None else chosen
        there = self._model.parameters
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([str(each.get("name", "")) for each in there])
        self.list.blockSignals(False)
        for name in ("remove", "up", "down"):
            self.buttons[name].setEnabled(bool(there))
        place = min(max(place, 0), len(there) - 1)
        self.list.setCurrentRow(place)
        self._open(place)

    def add(self) -> None:
        place = self._model.add_parameter()
        self.changed.emit()
        self.fill(place)
        if self.form is not None:
            self.form.entries[f"parameters.{place}.name"].setFocus()

    def tell_problems(self, *, move: bool = False) -> None:
        """The first parameter with something wrong is shown."""
        for each in self._model.problems if move else ():
            parts = each.field.split(".")
            if parts[0] == "parameters" and len(parts) > 1 and parts[1].isdigit():
                self.list.setCurrentRow(int(parts[1]))
                break
        if self.form is not None:
            self.form.tell_problems(move=move)

    def _open(self, place: int) -> None:
        if self.form is not None:
            self._stack.removeWidget(self.form)
            self.form.deleteLater()
            self.form = None
        if 0 <= place < len(self._model.parameters):
            self.form = ManifestForm(self._model, [("", manifest_lines.parameter(place))])
            self.form.changed.connect(self._typed)
            self._stack.addWidget(self.form)
            self._stack.setCurrentWidget(self.form)
            self.form.tell_problems()

    def _typed(self) -> None:
        item, place = self.list.currentItem(), self.list.currentRow()
        if item is not None:
            item.setText(str(self._model.parameters[place].get("name", "")))
        self.changed.emit()

    def _remove(self) -> None:
        place = self.list.currentRow()
        if place >= 0:
            self._model.remove_parameter(place)
            self.changed.emit()
            self.fill(place)

    def _move(self, by: int) -> None:
        place = self.list.currentRow()
        if place >= 0:
            to = self._model.move_parameter(place, by)
            self.changed.emit()
            self.fill(to)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(18)
        column = QVBoxLayout()
        column.setSpacing(6)
        self.list.setProperty("role", "boxed")
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setAccessibleName(tr("script_section.parameters"))
        column.addWidget(self.list, 1)
        for first, second in (("add", "remove"), ("up", "down")):
            buttons = QHBoxLayout()
            for name in (first, second):
                self.buttons[name].setAutoDefault(False)
                buttons.addWidget(self.buttons[name])
            column.addLayout(buttons)
        self._stack.addWidget(self._empty)
        row.addLayout(column)
        row.addWidget(self._stack, 1)
