"""Lines of a manifest as entries to type into; what is typed goes to the model at once."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from app.services.wording import tr, tr_or
from app.views.catalogue.lines import Lines
from app.views.kit.boxes import choose
from app.views.script_library.editor_model import EditorModel
from app.views.script_library.manifest_lines import MANY, Kind, Line

_HEIGHTS = {Kind.LONG: 64, Kind.LIST: 64, Kind.NUMBERS: 40, Kind.FORMS: 84}
_OTHERWISE = 74


class ManifestForm(Lines):
    """`changed` tells that something else stands in it."""

    changed = Signal()

    def __init__(self, model: EditorModel, parts: Sequence[tuple[str, Sequence[Line]]]) -> None:
        """`parts` are headings, which may be empty, each with its lines."""
        super().__init__()
        self._model = model
        self._lines: dict[str, Line] = {}
        self.entries: dict[str, QWidget] = {}
        for title, lines in parts:
            if title:
                self.section(title)
            for each in lines:
                self._add(each)

    def tell_problems(self, *, move: bool = False) -> None:
        """What is wrong by line; with `move` the caret goes to the first."""
        found = {name: words for name, line in self._lines.items() if (words := self._model.words(line))}
        (self.tell if move else self.mark)(found)

    def _add(self, line: Line) -> None:
        entry = self._entry(line)
        self._lines[line.field], self.entries[line.field] = line, entry
        hint = tr_or(f"manifest_hint.{line.name}", "")
        if not hint and line.kind in (Kind.LIST, Kind.NUMBERS, Kind.PAIRS, Kind.VALUES, Kind.LISTS, Kind.FORMS):
            hint = tr(f"manifest_kind.{line.kind.value}")
        if line.choices and line.kind is Kind.LIST:
            hint = tr("manifest_kind.of", choices=", ".join(line.choices))
        self.add(line.field, tr(f"manifest_line.{line.name}"), entry, hint)

    def _entry(self, line: Line) -> QWidget:
        value = self._model.value(line)
        match line.kind:
            case Kind.SWITCH:
                box = QCheckBox(tr("remote_view.yes"))
                box.setChecked(bool(value))
                box.toggled.connect(partial(self._take, line))
                return box
            case Kind.CHOICE:
                return self._choice(line, str(value))
            case _ if line.kind in MANY:
                text = QPlainTextEdit(str(value), tabChangesFocus=True)
                text.setFixedHeight(_HEIGHTS.get(line.kind, _OTHERWISE))
                text.textChanged.connect(lambda: self._take(line, text.toPlainText()))
                return text
        entry = QLineEdit(str(value))
        entry.textEdited.connect(partial(self._take, line))
        return entry

    def _choice(self, line: Line, value: str) -> QComboBox:
        """With an empty one where it need not be chosen, and with what stands there though it is none of them."""
        choice = QComboBox()
        if line.default is None and not line.needed:
            choice.addItem("", "")
        there = line.choices if not value or value in line.choices else (*line.choices, value)
        for each in there:
            choice.addItem(tr_or(f"manifest_choice.{line.name}.{each}", each), each)
        choose(choice, value)
        choice.activated.connect(lambda _place: self._take(line, str(choice.currentData())))
        return choice

    def _take(self, line: Line, typed: str | bool) -> None:
        self._model.enter(line, typed)
        self.changed.emit()
