"""Who else is at the ticket that is shown: told in its heading, on every desk within about a second."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.presence import Present
from app.services import presence
from app.views.kit.change_bus import Changes
from app.views.presence.words import presence_words
from app.views.window.shell import Shell


class PresencePart(QObject):
    """Tells others what this window shows, and shows what theirs do. Without a database nobody is told anything."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._session = new_id()
        self._writing_for: UUID | None = None
        self._beat = QTimer(self, interval=int(presence.EVERY.total_seconds() * 1000))
        self._beat.timeout.connect(self._tell)
        self._beat.timeout.connect(self._look)
        shell.ticket.opened.connect(self._opened)
        shell.writing.typing.connect(self._typing)
        shell.bus.changed.connect(self._changed)
        shell.started.connect(self._beat.start)
        shell.closing.connect(self._leave)

    def _opened(self, _ticket_id: UUID) -> None:
        self._shell.layout.show_presence("")
        self._tell()
        self._look()

    def _typing(self, ticket_id: UUID | None) -> None:
        self._writing_for = ticket_id
        self._tell()

    def _tell(self) -> None:
        desk, shown = self._shell.desk, self._shell.ticket.ticket_id
        if desk.actor is not None:
            typing = shown is not None and shown == self._writing_for
            work = partial(presence.report, desk.database, desk.actor, self._session, shown, typing=typing)
            self._shell.runner.write(self, work, self._nothing, self._unheard)

    def _look(self) -> None:
        shown = self._shell.ticket.ticket_id
        if shown is not None:
            work = partial(presence.others, self._shell.desk.database, shown, self._session)
            self._shell.runner.read(self, work, self._found, self._unheard, lane="others")

    def _changed(self, changes: Changes) -> None:
        shown = self._shell.ticket.ticket_id
        if str(shown) in changes.present or shown in changes.tickets:
            self._look()

    def _found(self, others: list[Present]) -> None:
        self._shell.layout.show_presence(presence_words(others))

    def _leave(self) -> None:
        self._beat.stop()
        desk = self._shell.desk
        if desk.actor is not None:
            work = partial(presence.leave, desk.database, desk.actor, self._session)
            self._shell.runner.write(self, work, self._nothing, self._unheard)

    def _nothing(self, _result: object) -> None:
        """Others were told."""

    def _unheard(self, _error: KnownError) -> None:
        """The status bar says that the database is away; who is where is unknown then."""
        self._shell.layout.show_presence("")
