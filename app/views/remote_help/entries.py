"""The entries of a script's form that are more than a line: hosts, a file, choices that a host tells, consent."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.models.records.runs import UploadedFile
from app.models.records.scripts import Parameter
from app.models.rules.script_values import offered
from app.services.whole_file import read_whole
from app.services.wording import tr
from app.views.remote_help.form_model import hosts_in

_MOST_LINES = 5


class HostsEntry(QWidget):
    """Many hosts may be pasted; those that are likely are a click away."""

    changed = Signal()

    def __init__(self, likely: Sequence[str] = ()) -> None:
        super().__init__()
        self.text = _Growing()
        self.text.textChanged.connect(self._changed)
        self._count = QLabel()
        self._count.setProperty("role", "caption")
        self.offers = [self._offer(each) for each in likely]
        row = QHBoxLayout()
        row.setSpacing(2)
        for each in self.offers:
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.text)
        column.addLayout(row)
        self.setFocusProxy(self.text)
        self._changed()

    @property
    def hosts(self) -> list[str]:
        return hosts_in(self.text.toPlainText())

    def fill(self, hosts: Sequence[str]) -> None:
        self.text.setPlainText("\n".join(hosts))

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.text.setAccessibleName(name)

    def _offer(self, host: str) -> QPushButton:
        button = QPushButton(host)
        button.setProperty("role", "link")
        button.setToolTip(tr("remote_view.take_host", host=host))
        button.setAccessibleName(button.toolTip())
        button.clicked.connect(lambda: self.fill([*self.hosts, host]))
        return button

    def _changed(self) -> None:
        hosts = self.hosts
        self._count.setText(tr("remote_view.hosts", count=len(hosts)) if len(hosts) > 1 else "")
        for each in self.offers:
            each.setVisible(each.text() not in hosts)
        self.changed.emit()


class _Growing(QPlainTextEdit):
    """As high as its lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._fit)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height())

    def _fit(self) -> None:
        lines = min(max(self.blockCount(), 1), _MOST_LINES)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 14)


class FileEntry(QWidget):
    """`file` is read when it is needed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._path: Path | None = None
        self.button, self.clear = QPushButton(tr("remote_view.choose_file")), QPushButton(tr("remote_view.no_file"))
        self.clear.setProperty("role", "link")
        self.button.clicked.connect(self._ask)
        self.clear.clicked.connect(lambda: self.choose(None))
        self.clear.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button, 1)
        row.addWidget(self.clear)
        self.setFocusProxy(self.button)

    def choose(self, path: Path | None) -> None:
        self._path = path
        self.button.setText(path.name if path is not None else tr("remote_view.choose_file"))
        self.clear.setVisible(path is not None)
        self.changed.emit()

    @property
    def file(self) -> UploadedFile | None:
        """`KnownError` `file.cannot_read`."""
        return UploadedFile(self._path.name, read_whole(self._path)) if self._path is not None else None

    def _ask(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("remote_view.choose_file"))
        if name:
            self.choose(Path(name))


class AskedChoice(QWidget):
    """Choices that a host tells when it is asked, of those of `parameter` where it has some. `asked` wants them.

    Where it has none, what is known may be typed as well.
    """

    changed = Signal()
    asked = Signal()

    def __init__(self, parameter: Parameter, text: str) -> None:
        super().__init__()
        self._parameter = parameter
        self.box, self.ask, self.told = QComboBox(), QPushButton(tr("remote_view.ask_host")), QLabel()
        self.box.setEditable(not parameter.choices)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._fill(parameter.choices, text)
        self.box.currentTextChanged.connect(self.changed)
        self.ask.clicked.connect(self.asked)
        self.told.setProperty("role", "caption")
        self.told.setWordWrap(True)
        self.told.hide()
        row = QHBoxLayout()
        row.addWidget(self.box, 1)
        row.addWidget(self.ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.told)
        self.setFocusProxy(self.box)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.box.setAccessibleName(name)
        self.ask.setAccessibleName(tr("remote_view.ask_host_for", name=name))

    def wait(self, words: str) -> None:
        """It was asked, and takes its time."""
        self.ask.setEnabled(False)
        self._tell(words)

    def offer(self, told: Sequence[str]) -> None:
        self.ask.setEnabled(True)
        choices, chosen = offered(self._parameter, told), self.box.currentText()
        if not choices:
            self._tell(tr("remote_view.no_choices"))
            return
        self._fill(choices, chosen if chosen in choices else choices[0])
        self._tell(tr("remote_view.choices", count=len(choices)))
        self.box.setFocus()

    def forget(self) -> None:
        """Another host is meant: what the last one told counts no more."""
        self._fill(self._parameter.choices, self.box.currentText())
        self._tell("")

    def refuse(self, words: str) -> None:
        self.ask.setEnabled(True)
        self._tell(words)

    def _fill(self, choices: Sequence[str], text: str) -> None:
        before = self.box.currentText()
        self.box.blockSignals(True)
        self.box.clear()
        self.box.addItems(list(choices))
        self.box.setCurrentText(text)
        self.box.blockSignals(False)
        if self.box.currentText() != before:
            self.changed.emit()

    def _tell(self, words: str) -> None:
        self.told.setText(words)
        self.told.setVisible(bool(words))


class ConsentEntry(QWidget):
    """A tick, and how the requester agreed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tick, self.words = QCheckBox(tr("remote_view.consent_tick")), QLineEdit()
        self.words.setPlaceholderText(tr("remote_view.consent_how"))
        self.words.setAccessibleName(tr("remote_view.consent_how"))
        self.tick.toggled.connect(self.changed)
        self.words.textChanged.connect(self._typed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.tick)
        column.addWidget(self.words)
        self.setFocusProxy(self.tick)

    def _typed(self, words: str) -> None:
        if words.strip():
            self.tick.setChecked(True)
        self.changed.emit()
