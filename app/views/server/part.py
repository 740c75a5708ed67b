"""What the window says of the database server for as long as it is so: upgraded under us, or only to be read."""

from functools import partial

from PySide6.QtCore import QObject

from app.models.errors import KnownError
from app.services.database import age, schema
from app.services.wording import tr
from app.views.kit.banner import Banner
from app.views.kit.change_bus import Changes
from app.views.window.shell import Shell

READ_ONLY = "database.read_only"


class ServerPart(QObject):
    """A banner above everything. An upgrade outlasts what else it has to tell: only a new start helps against it."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._upgraded = False
        self.banner = Banner(shell.appearance)
        shell.layout.add_above(self.banner)
        shell.bus.changed.connect(self._changed)
        shell.bus.lost.connect(self.failed)
        shell.bus.found.connect(self._look)
        shell.refused.connect(self.failed)
        shell.started.connect(self._look)

    def _look(self) -> None:
        """What is said may be so no longer: the server may have been exchanged for another one, or made the primary."""
        runner, database = self._shell.runner, self._shell.desk.database
        ignore = lambda _error: None  # noqa: E731 - others tell that it cannot be reached
        runner.read(self, partial(schema.is_outdated, database), self._tell_upgraded, ignore, lane="age")
        runner.read(self, partial(schema.is_read_only, database), self.tell_read_only, ignore, lane="read_only")

    def _changed(self, changes: Changes) -> None:
        if age.TOPIC in changes.topics:
            self._look()

    def failed(self, error: KnownError) -> None:
        """Something was refused; perhaps for what is told here."""
        if error.code == age.UPGRADED:
            self._tell_upgraded(upgraded=True)
        elif error.code == READ_ONLY:
            self._look()

    def _tell_upgraded(self, upgraded: bool) -> None:
        if upgraded and not self._upgraded:
            self._upgraded = True
            leave = (tr("server.leave"), self._leave)
            self.banner.tell("warning", tr("server.upgraded"), leave, closable=False)

    def tell_read_only(self, read_only: bool) -> None:
        """Whether the database can only be read."""
        if self._upgraded:
            return
        if read_only:
            self.banner.tell("info", tr("server.read_only"), closable=False)
        else:
            self.banner.hide()

    def _leave(self) -> None:
        """Close as ever: what is typed is written down on the way."""
        self.banner.show()
        self._shell.window.close()
