"""Runs that a second person must agree to, in the window: who is asked hears of it, and who asked of the answer."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from app.models.errors import KnownError
from app.services.remote_help import agreeing
from app.services.remote_help.agreeing import Answer, Request
from app.services.remote_help.recording import TOPIC
from app.services.wording import tr
from app.views.escalating.reason import ReasonDialog
from app.views.kit.change_bus import Changes
from app.views.notices.part import NoticesPart
from app.views.remote_help.model import name_of
from app.views.remote_help.part import RemoteHelpPart
from app.views.remote_help.requests_dialog import RequestsDialog
from app.views.remote_help.requests_model import fresh, news_words
from app.views.window.shell import Shell


class RequestsPart(QObject):
    """Shift+F9 shows them; the status bar counts those that wait for the person here."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.requests: tuple[Request, ...] = ()
        self.dialog: RequestsDialog | None = None
        self.reason: ReasonDialog | None = None
        self._looked = False
        shell.commands.section("help")
        shell.commands.add("script_requests", "Shift+F9", "lock", self.open)
        self.counted = shell.commands.button("script_requests")
        self.counted.hide()
        shell.layout.bar.addPermanentWidget(self.counted)
        shell.started.connect(self.look)
        shell.bus.changed.connect(self._changed)
        shell.bus.found.connect(self.look)

    def look(self) -> None:
        desk = self._shell.desk
        if desk.actor is not None:
            work = partial(agreeing.requests, desk.database, desk.actor)
            self._shell.runner.read(self, work, self._show, self._unseen, lane="requests")

    def open(self) -> RequestsDialog:
        dialog = RequestsDialog(self._shell.appearance, self._shell.window)
        dialog.show_requests(self.requests)
        dialog.agreed.connect(self._agree)
        dialog.refused.connect(self._refuse)
        dialog.started.connect(self._start)
        dialog.ticket_wanted.connect(self._go)
        dialog.destroyed.connect(self._closed)
        self.dialog = dialog
        dialog.open()
        self.look()
        return dialog

    def _agree(self, request: Request) -> None:
        desk = self._shell.desk
        if desk.actor is not None:
            self._write(partial(agreeing.agree, desk.database, desk.actor, request.run.id))

    def _refuse(self, request: Request) -> None:
        words = tr("remote_requests.refuse_hint", who=request.run.agent, name=name_of(request.manifest))
        missing, do = tr("error.script.no_reason"), tr("remote_requests.refuse").rstrip(" …")
        dialog = ReasonDialog(tr("remote_requests.refuse_why"), words, do, missing, self.dialog or self._shell.window)
        dialog.told.connect(partial(self._refused, request))
        self.reason = dialog
        dialog.open()

    def _refused(self, request: Request, reason: str) -> None:
        desk = self._shell.desk
        if desk.actor is not None:
            self._write(partial(agreeing.refuse, desk.database, desk.actor, request.run.id, reason))

    def _start(self, request: Request) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self._shell.part(RemoteHelpPart).begin_agreed(request.run)

    def _go(self, request: Request) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        if request.run.ticket_id is not None:
            self._shell.ticket.open(request.run.ticket_id)

    def _write(self, work: Callable[[], None]) -> None:
        def done(_nothing: object) -> None:
            self.look()
            self._shell.bus.look()

        def failed(error: KnownError) -> None:
            self._shell.fail(error)
            self.look()

        self._shell.runner.write(self, work, done, failed)

    def _changed(self, changes: Changes) -> None:
        if TOPIC in changes.topics:
            self.look()

    def _show(self, requests: list[Request]) -> None:
        news = fresh(self.requests, requests) if self._looked else [each for each in requests if not each.mine]
        self.requests, self._looked = tuple(requests), True
        waiting = sum(1 for each in requests if not each.mine or each.answer is Answer.AGREED)
        self.counted.setText(tr("remote_requests.count", count=waiting))
        self.counted.setVisible(bool(waiting))
        if self.dialog is not None:
            self.dialog.show_requests(requests)
        elif news:
            go = (tr("remote_requests.look"), self.open)
            self._shell.part(NoticesPart).tell_words(tr("remote_requests.title"), news_words(news), go)

    def _closed(self) -> None:
        self.dialog = None

    def _unseen(self, _error: KnownError) -> None:
        """The status bar says that the database is away; what was seen last stays."""
