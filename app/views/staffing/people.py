"""People and teams beside the queue: tickets are dragged onto them, and what is on each is seen at a glance."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.models.records.packed_ids import PackedIds
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.picker import PickDelegate, PickItem
from app.views.queue.table import TICKETS_MIME, ids_of

_ITEM = int(Qt.ItemDataRole.UserRole)


class PeopleList(QListWidget):
    """`given` brings tickets and to whom, as `ChangingPart.give` wants it; Return gives what is selected."""

    given = Signal(PackedIds, object)
    chosen = Signal(object)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "sidebar")
        self.setAccessibleName(tr("people.name"))
        self.setItemDelegate(PickDelegate(appearance, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.itemActivated.connect(lambda item: self.chosen.emit(item.data(_ITEM).value))
        self.hide()

    def show_people(self, items: Sequence[PickItem]) -> None:
        """Who there is, with what is on them; the current one stays where it is."""
        place = self.currentRow()
        self.clear()
        for each in items:
            line = QListWidgetItem(each.words)
            brief = replace(each, detail=each.detail.partition(" ")[0])  # the number of open ones; the rest in the hint
            line.setData(_ITEM, brief)
            line.setToolTip(f"{each.words}\n{each.detail}")
            line.setData(Qt.ItemDataRole.AccessibleTextRole, f"{each.words}, {each.detail}")
            self.addItem(line)
        self.setCurrentRow(min(place, self.count() - 1))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(TICKETS_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """The one that the tickets would go to is marked."""
        item = self.itemAt(event.position().toPoint())
        if item is None:
            event.ignore()
        else:
            self.setCurrentItem(item)
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        tickets = ids_of(event.mimeData())
        if item is not None and tickets:
            event.acceptProposedAction()
            self.given.emit(tickets, item.data(_ITEM).value)
