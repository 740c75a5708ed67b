"""The on-call window's place: a command that opens it."""

from uuid import UUID

from PySide6.QtCore import QObject, QTimer, QTimeZone

from app.views.kit.change_bus import Changes
from app.views.oncall.control import OnCallControl
from app.views.oncall.dialog import OnCallDialog
from app.views.window.shell import Shell

_TOPICS = frozenset({"oncall", "agent", "team"})
_EVERY = 60_000
"""Milliseconds after which it is read again: who is on duty changes with the clock."""


class OnCallPart(QObject):
    """One on-call window at a time; it follows what changes."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.setObjectName("oncall")
        self._shell = shell
        self.dialog: OnCallDialog | None = None
        self._beat = QTimer(self, interval=_EVERY)
        self._beat.timeout.connect(self._look_again)
        shell.commands.add("oncall", "Ctrl+Shift+O", "on-call", self.open)
        shell.bus.changed.connect(self._changed)

    def open(self, team_id: UUID | None = None) -> OnCallDialog:
        """Show who is on duty: for a team, or for one's own."""
        shell = self._shell
        if self.dialog is None:
            zone = bytes(QTimeZone.systemTimeZoneId().data()).decode()
            control = OnCallControl(shell.desk, shell.runner, zone or "UTC", self)
            teams = sorted(shell.desk.actor.teams) if shell.desk.actor is not None else []
            control.team_id = team_id or next(iter(teams), None)
            self.dialog = OnCallDialog(control, shell.appearance, shell.window)
            self.dialog.finished.connect(self._closed)
            self._beat.start()
        elif team_id is not None:
            self.dialog.choose(team_id)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        return self.dialog

    def _changed(self, changes: Changes) -> None:
        if changes.topics & _TOPICS:
            self._look_again()

    def _look_again(self) -> None:
        if self.dialog is not None:
            self.dialog.control.look()

    def _closed(self, *_: object) -> None:
        self.dialog = None
        self._beat.stop()
