"""Telling news to somebody who looks elsewhere: in the desktop's tray, or in the window where there is none."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from app.models.errors import KnownError
from app.models.records.notices import Notice
from app.models.records.on_call import HandOver
from app.models.rules.notices import to_tell
from app.services import mentions, notifying
from app.services.oncall.noticing import hand_overs
from app.services.wording import tr
from app.views.kit.change_bus import Changes
from app.views.notices.words import bundle, hand_over_words, quiet_of
from app.views.window.shell import Shell

_DUE_EVERY_MS = 60_000
_AHEAD = timedelta(minutes=15)
_SHOWN_MS = 8_000
_NEWEST = 20


class NoticesPart(QObject):
    """Looks at what was changed, and tells what of it is for the person here; the title counts what was not read."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._since = shell.desk.clock.now()
        self._warned_until = self._duty_until = self._since + _AHEAD
        self._tickets: set[UUID] = set()
        self.untold: list[Notice] = []
        self.tray: QSystemTrayIcon | None = None
        self._due = QTimer(self, interval=_DUE_EVERY_MS)
        self._due.timeout.connect(self._look_for_due)
        shell.commands.section("reading")
        shell.commands.add("news", "Ctrl+Alt+N", "info", self.open_newest)
        shell.started.connect(self._start)
        shell.closing.connect(self._stop)
        shell.bus.changed.connect(self._changed)
        shell.ticket.opened.connect(self._looked)

    def open_newest(self) -> None:
        """Go to the ticket of the newest news."""
        if self.untold:
            self._shell.ticket.open(self.untold[-1].ticket_id)

    def tell(self, news: list[Notice]) -> None:
        """Tell what of this is to be told now."""
        shell, local = self._shell, self._shell.desk.clock.now().astimezone()
        looking = shell.ticket.ticket_id if shell.window.isActiveWindow() else None
        told = to_tell(news, quiet_of(shell.desk.settings), local, looking)
        known = {(each.kind, each.ticket_id) for each in told}
        self.untold = [*(each for each in self.untold if (each.kind, each.ticket_id) not in known), *told][-_NEWEST:]
        self._count()
        if not told or not shell.desk.settings.notices:
            return
        heading, words = bundle(told)
        if self.tray is not None and not shell.window.isActiveWindow():
            self.tray.showMessage(heading, words, shell.appearance.icon("app", "accent"), _SHOWN_MS)
        else:
            go = (tr("notice.open"), partial(shell.ticket.open, told[-1].ticket_id))
            shell.layout.told.tell("info", words, go, milliseconds=_SHOWN_MS)
        QApplication.alert(shell.window)

    def _start(self) -> None:
        self._since = self._shell.desk.clock.now()
        self._warned_until = self._duty_until = self._since
        self._due.start()
        self._look_for_due()
        if QSystemTrayIcon.isSystemTrayAvailable():
            self.tray = QSystemTrayIcon(self._shell.appearance.icon("app", "accent"), self)
            self.tray.setToolTip("Firstline")
            self.tray.messageClicked.connect(self._clicked)
            self.tray.activated.connect(lambda _reason: self._come())
            self.tray.show()

    def _stop(self) -> None:
        self._due.stop()
        if self.tray is not None:
            self.tray.hide()

    def _changed(self, changes: Changes) -> None:
        desk = self._shell.desk
        if not changes.tickets or desk.actor is None:
            return
        since, self._since = self._since, desk.clock.now()
        work = partial(notifying.news, desk.database, desk.actor, changes.tickets, _a_little_before(since))
        self._shell.runner.read(self, work, self._fresh, self._unheard)

    def _fresh(self, news: list[Notice]) -> None:
        """A little of what was looked at before is looked at again, for clocks of desks differ: it is told once."""
        known = {(each.kind, each.ticket_id) for each in self.untold}
        self.tell([each for each in news if (each.kind, each.ticket_id) not in known])

    def _look_for_due(self) -> None:
        desk = self._shell.desk
        if desk.actor is None:
            return
        after, until = self._warned_until, desk.clock.now() + _AHEAD
        work = partial(notifying.due, desk.database, desk.actor, after, until)

        def found(news: list[Notice]) -> None:
            self._warned_until = until
            if news:
                self.tell(news)

        self._shell.runner.read(self, work, found, self._unheard, lane="due")
        if desk.actor.id is not None:
            duty = partial(hand_overs, desk.database, desk.actor.id, self._duty_until, until)
            tell = partial(self._tell_hand_overs, until)
            self._shell.runner.read(self, duty, tell, self._unheard, lane="duty")

    def tell_words(self, heading: str, words: str, go: tuple[str, Callable[[], object]] | None = None) -> None:
        """News that is about no ticket alone; `go` is a button's label and what it does, for who looks here."""
        shell = self._shell
        if not shell.desk.settings.notices:
            return
        if self.tray is not None and not shell.window.isActiveWindow():
            self.tray.showMessage(heading, words, shell.appearance.icon("app", "accent"), _SHOWN_MS)
        else:
            shell.layout.told.tell("info", words, go, milliseconds=_SHOWN_MS)
        QApplication.alert(shell.window)

    def _tell_hand_overs(self, until: datetime, coming: list[HandOver]) -> None:
        """Duty changes hands soon: told even in quiet hours, for it is their own."""
        self._duty_until = until
        if coming:
            self.tell_words(tr("notice.duty"), "\n".join(map(hand_over_words, coming)))

    def _looked(self, ticket_id: UUID) -> None:
        """Who looks at a ticket has seen its news, and what calls for them there."""
        self.untold = [each for each in self.untold if each.ticket_id != ticket_id]
        self._count()
        desk = self._shell.desk
        if desk.actor is not None:
            work = partial(mentions.seen, desk.database, desk.actor, ticket_id)
            self._shell.runner.write(self, work, self._nothing, self._unheard)

    def _count(self) -> None:
        count = len({each.ticket_id for each in self.untold})
        self._shell.window.setWindowTitle(f"({count}) Firstline" if count else "Firstline")
        self._shell.commands.enable("news", bool(self.untold))
        if self.tray is not None:
            self.tray.setToolTip(tr("notice.tray", count=count) if count else "Firstline")

    def _clicked(self) -> None:
        self._come()
        self.open_newest()

    def _come(self) -> None:
        window = self._shell.window
        window.showNormal() if window.isMinimized() else window.show()
        window.raise_()
        window.activateWindow()

    def _nothing(self, _result: object) -> None:
        """Nothing is to be done about it."""

    def _unheard(self, _error: KnownError) -> None:
        """The status bar says that the database is away."""


def _a_little_before(since: datetime) -> datetime:
    return since - timedelta(seconds=2)
