"""The views on the left."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from app.models.records.queue import QueueView
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.queue.delegates import COUNT_ROLE, ViewDelegate

_ICONS = {
    "view.open": "inbox",
    "view.mine": "mine",
    "view.team": "team",
    "view.unassigned": "unassigned",
    "view.waiting": "waiting",
    "view.soon": "clock",
    "view.level_l1": "level",
    "view.level_l2": "level",
    "view.level_l3": "level",
    "view.level_vendor": "organisation",
    "view.done": "done",
}


def view_name(view: QueueView) -> str:
    """What people call it."""
    return tr(view.key) if view.builtin else view.name


class ViewList(QListWidget):
    """The named lists of tickets, with how many each holds."""

    chosen = Signal(QueueView)

    def __init__(self, views: Sequence[QueueView], appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "sidebar")
        self.setAccessibleName(tr("queue.views"))
        self.setItemDelegate(ViewDelegate(appearance, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setSpacing(1)
        self._views: list[QueueView] = []
        self._counts: Mapping[str, int] = {}
        self._filling = False
        self.show_views(views)
        self.setCurrentRow(0)
        self.currentRowChanged.connect(self._chosen)

    def show_views(self, views: Sequence[QueueView]) -> None:
        """The views there are; the chosen one stays chosen where it is among them."""
        chosen = self.current.key if self._views else ""
        self._filling = True
        self.clear()
        self._views = list(views)
        for view in self._views:
            item = QListWidgetItem(view_name(view))
            icon = _ICONS.get(view.key, "team" if view.shared else "list")
            item.setData(Qt.ItemDataRole.UserRole, icon)
            self.addItem(item)
        self.choose(chosen)
        self.show_counts(self._counts)
        self._filling = False

    def _chosen(self, place: int) -> None:
        if place >= 0 and not self._filling:
            self.chosen.emit(self._views[place])

    @property
    def current(self) -> QueueView:
        return self._views[max(0, self.currentRow())]

    def choose(self, key: str) -> None:
        for place, view in enumerate(self._views):
            if view.key == key:
                self.setCurrentRow(place)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many tickets each view holds, by its key; kept for when the views themselves change."""
        self._counts = counts
        for place, view in enumerate(self._views):
            item = self.item(place)
            count = counts.get(view.key)
            item.setData(COUNT_ROLE, count)
            name = view_name(view)
            told = name if count is None else tr("queue.counted", name=name, count=count)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, told)
