"""The keys' place in the window: F1 shows them all, and single keys work where tickets are read."""

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from app.views.kit.commands import Command
from app.views.shortcuts import windows
from app.views.shortcuts.keys import SINGLE
from app.views.shortcuts.sheet import ShortcutSheet
from app.views.window.shell import Shell


class ShortcutsPart(QObject):
    """Made last, for it ties keys to commands of all other parts."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        shell.commands.section("window")
        shell.commands.add("shortcuts", "F1", "info", self.open)
        for place in (shell.layout.tickets.table, shell.layout.conversation.browser):
            for command, keys in SINGLE.items():
                shortcut = QShortcut(QKeySequence(keys), place)
                shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
                shortcut.activated.connect(partial(shell.commands.run, command))

    def open(self) -> ShortcutSheet:
        """Show the sheet, and hand it out."""
        sections: dict[str, list[Command]] = {}
        for each in self._shell.commands:
            sections.setdefault(each.section, []).append(each)
        sections |= windows.sections()
        sheet = ShortcutSheet(sections, SINGLE, self._shell.window)
        sheet.open()
        return sheet
