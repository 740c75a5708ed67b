"""Draws a settings form from a pydantic model: every connector's settings get their form without a line of code."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from app.services.wording import tr
from app.views.kit.forms_model import Field, Kind, fields_of, read

_LINES = 84  # pixels of an entry for several lines
_ROWS = 3  # of the grid for a field: the entry, its description, what is wrong with it
TITLES = 178  # pixels, so that forms that stand below each other line up; a longer title takes two lines


class ModelForm(QWidget):
    """A line for each field, its description below it, and below that what is wrong with what was entered.

    It is as high as its words are: put it into a scroll area.

    Secrets are asked for by name beside the model, because they are kept in the keyring and never in the settings.
    `smtp_password` stands behind `smtp_user`, where there is such a field, and else at the end. `area` is where the
    words of the fields are in other languages; see `fields_of`.
    """

    changed = Signal()

    def __init__(self, model: type[BaseModel], secrets: tuple[str, ...] = (), area: str = "") -> None:
        super().__init__()
        self._model = model
        self._entries: dict[str, QWidget] = {}
        self._problems: dict[str, QLabel] = {}
        self._secrets: dict[str, QLineEdit] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        users = {name.replace("password", "user"): name for name in secrets}
        for field in fields_of(model, area):
            self._add(field.name, field.title, field.description, self._entry(field))
            if field.name in users:
                self._add_secret(users.pop(field.name))
        for name in users.values():
            self._add_secret(name)
        self._began = self.entered()

    def fill(self, values: Mapping[str, Any]) -> None:
        """Show settings that there are."""
        for name, value in values.items():
            if name in self._entries:
                _show(self._entries[name], value)

    def entered(self) -> dict[str, Any]:
        """What stands in the form, valid or not."""
        return {name: _entered(entry) for name, entry in self._entries.items()}

    def changed_entries(self) -> dict[str, Any]:
        """What stands there and is not what the form began with."""
        return {name: value for name, value in self.entered().items() if value != self._began[name]}

    def entry(self, name: str) -> QWidget:
        return self._entries[name]

    def problem(self, name: str) -> str:
        """What is said to be wrong with a field; empty where nothing is."""
        return self._problems[name].text()

    def secrets(self) -> dict[str, str]:
        """Those that were entered; one left empty stays as it is in the keyring."""
        return {name: line.text() for name, line in self._secrets.items() if line.text()}

    def settings(self) -> BaseModel | None:
        """The valid settings; None where something is wrong, which then stands beside it, with the caret there."""
        found, problems = read(self._model, self.entered())
        for name, label in self._problems.items():
            label.setText(problems.get(name, ""))
            label.setVisible(name in problems)
            _mark(self._entries.get(name), wrong=name in problems)
        if problems:
            self._entries[next(iter(problems))].setFocus()
        return found

    def _add(self, name: str, title: str, description: str, entry: QWidget) -> None:
        row = self._grid.rowCount()
        label = QLabel(title)
        label.setFixedWidth(TITLES)
        label.setWordWrap(True)
        label.setBuddy(_focusable(entry))
        _focusable(entry).setAccessibleName(title)
        _focusable(entry).setAccessibleDescription(description)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(entry, row, 1)
        if description:
            hint = QLabel(description)
            hint.setProperty("role", "caption")
            hint.setWordWrap(True)
            self._grid.addWidget(hint, row + 1, 1)
        problem = QLabel()
        problem.setProperty("role", "problem")
        problem.setWordWrap(True)
        problem.hide()
        self._problems[name] = problem
        self._grid.addWidget(problem, row + 2, 1)
        self._grid.setRowMinimumHeight(row + _ROWS, 8)
        self._grid.addWidget(QWidget(), row + _ROWS, 0)

    def _add_secret(self, name: str) -> None:
        line = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        line.textEdited.connect(self.changed)
        self._secrets[name] = line
        self._add(f"secret {name}", tr(f"secret.{name}"), tr("form.keyring_hint"), line)

    def _entry(self, field: Field) -> QWidget:
        entry = _widget(field)
        self._entries[field.name] = _focusable(entry)
        match _focusable(entry):
            case QCheckBox() as box:
                box.toggled.connect(self.changed)
            case QComboBox() as choice:
                choice.activated.connect(self.changed)
            case QLineEdit() as line:
                line.textEdited.connect(self.changed)
            case QPlainTextEdit() as text:
                text.textChanged.connect(self.changed)
        return entry


def _widget(field: Field) -> QWidget:
    match field.kind:
        case Kind.SWITCH:
            box = QCheckBox()
            box.setChecked(bool(field.default))
            return box
        case Kind.CHOICE:
            choice = QComboBox()
            for value, words in field.choices:
                choice.addItem(words, value)
            _show(choice, field.default)
            return choice
        case Kind.FOLDER | Kind.FILE:
            return _path_line(field)
        case Kind.LINES:
            text = QPlainTextEdit(tabChangesFocus=True)
            text.setFixedHeight(_LINES)
            _show(text, field.default)
            return text
        case _:
            line = QLineEdit()
            _show(line, field.default)
            return line


def _path_line(field: Field) -> QWidget:
    """A line, and a button that looks for a folder or a file."""
    whole, line, button = QWidget(), QLineEdit(), QPushButton(tr("form.choose"))
    _show(line, field.default)
    button.setAccessibleName(f"{field.title}: {tr('form.choose')}")

    def choose() -> None:
        if field.kind is Kind.FILE:
            found, _ = QFileDialog.getOpenFileName(whole, field.title, line.text())
        else:
            found = QFileDialog.getExistingDirectory(whole, field.title, line.text())
        if found:
            line.setText(found)
            line.textEdited.emit(found)

    button.clicked.connect(choose)
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(line, 1)
    row.addWidget(button)
    whole.setFocusProxy(line)
    return whole


def _focusable(entry: QWidget) -> QWidget:
    return entry.focusProxy() or entry


def _show(entry: QWidget, value: Any) -> None:
    plain = value.value if isinstance(value, Enum) else value
    match entry:
        case QCheckBox():
            entry.setChecked(bool(plain))
        case QComboBox():
            entry.setCurrentIndex(max(0, entry.findData(str(plain))))
        case QLineEdit():
            entry.setText("" if plain is None else str(plain))
        case QPlainTextEdit():
            entry.setPlainText("" if plain is None else str(plain))


def _entered(entry: QWidget) -> Any:
    match entry:
        case QCheckBox():
            return entry.isChecked()
        case QComboBox():
            return entry.currentData()
        case QLineEdit():
            return entry.text().strip()
        case QPlainTextEdit():
            return entry.toPlainText()
    return None


def _mark(entry: QWidget | None, *, wrong: bool) -> None:
    if entry is not None:
        entry.setProperty("wrong", wrong)
        entry.style().unpolish(entry)
        entry.style().polish(entry)
