"""The channels' place in the window: a command that opens their dialog."""

from PySide6.QtCore import QObject

from app.views.channels.dialog import ChannelsDialog
from app.views.window.shell import Shell


class ChannelsPart(QObject):
    """How the channels fare, and their settings."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.setObjectName("channels")
        self._shell = shell
        shell.commands.add("channels", "Ctrl+Shift+C", "at", self.open)

    def open(self) -> ChannelsDialog:
        """Show the dialog, and hand it out."""
        shell = self._shell
        dialog = ChannelsDialog(shell.desk, shell.runner, shell.appearance, shell.window)
        dialog.open()
        return dialog
