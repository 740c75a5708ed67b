"""The settings of one channel, there already or to be added, and the buttons to test and to store them."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.records.channels import ChannelAccount
from app.models.records.desk import Team
from app.services.channels.registry import kinds, manifest
from app.services.wording import tr
from app.views.channels.accounts_model import ChannelLine, account_of, general_model, general_values, kind_words
from app.views.channels.findings import Findings
from app.views.kit.appearance import Appearance
from app.views.kit.forms import ModelForm


class ChannelPage(QWidget):
    """`tried` and `stored` bring the account as it is entered and the passwords that were typed.

    Without `line` it asks for a new channel.
    """

    tried = Signal(ChannelAccount, dict)
    stored = Signal(ChannelAccount, dict)

    def __init__(
        self, line: ChannelLine | None, teams: Sequence[Team], appearance: Appearance, *, may_change: bool
    ) -> None:
        super().__init__()
        self._known = line.account if line else None
        self._teams = teams
        self.kind = QComboBox()
        self.general = ModelForm(general_model(teams))
        self.settings = QWidget()
        self.findings = Findings(appearance)
        self.test = QPushButton(tr("channels.test"))
        self.store = QPushButton(tr("channels.save" if line else "channels.add"))
        self._build(line)
        self.kind.activated.connect(lambda _place: self._ask_for_kind())
        self.test.clicked.connect(lambda: self._hand_out(self.tried.emit))
        self.store.clicked.connect(lambda: self._hand_out(self.stored.emit))
        if self._known:
            self.general.fill(general_values(self._known, teams))
            self.general.entry("name").setEnabled(False)
        if not may_change:
            for each in (self.general, self.settings, self.kind):
                each.setEnabled(False)
            self.store.hide()

    @property
    def form(self) -> ModelForm:
        """The settings of the connector."""
        assert isinstance(self.settings, ModelForm)
        return self.settings

    def set_busy(self, *, busy: bool) -> None:
        """While it is tested or stored it is neither tested nor stored again."""
        self.test.setEnabled(not busy)
        self.store.setEnabled(not busy)

    def first_entry(self) -> QWidget:
        """Where typing begins."""
        return next(iter(self.form.findChildren(QWidget))) if self._known else self.general.entry("name")

    def _hand_out(self, hand: Callable[[ChannelAccount, dict[str, str]], None]) -> None:
        general, settings = self.general.settings(), self.form.settings()
        if general is None or settings is None:
            caret = self.focusWidget()
            if caret is not None:
                self._scroll.ensureWidgetVisible(caret)
            return
        account = account_of(self._known, self._kind(), general, settings, self._teams)
        hand(account, self.form.secrets())

    def _kind(self) -> str:
        return self._known.kind if self._known else str(self.kind.currentData())

    def _ask_for_kind(self) -> None:
        """Another kind has other settings; what was entered under the same name stays."""
        described = manifest(self._kind())
        form = ModelForm(described.config, described.secrets)
        form.fill(self._known.config if self._known else _entered(self.settings))
        self._place.replaceWidget(self.settings, form)
        self.settings.deleteLater()
        self.settings = form
        self.findings.clear()

    def _build(self, line: ChannelLine | None) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._heading(line))
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setProperty("role", "plain")
        self._place = QVBoxLayout(inner)
        self._place.setContentsMargins(2, 2, 14, 2)
        self._place.setSpacing(12)
        if line is None:
            self._place.addLayout(self._kinds())
        for each in (self.general, _line(), self.settings):
            self._place.addWidget(each)
        self._place.addStretch(1)
        self._scroll.setWidget(inner)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.findings)
        row = QHBoxLayout()
        row.addWidget(self.test)
        row.addStretch(1)
        row.addWidget(self.store)
        self.store.setProperty("role", "primary")
        column.addLayout(row)
        self._ask_for_kind()

    def _heading(self, line: ChannelLine | None) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        title = QLabel(line.account.name if line else tr("channels.new_heading"))
        title.setProperty("role", "title")
        told = f"{kind_words(line.account.kind)}   ·   {line.words}" if line else tr("channels.new_words")
        words = QLabel(told)
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setProperty("role", "problem" if line and line.state == "broken" else "caption")
        column.addWidget(title)
        column.addWidget(words)
        return column

    def _kinds(self) -> QFormLayout:
        for kind in kinds():
            self.kind.addItem(kind_words(kind), kind)
        self.kind.setAccessibleName(tr("channels.kind"))
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.addRow(tr("channels.kind"), self.kind)
        return form


def _entered(settings: QWidget) -> Mapping[str, object]:
    return settings.entered() if isinstance(settings, ModelForm) else {}


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    return line
