"""What a script asks for, as a form."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QPushButton, QWidget

from app.models.errors import KnownError
from app.models.records.runs import UploadedFile, Value
from app.models.records.scripts import Manifest, Parameter, ParameterType, Transport
from app.services.whole_file import read_whole
from app.services.wording import language, tr, tr_error
from app.views.catalogue.lines import Lines
from app.views.kit.boxes import choose

TARGETS, CONSENT = "target ", "consent "
"""Names of lines that no parameter can have."""
_ABOUT_TARGETS = ("remote.not_allowed", "script.no_target", "script.too_many_targets")


class ScriptForm(Lines):
    """`changed` tells that something else stands in it."""

    changed = Signal()

    def __init__(self, manifest: Manifest, values: Mapping[str, Value]) -> None:
        super().__init__()
        self._manifest = manifest
        self.targets_, self.consent_ = QLineEdit(), QLineEdit()
        self.entries: dict[str, QWidget] = {}
        self._files: dict[str, Path] = {}
        if manifest.takes_target:
            what = "accounts" if manifest.transport is Transport.DIRECTORY else "targets"
            self.add(TARGETS, tr(f"remote_view.{what}"), self.targets_, tr(f"remote_view.{what}_hint"))
        for each in manifest.parameters:
            entry = self._entry(each, values.get(each.name))
            self.entries[each.name] = entry
            label = each.label.get(language()) or each.label["en"]
            self.add(each.name, label, entry, each.hint.get(language()) or each.hint.get("en", ""))
        if manifest.consent:
            self.add(CONSENT, tr("remote_view.consent"), self.consent_, tr("remote_view.consent_hint"))
        for line in (self.targets_, self.consent_):
            line.textChanged.connect(self.changed)
        first = self.targets_ if manifest.takes_target else next(iter(self.entries.values()), self.consent_)
        self.setFocusProxy(first)

    def targets(self) -> Sequence[str]:
        return self.targets_.text().replace(",", " ").split()

    def consent(self) -> str:
        return self.consent_.text()

    def given(self) -> dict[str, object]:
        """What stands there, by name. `KnownError` `file.cannot_read`."""
        return {each.name: self._value(each) for each in self._manifest.parameters}

    def refuse(self, error: KnownError) -> bool:
        """Say what is wrong at its line; False where it is about none."""
        name = str(error.facts.get("name", ""))
        line = TARGETS if error.code in _ABOUT_TARGETS else CONSENT if error.code == "script.no_consent" else name
        is_here = line in (*self.entries, TARGETS, CONSENT)
        self.mark({line: tr_error(error)} if is_here else {})
        return is_here

    def _entry(self, parameter: Parameter, value: Value) -> QWidget:
        text = "" if value is None else str(value)
        match parameter.type:
            case ParameterType.FLAG:
                box = QCheckBox(tr("remote_view.yes"))
                box.setChecked(bool(value))
                box.toggled.connect(self.changed)
                return box
            case ParameterType.CHOICE if parameter.choices:
                choice = QComboBox()
                for each in parameter.choices:
                    choice.addItem(each, each)
                choose(choice, text)
                choice.currentIndexChanged.connect(self.changed)
                return choice
            case ParameterType.FILE:
                button = QPushButton(tr("remote_view.choose_file"))
                button.clicked.connect(lambda: self._choose_file(parameter.name, button))
                return button
        line = QLineEdit(text)
        if parameter.type is ParameterType.SECRET:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        line.textChanged.connect(self.changed)
        return line

    def _value(self, parameter: Parameter) -> object:
        entry = self.entries[parameter.name]
        if isinstance(entry, QCheckBox):
            return entry.isChecked()
        if isinstance(entry, QComboBox):
            return entry.currentData()
        if isinstance(entry, QLineEdit):
            return entry.text()
        file = self._files.get(parameter.name)
        return UploadedFile(file.name, read_whole(file)) if file is not None else None

    def _choose_file(self, name: str, button: QPushButton) -> None:
        file, _ = QFileDialog.getOpenFileName(self, tr("remote_view.choose_file"))
        if file:
            self._files[name] = Path(file)
            button.setText(Path(file).name)
            self.changed.emit()
