"""The first run, step by step: nothing is written before its last button."""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.models.errors import KnownError
from app.models.records.channels import ChannelAccount
from app.services.joining import Found, Plan, Server
from app.services.wording import tr, tr_error
from app.views.channels.cloud import CloudHelp
from app.views.first_run.control import FirstRunControl
from app.views.first_run.pages import MailboxPage, PersonPage, ServerPage, WayPage
from app.views.first_run.steps import Step, Way, found_words, steps
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner


class Outcome(StrEnum):
    """DEMO where somebody wants to look around, DECIDED where the desk knows now where it works."""

    DEMO = "demo"
    DECIDED = "decided"


class FirstRun(QDialog):
    """`outcome` is None until the last button was pressed; closing the dialog before leaves nothing behind."""

    def __init__(
        self,
        control: FirstRunControl,
        appearance: Appearance,
        ways: tuple[Way, ...] = tuple(Way),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("first_run.title"))
        self.outcome: Outcome | None = None
        self.control = control
        self.found: Found | None = None
        self._found_at: tuple[str, str] | None = None
        self._then: Callable[[], None] | None = None
        self._step = Step.WAY
        self._person: tuple[str, str] = ("", "")
        self.way = WayPage(appearance, ways)
        self.server = ServerPage(appearance)
        self.person = PersonPage()
        self.mailbox = MailboxPage(appearance)
        self._pages = {
            Step.WAY: self.way,
            Step.SERVER: self.server,
            Step.PERSON: self.person,
            Step.MAILBOX: self.mailbox,
        }
        self.heading, self.words, self.place = QLabel(), QLabel(), QLabel()
        self.told = Banner(appearance)
        self.stack = QStackedWidget()
        self.back, self.skip = QPushButton(tr("first_run.back")), QPushButton(tr("first_run.without"))
        self.next = QPushButton()
        self._build()
        self._connect()
        self._show(Step.WAY)

    @property
    def step(self) -> Step:
        return self._step

    def _connect(self) -> None:
        control = self.control
        self.next.clicked.connect(self._go_on)
        self.back.clicked.connect(lambda: self._show(self._beside(-1)))
        self.skip.clicked.connect(lambda: self._finish(None, {}))
        for button in self.way.buttons.values():
            button.toggled.connect(self._dress_buttons)
        self.person.known.activated.connect(self._dress_buttons)
        self.server.tried.connect(lambda: self._try_server(None))
        control.found.connect(self._found_it)
        control.refused.connect(self._refused)
        self.mailbox.tried.connect(self._try_mailbox)
        self.mailbox.stored.connect(self._finish)
        control.mailbox_works.connect(self._mailbox_works)
        control.mailbox_refused.connect(self._mailbox_refused)
        self.finished.connect(CloudHelp(self.mailbox, control.sign_ins, control.runner).end)
        control.decided.connect(lambda: self._end(Outcome.DECIDED))
        control.failed.connect(self._failed)

    def _steps(self) -> tuple[Step, ...]:
        person = self.person.person if self.way.way is Way.SHARED else None
        return steps(self.way.way, person)

    def _beside(self, by: int) -> Step:
        order = self._steps()
        return order[order.index(self._step) + by]

    def _show(self, step: Step) -> None:
        self._step = step
        self.told.hide()
        if step is Step.PERSON:
            people = self.found.people if self.found and self.way.way is Way.SHARED else ()
            self.person.ask_of(people)
        self.heading.setText(tr(f"first_run.step.{step}"))
        self.words.setText(tr(f"first_run.step_hint.{step}"))
        self.stack.setCurrentWidget(self._pages[step])
        self._dress_buttons()
        self._focus(step)

    def _focus(self, step: Step) -> None:
        match step:
            case Step.WAY:
                self.way.buttons[self.way.way].setFocus()
            case Step.SERVER:
                self.server.form.entry("host").setFocus()
            case Step.PERSON:
                self.person.focus()
            case Step.MAILBOX:
                self.mailbox.finder.address.setFocus()

    def _dress_buttons(self) -> None:
        order = self._steps()
        last = self._step is order[-1]
        name = "look" if self.way.way is Way.LOOK else "finish" if last else "next"
        self.next.setText(tr(f"first_run.{name}"))
        self.back.setVisible(self._step is not Step.WAY)
        self.skip.setVisible(self._step is Step.MAILBOX)
        place = order.index(self._step) + 1
        self.place.setText("" if len(order) == 1 else tr("first_run.place", place=place, count=len(order)))

    def _go_on(self) -> None:
        match self._step:
            case Step.WAY if self.way.way is Way.LOOK:
                self._end(Outcome.DEMO)
            case Step.WAY:
                self._show(self._beside(1))
            case Step.SERVER:
                self._try_server(lambda: self._show(Step.PERSON))
            case Step.PERSON:
                self._know_person()
            case Step.MAILBOX:
                self.mailbox.store.click()

    def _try_server(self, then: Callable[[], None] | None) -> None:
        """Look at the database as it is entered; what was found there a moment ago is not looked for again to go on."""
        server = self.server.form.settings()
        if not isinstance(server, Server):
            return
        where = (server.url, self.server.form.secrets().get("password", ""))
        if then is not None and self.found is not None and where == self._found_at:
            then()
            return
        self.found, self._found_at, self._then = None, where, then
        self._busy(busy=True)
        self.server.findings.testing()
        self.control.look(*where)

    def _found_it(self, found: Found) -> None:
        self._busy(busy=False)
        self.found = found
        self.server.findings.works(found_words(found))
        then, self._then = self._then, None
        if then is not None:
            then()

    def _refused(self, error: KnownError) -> None:
        self._busy(busy=False)
        self.server.findings.refused(tr_error(error))

    def _know_person(self) -> None:
        chosen = self.person.person
        if chosen is not None:
            self._person = (chosen.name, chosen.mail)
        else:
            entered = self.person.new.settings()
            if entered is None:
                return
            told = entered.model_dump()
            self._person = (str(told["name"]), str(told["mail"]))
        if self._steps()[-1] is Step.PERSON:
            self._finish(None, {})
        else:
            self._show(Step.MAILBOX)

    def _try_mailbox(self, account: ChannelAccount, secrets: dict[str, str]) -> None:
        self.mailbox.set_busy(busy=True)
        self.mailbox.findings.testing()
        self.control.try_mailbox(account, secrets)

    def _mailbox_works(self, words: list[str]) -> None:
        self.mailbox.set_busy(busy=False)
        self.mailbox.findings.works(words)

    def _mailbox_refused(self, error: KnownError) -> None:
        self.mailbox.set_busy(busy=False)
        self.mailbox.findings.refused(tr_error(error))

    def _finish(self, mailbox: ChannelAccount | None, secrets: dict[str, str]) -> None:
        url, password = self._found_at if self._found_at and self.way.way is Way.SHARED else ("", "")
        name, mail = self._person
        found = self.found if url else None
        self._busy(busy=True)
        self.control.decide(Plan(mail, name, url, password, found, mailbox, secrets))

    def _failed(self, error: KnownError) -> None:
        self._busy(busy=False)
        self.told.tell("error", tr_error(error))

    def _busy(self, *, busy: bool) -> None:
        for each in (self.next, self.back, self.skip, self.server.test):
            each.setEnabled(not busy)

    def _end(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.accept()

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.told)
        column = QVBoxLayout()
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(6)
        self.heading.setProperty("role", "title")
        for label in (self.words, self.place):
            label.setProperty("role", "caption")
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.heading, self.words):
            column.addWidget(label)
        column.addSpacing(12)
        for page in self._pages.values():
            self.stack.addWidget(page)
        column.addWidget(self.stack, 1)
        column.addSpacing(8)
        column.addLayout(self._buttons())
        whole.addLayout(column, 1)
        self.resize(720, 640)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.place, 1)
        for each in (self.back, self.skip, self.next):
            each.setAutoDefault(False)
            row.addWidget(each)
        self.next.setProperty("role", "primary")
        self.next.setDefault(True)
        return row
