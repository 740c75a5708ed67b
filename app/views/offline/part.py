"""The window while the database is away: it says so, rests what cannot be done, tries again, and files what waited."""

from collections.abc import Sequence
from functools import partial

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from app.models.errors import KnownError
from app.models.records.call_form import CallForm
from app.services.database.reach import AWAY
from app.services.drafts import Drafts
from app.services.offline import Outcome, Unfiled
from app.services.offline.filing import keeps_waiting
from app.services.offline.probing import probe
from app.services.offline.seat import readmit
from app.services.offline.silence import Silence
from app.services.tickets import reading
from app.services.wording import tr, tr_error
from app.views.call.part import CallPart
from app.views.kit.banner import Banner
from app.views.offline.dialog import WaitingDialog
from app.views.offline.words import back_words, banner_words, is_allowed, waiting_words
from app.views.window.pick_ticket import pick_ticket
from app.views.window.shell import Shell

_TRY_MS = 500
_AGAIN_MS = 15_000
_HEAR_MS = 2_000


class OfflinePart(QObject):
    """Listens to `desk.reach` and `desk.waiting`, which may ring on any thread; all else is on the window's."""

    _rung = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell, self._desk = shell, shell.desk
        self._away = False
        self._turned_away: KnownError | None = None
        self.things: list[Unfiled] = []
        self.dialog: WaitingDialog | None = None
        self.banner = Banner(shell.appearance)
        self.banner.setAccessibleName(tr("offline.title"))
        shell.layout.add_above(self.banner)
        self.button = QPushButton()
        self.button.setProperty("role", "flat")
        self.button.clicked.connect(self.open)
        self.button.hide()
        shell.layout.bar.insertWidget(1, self.button)
        self._try = QTimer(self, interval=_TRY_MS)
        self._try.timeout.connect(self._try_again)
        self._silence = Silence(shell.desk.database, shell.desk.reach)
        self._hear = QTimer(self, interval=_HEAR_MS)
        self._hear.timeout.connect(self._silence.look)
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self.file_waiting)
        shell.commands.section("window")
        shell.commands.add("waiting", "Ctrl+Shift+W", "waiting", self.open)
        shell.commands.ran.connect(lambda command: self.try_now() if command == "refresh" else None)
        self._rung.connect(self.look, Qt.ConnectionType.QueuedConnection)
        shell.started.connect(self._start)
        shell.closing.connect(self._stop)

    def try_now(self) -> None:
        """Look for the database at once."""
        if self._away:
            self._desk.reach.try_now()
            self.banner.tell("warning", tr("offline.trying"), closable=False)
            self._probe()

    def file_waiting(self) -> None:
        """File all that can be filed now."""
        actor, database = self._desk.actor, self._desk.database
        if actor is not None and not self._away:
            work = partial(self._desk.waiting.file, database, actor)
            self._shell.runner.write(self, work, partial(self._filed, meant=0), self._shell.fail)

    def open(self) -> WaitingDialog:
        """Show what waits, and what could not be filed."""
        if self.dialog is not None:
            self.dialog.close()
        actor = self._desk.actor
        dialog = WaitingDialog(self._shell.appearance, actor.name if actor else "", self._shell.window)
        self.dialog = dialog
        dialog.again.connect(self._try_once_more)
        dialog.elsewhere.connect(self._put_elsewhere)
        dialog.opened.connect(self._open_call)
        dialog.copied.connect(self._copy)
        dialog.discarded.connect(lambda thing: self._do(partial(self._desk.waiting.give_up, thing.id)))
        dialog.destroyed.connect(lambda: self._gone(dialog))
        dialog.show_things(self.things, is_away=self._away)
        dialog.show()
        return dialog

    def _start(self) -> None:
        self._hear.start()
        self._desk.reach.listen(self._ring)
        self._desk.waiting.listen(self._ring)
        self._shell.runner.read(self, self._desk.journal.troubles, self._tell_troubles, self._shell.fail)
        self.look()
        self.file_waiting()

    def _stop(self) -> None:
        self._desk.reach.unlisten(self._ring)
        self._desk.waiting.unlisten(self._ring)
        for each in (self._try, self._again, self._hear):
            each.stop()

    def _ring(self) -> None:
        if shiboken6.isValid(self):
            self._rung.emit()

    def look(self) -> None:
        """Something is another way than before: whether the database is there, or what waits."""
        away = self._desk.reach.is_away
        if away and not self._away:
            self._go_away()
        elif self._away and not away:
            self._be_admitted()
        self._tell()
        self._shell.runner.read(self, self._desk.waiting.all, self._show_waiting, self._shell.fail, lane="waiting")

    def _go_away(self) -> None:
        self._away, self._turned_away = True, None
        self._rest(resting=True)
        self._shell.layout.show_presence("")
        self._try.start()

    def _rest(self, *, resting: bool) -> None:
        shell = self._shell
        shell.commands.rest(each.id for each in shell.commands if resting and not is_allowed(each.id))
        shell.layout.properties.rest(resting)
        shell.layout.tickets.search.setEnabled(not resting)

    def _be_admitted(self) -> None:
        """A desk that was opened without its database is looked at first, by the database that it has now."""
        if self._desk.is_admitted:
            self._come_back()
        else:
            self._shell.runner.read(
                self, partial(readmit, self._desk), lambda _none: self._come_back(), self._turn_away, lane="admission"
            )

    def _turn_away(self, error: KnownError) -> None:
        """Nothing is filed in the name of somebody who may not. What was written stays where it is."""
        if error.code not in AWAY:
            self._turned_away = error
        self._tell()

    def _come_back(self) -> None:
        """Look again at everything, and file what waited."""
        self._away, self._turned_away = False, None
        self._try.stop()
        self._rest(resting=False)
        shell, actor = self._shell, self._desk.actor
        self._tell()
        shell.queue.look()
        shell.queue.look_for_offers()
        shell.ticket.reload()
        shell.bus.look()
        if actor is None:
            return

        def work() -> tuple[list[Outcome], int]:
            outcomes = self._desk.waiting.file(self._desk.database, actor)
            drafts = Drafts(self._desk.profile.drafts, self._desk.journal)
            return outcomes, sum(draft.meant for _, draft in drafts.unfinished())

        shell.runner.write(self, work, lambda found: self._filed(found[0], meant=found[1]), shell.fail)

    def _filed(self, outcomes: list[Outcome], *, meant: int) -> None:
        words = back_words(outcomes, meant)
        if not words:
            return
        refused = any(each.error is not None and not keeps_waiting(each.error) for each in outcomes)
        told = self._shell.layout.told
        if refused:
            told.tell("warning", words, (tr("offline.show"), self._open_it))
        elif meant:
            told.tell("info", words, (tr("offline.drafts"), partial(self._shell.commands.run, "drafts")))
        else:
            self._shell.tell(words)
        self._shell.bus.look()
        shown = self._shell.ticket.ticket_id
        if any(each.ticket_id == shown for each in outcomes):
            self._shell.ticket.reload()

    def _tell(self) -> None:
        reach = self._desk.reach
        since = reach.since
        if self._turned_away is not None:
            self.banner.tell("error", tr("offline.turned_away", why=tr_error(self._turned_away)), closable=False)
            return
        if not self._away or since is None:
            self.banner.hide()
            return
        words = banner_words(reach.error, since, self._desk.clock.now(), len(self.things))
        if self.banner.isHidden() or self.banner.words != words:
            self.banner.tell("warning", words, (tr("offline.try_now"), self.try_now), closable=False)

    def _show_waiting(self, things: list[Unfiled]) -> None:
        self.things = things
        refused = sum(each.refused is not None for each in things)
        self.button.setText(tr("offline.stuck", count=refused) if refused else waiting_words(len(things)))
        self.button.setIcon(self._shell.appearance.icon("warning" if refused else "waiting", "warning"))
        self.button.setVisible(bool(things))
        if len(things) > refused:
            self._again.start()
        else:
            self._again.stop()
        if self.dialog is not None:
            self.dialog.show_things(things, is_away=self._away)
        self._tell()

    def _try_again(self) -> None:
        if self._desk.reach.is_due:
            self._probe()

    def _probe(self) -> None:
        look = lambda _outcome: self.look()  # noqa: E731
        self._shell.runner.read(self, partial(probe, self._desk.database), look, look, lane="probe")

    def _tell_troubles(self, troubles: Sequence[KnownError]) -> None:
        for each in troubles:
            self._shell.fail(each)

    def _try_once_more(self, thing: Unfiled) -> None:
        self._do(partial(self._desk.waiting.again, thing), self.file_waiting)

    def _put_elsewhere(self, thing: Unfiled) -> None:
        pick_ticket(self._shell, tr("offline.elsewhere"), tr("offline.elsewhere_hint"), partial(self._put_on, thing))

    def _put_on(self, thing: Unfiled, number: int) -> None:
        desk = self._desk

        def work() -> None:
            row = reading.show(desk.database, reading.id_of(desk.database, number)).row
            desk.waiting.again(thing, (row.id, row.number, row.subject))

        self._do(work, self.file_waiting)

    def _open_call(self, thing: Unfiled) -> None:
        form = thing.what
        assert isinstance(form, CallForm)
        if self.dialog is not None:
            self.dialog.close()
        show = lambda: self._shell.part(CallPart).open(form)  # noqa: E731
        self._do(partial(self._desk.waiting.back_to_typing, form), show)

    def _copy(self, thing: Unfiled) -> None:
        QGuiApplication.clipboard().setText(thing.text)
        self._shell.tell(tr("offline.copied"))

    def _do(self, work: object, then: object = None) -> None:
        done = lambda _nothing: then() if callable(then) else None  # noqa: E731
        self._shell.runner.write(self, work, done, self._shell.fail)  # type: ignore[arg-type]

    def _open_it(self) -> None:
        self.open()

    def _gone(self, dialog: WaitingDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None
