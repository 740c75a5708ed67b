"""The catalogue's place in the window: a command that opens its dialog."""

from uuid import UUID

from PySide6.QtCore import QObject

from app.views.catalogue.dialog import CatalogueDialog
from app.views.kit.change_bus import Changes
from app.views.tree.part import TreePart
from app.views.window.shell import Shell

_TOPICS = frozenset({"application", "vendor", "calendar", "target", "tree", "catalogue", "team", "agent"})


class CataloguePart(QObject):
    """Applications, vendors, calendars and targets: one dialog at a time, beside which the window stays in use."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.setObjectName("catalogue")
        self._shell = shell
        self.dialog: CatalogueDialog | None = None
        shell.bus.changed.connect(self._changed)
        shell.commands.add("applications", "Ctrl+Alt+K", "application", self.open)

    def open(self, page: str = "applications", chosen: UUID | None = None) -> CatalogueDialog:
        """Show the dialog at a page (`dialog.PAGES`), with one application where its id is given."""
        shell = self._shell
        if self.dialog is None:
            self.dialog = CatalogueDialog(shell.desk, shell.runner, shell.appearance, shell.window)
            self.dialog.tree_wanted.connect(shell.part(TreePart).open)
            self.dialog.destroyed.connect(self._gone)
        self.dialog.show_page(page)
        if chosen is not None:
            self.dialog.applications.choose(chosen)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        return self.dialog

    def _changed(self, changes: Changes) -> None:
        if self.dialog is not None and changes.topics & _TOPICS:
            self.dialog.control.look()

    def _gone(self) -> None:
        self.dialog = None
