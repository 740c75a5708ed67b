"""The full history of the ticket that is shown, in a dialog that can be searched and copied from."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.models.records.history import HistoryEntry
from app.services.tickets.history import history
from app.services.wording import tr
from app.views.history.words import line_words, matching, what_words
from app.views.kit.times import date_words
from app.views.window.shell import Shell

_SIZE = (820, 520)


class HistoryDialog(QDialog):
    """Every entry of the audit on one ticket, the newest first."""

    def __init__(self, entries: Sequence[HistoryEntry], number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = entries
        self.setWindowTitle(tr("history.title", number=number))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("history.search"))
        self.line.setAccessibleName(tr("history.search"))
        self.line.textChanged.connect(self._show)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.windowTitle())
        self.list.setHeaderLabels([tr(f"history_column.{each}") for each in ("at", "who", "what", "desk")])
        self.list.setRootIsDecorated(False)
        self.list.setWordWrap(True)
        buttons = QDialogButtonBox()
        self.copy = QPushButton(tr("history.copy"))
        self.copy.clicked.connect(self._copy)
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(tr("button.close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self.line, self.list, buttons):
            column.addWidget(widget)
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(_SIZE[0], room.width() - 20), min(_SIZE[1], room.height() - 20))
        head = self.list.header()
        head.setStretchLastSection(False)
        for section in (0, 1, 3):
            head.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self._show("")

    def _show(self, typed: str) -> None:
        self._shown = matching(self._entries, typed)
        self.list.clear()
        self.list.addTopLevelItems(
            [QTreeWidgetItem([date_words(each.at), each.actor, what_words(each), each.desk]) for each in self._shown]
        )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(map(line_words, self._shown)))
        self.copy.setText(tr("history.copied"))


class HistoryPart(QObject):
    """Ctrl+H shows it."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.dialog: HistoryDialog | None = None
        shell.commands.section("reading")
        shell.commands.add("history", "Ctrl+H", "clock", self.open, needs_ticket=True)

    def open(self) -> None:
        shell, ticket = self._shell, self._shell.ticket.ticket
        if ticket is None:
            return

        def show(entries: list[HistoryEntry]) -> None:
            self.dialog = HistoryDialog(entries, ticket.row.number, shell.window)
            self.dialog.open()

        shell.runner.read(self, partial(history, shell.desk.database, ticket.row.id), show, shell.fail, lane="history")
