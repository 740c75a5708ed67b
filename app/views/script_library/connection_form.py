"""One connection, there already or to be added: how targets are reached, which may be, and whether it works."""

from collections.abc import Callable

from PySide6.QtCore import Signal
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

from app.models.errors import KnownError
from app.models.records.runs import Connection
from app.models.records.scripts import Transport
from app.services.remote_help.transports.carriers import carried
from app.services.wording import tr, tr_error
from app.views.catalogue.lines import Lines
from app.views.kit.appearance import Appearance
from app.views.kit.boxes import choose
from app.views.kit.ending import keep_unseen
from app.views.kit.findings import Findings
from app.views.kit.forms import ModelForm
from app.views.kit.sided import Ending, heading
from app.views.script_library.connection_model import (
    Entered,
    asks,
    connection_of,
    doubts_of,
    entries,
    line_of,
    options_of,
    problems_of,
    secret_hint,
    secrets_of,
    users_words,
)
from app.views.script_library.known import Known
from app.views.script_library.secret_line import SecretLine

_TARGETS = 92


class ConnectionForm(QWidget):
    """`stored` brings the connection as it is entered, as it was (None: new), and the secrets that were typed; `tried`
    the connection, the host to try, and those; `removed` the one that is to go."""

    stored = Signal(Connection, object, dict)
    tried = Signal(Connection, str, dict)
    removed = Signal(Connection)

    def __init__(self, connection: Connection | None, known: Known, appearance: Appearance) -> None:
        super().__init__()
        self._connection, self._known = connection, known
        self.transport, self.name = QComboBox(), QLineEdit()
        self.address, self.user = QLineEdit(), QLineEdit()
        self.targets = QPlainTextEdit(tabChangesFocus=True)
        self.asks_password, self.for_tests = QCheckBox(tr("remote_view.yes")), QCheckBox(tr("remote_view.yes"))
        self.doubt = QLabel()
        self.secrets: dict[str, SecretLine] = {}
        self.options = ModelForm(options_of(self._transport()))
        self.lines, self.findings = Lines(), Findings(appearance)
        self.host, self.test = QLineEdit(), QPushButton(tr("connection_page.test"))
        self.ending = Ending(may_change=True, is_new=connection is None)
        self._build(connection)
        self._fill()
        self._began = self._entered()
        self.transport.activated.connect(lambda _place: self._ask_for_transport())
        self.targets.textChanged.connect(self._doubt)
        self.name.textChanged.connect(lambda _text: self._tell_secrets())
        self.test.clicked.connect(self._try)
        self.ending.save.clicked.connect(self._store)
        self.ending.remove.clicked.connect(self._remove)

    @property
    def is_touched(self) -> bool:
        """Whether something stands there that is not stored."""
        typed = any(each.text() for each in self.secrets.values())
        return typed or self._entered() != self._began or bool(self.options.changed_entries())

    def choose_transport(self, transport: Transport) -> None:
        choose(self.transport, transport)
        self._ask_for_transport()

    def refuse(self, error: KnownError) -> bool:
        """Say it at its line; False where it is about none."""
        line = line_of(error)
        self.lines.tell({line: tr_error(error)} if line else {})
        return bool(line)

    def set_testing(self, *, testing: bool) -> None:
        self.test.setEnabled(not testing)
        if testing:
            self.findings.testing()

    def typed_secrets(self) -> dict[str, str]:
        """Those that were typed; one that is empty stays as it is."""
        return {name: each.text() for name, each in self.secrets.items() if each.text()}

    def _transport(self) -> Transport:
        if self._connection is not None:
            return self._connection.transport
        return Transport(self.transport.currentData()) if self.transport.count() else carried()[0]

    def _entered(self) -> Entered:
        return Entered(
            self._connection.name if self._connection is not None else self.name.text().strip(),
            self._transport(),
            self.address.text(),
            self.user.text(),
            self.targets.toPlainText(),
            self.asks_password.isChecked(),
            self.for_tests.isChecked(),
        )

    def _hand_out(self, hand: Callable[[Connection], None]) -> None:
        options = self.options.settings()
        if options is None:
            self.lines.ensureWidgetVisible(self.options)
            return
        made = connection_of(self._entered(), options.model_dump(mode="json", exclude_unset=True), self._connection)
        problems = problems_of(made)
        self.lines.tell(problems)
        if not problems:
            hand(made)

    def _store(self) -> None:
        self._hand_out(lambda made: self.stored.emit(made, self._connection, self.typed_secrets()))

    def _try(self) -> None:
        self._hand_out(lambda made: self.tried.emit(made, self.host.text(), self.typed_secrets()))

    def _remove(self) -> None:
        if self._connection is not None:
            self.removed.emit(self._connection)

    def _ask_for_transport(self) -> None:
        """Another transport has other lines; what was typed under the same name stays."""
        wanted = asks(self._transport())
        options = ModelForm(options_of(self._transport()), area=f"remote-{self._transport().value}")
        options.fill(self._connection.options if self._connection is not None else self.options.changed_entries())
        self._place.replaceWidget(self.options, options)
        self.options.hide()
        self.options.deleteLater()
        self.options = options
        for name in ("address", "user_name", "targets", "asks_password"):
            self.lines.show_line(name, shown=name in wanted)
        self.host.setVisible("targets" in wanted and "address" not in wanted)
        self._show_secrets()
        self.findings.clear()

    def _show_secrets(self) -> None:
        for each in self.secrets.values():
            self._secret_place.removeWidget(each)
            each.hide()
            each.deleteLater()
        self.secrets = {name: SecretLine(name) for name in secrets_of(self._transport())}
        for each in self.secrets.values():
            each.file_wanted.connect(self._read_file)
            self._secret_place.addWidget(each)
        self._tell_secrets()

    def _read_file(self, line: SecretLine) -> None:
        file, _ = QFileDialog.getOpenFileName(self, tr("connection_page.from_file"))
        if file and (problem := line.take_file(file)) is not None:
            self.findings.refused(tr_error(problem))

    def _tell_secrets(self) -> None:
        name = self._entered().name
        for secret, each in self.secrets.items():
            each.tell(secret_hint(name, secret, self._known.kept, keyring=self._known.keyring))

    def _doubt(self) -> None:
        words = doubts_of(entries(self.targets.toPlainText()))
        self.doubt.setText(words or tr(f"allow_hint.{self._transport().value}"))
        self.doubt.setProperty("role", "problem" if words else "caption")
        self.doubt.style().unpolish(self.doubt)
        self.doubt.style().polish(self.doubt)

    def _fill(self) -> None:
        known = self._connection
        if known is not None:
            self.address.setText(known.address)
            self.user.setText(known.user_name)
            self.targets.setPlainText("\n".join(known.targets))
            self.asks_password.setChecked(known.asks_password)
            self.for_tests.setChecked(known.for_tests)
        self._ask_for_transport()
        self._doubt()

    def _build(self, connection: Connection | None) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        title = connection.name if connection is not None else tr("connection_page.new_heading")
        told = users_words(self._known.users_of(connection)) if connection is not None else tr("connection_page.words")
        column.addLayout(heading(title, told))
        for each in carried():
            self.transport.addItem(tr(f"script_transport.{each.value}"), each)
        if connection is None:
            self.lines.add("transport", tr("script_column.transport"), self.transport)
            self.lines.add("name", tr("script_column.name"), self.name, tr("connection_page.name_hint"))
        else:
            keep_unseen(self, self.transport, self.name)
        self._add_lines()
        column.addWidget(self.lines, 1)
        column.addWidget(self.findings)
        column.addLayout(self._test_row())
        column.addWidget(self.ending)
        self.setFocusProxy(self.transport if connection is None else self.user)

    def _add_lines(self) -> None:
        self.doubt.setProperty("role", "caption")
        self.targets.setFixedHeight(_TARGETS)
        for name, entry in (
            ("address", self.address),
            ("user_name", self.user),
            ("targets", self.targets),
            ("asks_password", self.asks_password),
            ("for_tests", self.for_tests),
        ):
            hint = self.doubt if name == "targets" else tr(f"connection_hint.{name}")
            self.lines.add(name, tr(f"connection_line.{name}"), entry, hint)
        below = QWidget()
        self._place = QVBoxLayout(below)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._secret_place = QVBoxLayout()
        self._place.addWidget(self.options)
        self._place.addLayout(self._secret_place)
        self.lines.below(below)

    def _test_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.host.setPlaceholderText(tr("connection_page.host"))
        self.host.setAccessibleName(tr("connection_page.host"))
        self.test.setAutoDefault(False)
        row.addWidget(self.host, 1)
        row.addStretch(0)
        row.addWidget(self.test)
        return row
