"""The settings of one channel, there already or to be added, and the buttons to test and to store them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.records.channels import ChannelAccount
from app.models.records.desk import Team
from app.services.accounts import moving
from app.services.channels.interface import Identity
from app.services.channels.registry import kinds, manifest
from app.services.mailbox_discovery import Proposal
from app.services.wording import tr
from app.views.channels.accounts_model import (
    ChannelLine,
    changed_account,
    identity_entered,
    kind_words,
    naming_model,
    new_account_of,
    option_values,
    options_model,
)
from app.views.channels.finder import Finder
from app.views.channels.left_behind import LeftBehind
from app.views.channels.sign_in_card import SignInCard
from app.views.kit.appearance import Appearance
from app.views.kit.ending import keep_unseen
from app.views.kit.findings import Findings
from app.views.kit.forms import TITLES, ModelForm

CLOUD = "graph"
"""Where a mailbox on an Exchange server moves to."""


class ChannelPage(QWidget):
    """`tried`, `stored` and `moved` bring the account as it is entered and the passwords that were typed; `moved` one
    whose mailbox is to be read by another connector from now on.

    Without `line` it asks for a new channel.
    """

    tried = Signal(ChannelAccount, dict)
    stored = Signal(ChannelAccount, dict)
    moved = Signal(ChannelAccount, dict)
    kind_changed = Signal()

    def __init__(
        self, line: ChannelLine | None, teams: Sequence[Team], appearance: Appearance, *, may_change: bool
    ) -> None:
        super().__init__()
        self.known = line.account if line else None
        self._teams = teams
        self.kind = QComboBox()
        self.naming = ModelForm(naming_model())
        self.options = ModelForm(options_model(teams))
        self.settings = QWidget()
        self.finder = Finder(appearance)
        self.sign_in = SignInCard(appearance)
        self.findings, self.moving = Findings(appearance), Findings(appearance)
        self.left = LeftBehind()
        self.test = QPushButton(tr("channels.test"))
        self.to_cloud = QPushButton()
        self.store = QPushButton()
        self._moving_to: str | None = None
        self._build(line)
        self.kind.activated.connect(lambda _place: self._ask_for_kind())
        self.test.clicked.connect(lambda: self._hand_out(self.tried.emit))
        self.store.clicked.connect(lambda: self._hand_out((self.moved if self._moving_to else self.stored).emit))
        self.to_cloud.clicked.connect(lambda: self.move_to(None if self._moving_to else CLOUD))
        self.to_cloud.setVisible(may_change and self.known is not None and self.known.kind == "exchange")
        if self.known:
            self.options.fill(option_values(self.known, teams))
        if not may_change:
            for each in (self.options, self.settings, self.sign_in):
                each.setEnabled(False)
            self.store.hide()

    @property
    def form(self) -> ModelForm:
        """The settings of the connector."""
        assert isinstance(self.settings, ModelForm)
        return self.settings

    def move_to(self, kind: str | None) -> None:
        """Ask for what a connector of `kind` needs to have this channel; None: it stays as it is."""
        self._moving_to = kind
        self.options.setEnabled(kind is None)
        self._ask_for_kind()

    def take(self, proposal: Proposal) -> None:
        """Show what was found out about an address; what was entered else stays."""
        self.choose_kind(proposal.kind)
        self.form.fill(proposal.settings)
        name = self.naming.entry("name")
        if isinstance(name, QLineEdit) and not name.text():
            name.setText(proposal.settings["address"].partition("@")[0])

    def entered(self) -> tuple[ChannelAccount, dict[str, str]] | None:
        """The account as it is entered and the secrets that were typed; None where something is wrong, which then
        stands beside it, with the caret there."""
        account = self._entered()
        if account is not None:
            return account, self.form.secrets()
        if (caret := self.focusWidget()) is not None:
            self._scroll.ensureWidgetVisible(caret)
        return None

    def identity(self) -> Identity | None:
        """Who is to be signed in for what stands in the form; None where nobody is, or something is wrong there."""
        return identity_entered(self.known, self._kind(), self.form.entered())

    def choose_kind(self, kind: str) -> None:
        """Ask for a new channel of that kind."""
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self._ask_for_kind()

    def set_busy(self, *, busy: bool) -> None:
        """While it is tested or stored it is neither tested nor stored again."""
        self.test.setEnabled(not busy)
        self.store.setEnabled(not busy)

    def forget_test(self) -> None:
        """Nobody waits for its result any more."""
        self.findings.clear()
        self.set_busy(busy=False)

    def _hand_out(self, hand: Callable[[ChannelAccount, dict[str, str]], None]) -> None:
        entered = self.entered()
        if entered is not None:
            hand(*entered)

    def _entered(self) -> ChannelAccount | None:
        """The account, or None where something is wrong; the caret is at the first thing that is, so forms are asked
        from the last to the first."""
        options, settings = self.options.settings(), self.form.settings()
        if self.known is None:
            naming = self.naming.settings()
            if naming is None or settings is None or options is None:
                return None
            name = str(naming.model_dump()["name"])
            return new_account_of(name, self._kind(), options, settings, self._teams)
        if settings is None or options is None:
            return None
        return replace(changed_account(self.known, options, settings, self._teams), kind=self._kind())

    def _kind(self) -> str:
        return self._moving_to or (self.known.kind if self.known else str(self.kind.currentData()))

    def _ask_for_kind(self) -> None:
        """Another kind has other settings; what was entered under the same name stays."""
        described = manifest(self._kind())
        form = ModelForm(described.config, described.secrets, described.kind)
        form.fill(self._begun())
        self._place.replaceWidget(self.settings, form)
        self.settings.deleteLater()
        self.settings = form
        self.findings.clear()
        self.moving.clear()
        self.sign_in.setVisible(described.takes_tokens)
        self.sign_in.takes_code(takes=described.kind != "gmail")
        self.sign_in.nobody()
        self._dress_buttons()
        if self._moving_to:
            self.moving.tell("info", "accent", tr("channels.move.heading"), [tr("channels.move.words")])
            self._scroll.ensureVisible(0, 0)
        self.kind_changed.emit()

    def _begun(self) -> Mapping[str, Any]:
        """What the form begins with."""
        if self.known is None:
            return _typed(self.settings)
        return moving.carried(self.known, self._moving_to) if self._moving_to else self.known.config

    def _dress_buttons(self) -> None:
        words = "channels.move.now" if self._moving_to else "channels.save" if self.known else "channels.add"
        self.store.setText(tr(words))
        self.to_cloud.setText(tr("channels.move.not" if self._moving_to else "channels.move.ask"))

    def _build(self, line: ChannelLine | None) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._heading(line))
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setProperty("role", "plain")
        self._place = QVBoxLayout(inner)
        self._place.setContentsMargins(2, 2, 14, 2)
        self._place.setSpacing(12)
        for told in (self.moving, self.left):
            self._place.addWidget(told)
        if line is None:
            self._place.addWidget(self.finder)
            self._place.addLayout(self._kinds())
            self._place.addWidget(self.naming)
        else:
            keep_unseen(self, self.finder, self.kind, self.naming)
        for each in (self.settings, _line(), self.options):
            self._place.addWidget(each)
        self._place.addStretch(1)
        self._scroll.setWidget(inner)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.sign_in)
        column.addWidget(self.findings)
        row = QHBoxLayout()
        row.addWidget(self.test)
        row.addWidget(self.to_cloud)
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

    def _kinds(self) -> QHBoxLayout:
        for kind in kinds():
            self.kind.addItem(kind_words(kind), kind)
        self.kind.setAccessibleName(tr("channels.kind"))
        label = QLabel(tr("channels.kind"))
        label.setBuddy(self.kind)
        label.setFixedWidth(TITLES)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(label)
        row.addWidget(self.kind, 1)
        return row


def _typed(settings: QWidget) -> Mapping[str, object]:
    return settings.changed_entries() if isinstance(settings, ModelForm) else {}


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    return line
