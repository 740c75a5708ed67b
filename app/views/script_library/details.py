"""One script: what it is, how it stands with it, what is different in a version, and what can be done."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.models.records.desk import Actor
from app.services.remote_help.registry import Registered
from app.services.wording import language, tr
from app.views.kit.appearance import Appearance, monospace
from app.views.kit.times import date_words
from app.views.script_library.difference_view import DifferenceView
from app.views.script_library.library_model import (
    ScriptRow,
    State,
    may_try,
    short,
    state_of,
    state_words,
    why_not_approve,
)

_DEEDS = ("approve", "retire", "edit", "try", "export")
_COPIED_MS = 1_500
_HISTORY = 104


class ScriptDetails(QWidget):
    """`wanted` brings one of `_DEEDS` and the version it is about; `chosen` a version and what to compare it with."""

    wanted = Signal(str, Registered)
    chosen = Signal(Registered, object)

    def __init__(self, actor: Actor | None, appearance: Appearance) -> None:
        super().__init__()
        self._actor = actor
        self._row: ScriptRow | None = None
        self._version: Registered | None = None
        self.name, self.state, self.why_not = QLabel(), QLabel(), QLabel()
        self.description, self.digest = QLabel(), QLabel()
        self.copy = QPushButton(tr("script_library.copy"))
        self.difference, self.history = DifferenceView(appearance), QTreeWidget()
        self.deeds = {name: QPushButton(tr(f"script_deed.{name}")) for name in _DEEDS}
        self._build()
        self.copy.clicked.connect(self._copy)
        self.history.currentItemChanged.connect(self._choose)
        for name, button in self.deeds.items():
            button.clicked.connect(lambda _checked=False, deed=name: self._want(deed))

    @property
    def version(self) -> Registered | None:
        """That is shown."""
        return self._version

    def show_row(self, row: ScriptRow) -> None:
        """All of it, with what was looked at still chosen."""
        before = self._version.id if self._version is not None else None
        self._row = row
        self.history.blockSignals(True)
        self.history.clear()
        for each in row.versions:
            item = QTreeWidgetItem(_history_cells(each))
            item.setData(0, Qt.ItemDataRole.UserRole, each.id)
            self.history.addTopLevelItem(item)
        for column in range(4):
            self.history.resizeColumnToContents(column)
        ids = [each.id for each in row.versions]
        place = ids.index(before if before is not None and before in ids else row.shown.id)
        self.history.setCurrentIndex(self.history.model().index(place, 0))
        self.history.blockSignals(False)
        self._show(row.versions[place])

    def _choose(self, item: QTreeWidgetItem | None, _before: object) -> None:
        if item is not None and self._row is not None:
            chosen = item.data(0, Qt.ItemDataRole.UserRole)
            self._show(next(each for each in self._row.versions if each.id == chosen))

    def _show(self, version: Registered) -> None:
        assert self._row is not None
        self._version, manifest, words = version, version.manifest, version.manifest.words(language())
        self.name.setText(words.name)
        self.state.setText(f"{manifest.id}  ·  {manifest.version}  ·  {state_words(version)}")
        self.description.setText(
            f"{words.description} " + tr("remote_view.changes", changes=words.changes, undo=words.undo)
        )
        self.digest.setText(short(version.sha256))
        self.digest.setToolTip(version.sha256)
        why, state = why_not_approve(version, self._actor), state_of(version)
        self.why_not.setText(why)
        self.why_not.setVisible(bool(why) and state is State.WAITS)
        self.deeds["approve"].setVisible(state is State.WAITS)
        self.deeds["approve"].setEnabled(not why)
        self.deeds["retire"].setVisible(state is not State.RETIRED)
        self.deeds["try"].setVisible(may_try(version, self._actor))
        self.chosen.emit(version, self._row.before(version))

    def _want(self, deed: str) -> None:
        if self._version is not None:
            self.wanted.emit(deed, self._version)

    def _copy(self) -> None:
        if self._version is not None:
            QGuiApplication.clipboard().setText(self._version.sha256)
            self.copy.setText(tr("script_library.copied"))
            QTimer.singleShot(_COPIED_MS, self.copy, lambda: self.copy.setText(tr("script_library.copy")))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 0, 0)
        column.setSpacing(8)
        self.name.setProperty("role", "title")
        self.state.setProperty("role", "caption")
        self.why_not.setProperty("role", "problem")
        for label in (self.name, self.state, self.description, self.why_not):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        digest = QHBoxLayout()
        self.digest.setFont(monospace())
        self.copy.setProperty("role", "link")
        self.copy.setAccessibleName(tr("script_library.copy_digest"))
        for widget in (QLabel("SHA-256"), self.digest, self.copy):
            digest.addWidget(widget)
        digest.addStretch(1)
        column.addLayout(digest)
        column.addWidget(self.difference, 1)
        self.history.setHeaderLabels([tr(f"script_history.{each}") for each in ("version", "state", "by", "at")])
        self.history.setRootIsDecorated(False)
        self.history.setProperty("role", "boxed")
        self.history.setAccessibleName(tr("script_library.history"))
        self.history.setFixedHeight(_HISTORY)
        column.addWidget(self.history)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for name in ("export", "edit", "try"):
            row.addWidget(self.deeds[name])
        row.addStretch(1)
        for name in ("retire", "approve"):
            row.addWidget(self.deeds[name])
        self.deeds["approve"].setProperty("role", "primary")
        for each in self.deeds.values():
            each.setAutoDefault(False)
        return row


def _history_cells(version: Registered) -> list[str]:
    state = state_of(version)
    system = tr("script_library.system")
    by = version.approved_by or system if version.approved_at is not None else version.author or version.manifest.author
    at = version.retired_at or version.approved_at or version.added_at
    return [version.manifest.version, tr(f"script_state.{state.value}"), by, date_words(at)]
