"""The tree's place in the window: a command that opens it for the application of the ticket that is shown."""

from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from app.views.kit.change_bus import Changes
from app.views.tree.control import TreeControl
from app.views.tree.dialog import TreeDialog
from app.views.window.shell import Shell

_TOPICS = frozenset({"tree", "oncall", "calendar", "team", "agent", "application", "vendor"})
_EVERY = 60_000
"""Milliseconds after which the picture is read again: who is on duty changes with the clock."""


class TreePart(QObject):
    """One tree window at a time; it follows what changes."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.setObjectName("tree")
        self._shell = shell
        self.dialog: TreeDialog | None = None
        self._beat = QTimer(self, interval=_EVERY)
        self._beat.timeout.connect(self._look_again)
        shell.commands.add("tree", "Ctrl+G", "tree", self._open_for_ticket)
        shell.bus.changed.connect(self._changed)

    def open(self, application_id: UUID | None = None, ticket_id: UUID | None = None) -> TreeDialog:
        """Show the tree of an application, with the way of a ticket that climbs it; without one it is to be chosen."""
        shell = self._shell
        if self.dialog is None:
            control = TreeControl(shell.desk, shell.runner, self)
            self.dialog = TreeDialog(control, shell.appearance, shell.window)
            self.dialog.finished.connect(self._closed)
            self.dialog.destroyed.connect(self._closed)
            self._beat.start()
        if application_id is not None and not self.dialog.is_editing:
            self.dialog.control.look(application_id, ticket_id)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        return self.dialog

    def _open_for_ticket(self) -> None:
        ticket = self._shell.ticket.ticket
        if ticket is None or ticket.application_id is None:
            self.open()
        else:
            self.open(ticket.application_id, ticket.row.id)

    def _changed(self, changes: Changes) -> None:
        dialog = self.dialog
        if dialog is not None and (changes.topics & _TOPICS or dialog.control.ticket_id in changes.tickets):
            self._look_again()

    def _look_again(self) -> None:
        if self.dialog is not None and not self.dialog.is_editing:
            self.dialog.control.look_again()

    def _closed(self, *_: object) -> None:
        self.dialog = None
        self._beat.stop()
