"""What a script asks for, as a form."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from app.models.errors import KnownError
from app.models.records.runs import Connection, Value
from app.models.records.scripts import ChoicesFrom, Manifest, Parameter, ParameterType, Transport
from app.services.wording import tr
from app.views.catalogue.lines import Lines
from app.views.kit.boxes import choose
from app.views.kit.ending import keep_unseen
from app.views.remote_help.entries import AskedChoice, ConsentEntry, FileEntry, HostsEntry
from app.views.remote_help.form_model import (
    CONSENT,
    PASSWORD,
    TARGETS,
    Filled,
    hint_of,
    label_of,
    line_of,
    problem_words,
    problems,
)


class ScriptForm(Lines):
    """`changed` tells that something else stands in it; `asked` that choices are wanted from a host.

    What is missing is said at its line once somebody was there, or all of it when they want to go on.
    """

    changed = Signal()
    asked = Signal(AskedChoice, ChoicesFrom)

    def __init__(
        self, manifest: Manifest, values: Mapping[str, Value], by: Sequence[Connection] = (), likely: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._manifest, self._by = manifest, by
        self._touched: set[str] = set()
        self.hosts, self.consent, self.service = HostsEntry(likely), ConsentEntry(), QComboBox()
        self.entries: dict[str, QWidget] = {}
        self.passwords: dict[str, QLineEdit] = {}
        self._add_targets()
        for each in manifest.parameters:
            entry = self._entry(each, values.get(each.name))
            self.entries[each.name] = entry
            self.add(each.name, label_of(each), entry, hint_of(each))
        self._add_passwords()
        if manifest.consent:
            self.consent.changed.connect(partial(self._touch, CONSENT))
            self.add(CONSENT, tr("remote_view.consent"), self.consent, tr("remote_view.consent_hint"))
        keep_unseen(self, *(each for each in (self.hosts, self.consent, self.service) if each.parent() is None))
        first = next(iter(self._entries.values()), None)
        if first is not None:
            self.setFocusProxy(first)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self._entries

    def filled(self) -> Filled:
        """What stands there. `KnownError` `file.cannot_read`."""
        given = {each.name: self._value(each) for each in self._manifest.parameters}
        passwords = {name: line.text() for name, line in self.passwords.items()}
        return Filled(self._targets(), given, self.consent.tick.isChecked(), self.consent.words.text(), passwords)

    def look(self, filled: Filled, *, dry_run: bool) -> bool:
        """Mark what is wrong where somebody was by now; whether all is well."""
        found = problems(self._manifest, filled, self._by, dry_run=dry_run)
        self.mark({name: words for name, words in found.items() if name in self._touched})
        return not found

    def insist(self, *, dry_run: bool) -> bool:
        """Mark all that is wrong and go to the first; whether all is well."""
        self._touched.update(self._entries)
        found = problems(self._manifest, self.filled(), self._by, dry_run=dry_run)
        self.tell(found)
        return not found

    def refuse(self, error: KnownError) -> bool:
        """Say at its line what the desk refused; False where it is about none."""
        line = line_of(self._manifest, error)
        if line not in self._entries:
            return False
        self.mark({line: problem_words(self._manifest, error)})
        return True

    def forget_secrets(self) -> None:
        """They were used; they are typed anew."""
        secret = {each.name for each in self._manifest.parameters if each.type is ParameterType.SECRET}
        lines = [entry for name, entry in self.entries.items() if name in secret]
        for line in (*lines, *self.passwords.values()):
            if isinstance(line, QLineEdit) and line.text():
                line.blockSignals(True)
                line.clear()
                line.blockSignals(False)

    def hold(self, targets: Sequence[str]) -> None:
        """It is what somebody agreed to: only secrets and files are still asked for."""
        self.hosts.fill(targets)
        self.hosts.setEnabled(False)
        self.service.setEnabled(False)
        self.consent.setEnabled(False)
        anew = {each.name for each in self._manifest.parameters if each.type.value in ("secret", "file")}
        for name, entry in self.entries.items():
            entry.setEnabled(name in anew)

    def _add_targets(self) -> None:
        if self._manifest.takes_target:
            self.hosts.changed.connect(partial(self._touch, TARGETS))
            what = "accounts" if self._manifest.transport is Transport.DIRECTORY else "targets"
            self.add(TARGETS, tr(f"remote_view.{what}"), self.hosts, tr(f"remote_view.{what}_hint"))
        elif len(self._by) > 1:
            for each in self._by:
                self.service.addItem(each.name, each.name)
            self.service.currentIndexChanged.connect(partial(self._touch, TARGETS))
            self.add(TARGETS, tr("remote_view.service"), self.service)

    def _add_passwords(self) -> None:
        for each in self._by:
            if each.asks_password:
                line = QLineEdit()
                line.setEchoMode(QLineEdit.EchoMode.Password)
                line.textChanged.connect(partial(self._touch, f"{PASSWORD}{each.name}"))
                self.passwords[each.name] = line
                label = tr("remote_view.password", name=each.name)
                self.add(f"{PASSWORD}{each.name}", label, line, tr("remote_view.password_hint", user=each.user_name))

    def _targets(self) -> list[str]:
        if self._manifest.takes_target:
            return self.hosts.hosts
        return [self.service.currentData()] if len(self._by) > 1 else []

    def _entry(self, parameter: Parameter, value: Value) -> QWidget:
        text, touch = "" if value is None else str(value), partial(self._touch, parameter.name)
        match parameter.type:
            case ParameterType.FLAG:
                box = QCheckBox(tr("remote_view.yes"))
                box.setChecked(bool(value))
                box.toggled.connect(touch)
                return box
            case ParameterType.CHOICE if parameter.choices and parameter.choices_from is None:
                choice = QComboBox()
                for each in parameter.choices:
                    choice.addItem(each, each)
                choose(choice, text)
                choice.currentIndexChanged.connect(touch)
                return choice
            case ParameterType.FILE:
                file = FileEntry()
                file.changed.connect(touch)
                return file
        if parameter.choices_from is not None:
            asked = AskedChoice(parameter, text)
            asked.changed.connect(touch)
            asked.asked.connect(lambda: self.asked.emit(asked, parameter.choices_from))
            self.hosts.changed.connect(asked.forget)
            return asked
        line = QLineEdit(text)
        if parameter.type is ParameterType.SECRET:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        line.textChanged.connect(touch)
        return line

    def _value(self, parameter: Parameter) -> object:
        match self.entries[parameter.name]:
            case QCheckBox() as tick:
                return tick.isChecked()
            case QComboBox() as box:
                return box.currentData()
            case AskedChoice() as asked:
                return asked.box.currentText().strip()
            case FileEntry() as entry:
                return entry.file
            case QLineEdit() as line:
                return line.text()
        return None

    def _touch(self, name: str, *_: object) -> None:
        self._touched.add(name)
        self.changed.emit()
