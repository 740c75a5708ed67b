"""The tickets of the chosen view, with a search line above them."""

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from app.models.clock import Clock
from app.models.records.packed_ids import PackedIds
from app.models.records.queue import QueueSort
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.elided import ElidedLabel
from app.views.kit.paged_table import ID_ROLE, PagedTableModel
from app.views.kit.search_line import SearchLine
from app.views.kit.states import StateView
from app.views.queue.completing import completions
from app.views.queue.table import Form, QueueTable
from app.views.ticket.properties_model import Offers

TYPING_MS = 250
_REST_MS = 120


class TicketTable(QWidget):
    """A heading and a search line above the tickets.

    `opened` brings the ticket an agent goes to: at once, and while an arrow is held only where it comes to rest.
    `entered` asks for its conversation, `searched` brings the words to look for, `sort_wanted` an order, `selected`
    how many tickets are. When the list changes by itself, nobody is taken to another ticket.
    """

    opened = Signal(UUID)
    entered = Signal()
    searched = Signal(str)
    sort_wanted = Signal(QueueSort)
    selected = Signal(int)

    def __init__(self, model: PagedTableModel, appearance: Appearance, clock: Clock) -> None:
        super().__init__()
        self.model = model
        self._renewing = False
        self._shown: UUID | None = None
        self._going: UUID | None = None
        self.search = SearchLine(appearance)
        self.search.setPlaceholderText(tr("queue.search"))
        self.search.setAccessibleName(tr("queue.search"))
        self.heading, self.count = ElidedLabel(), QLabel()
        self.table = QueueTable(model, appearance, clock, self)
        self.state = StateView(appearance)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.state)
        self._build()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(lambda: self.searched.emit(self.search.text().strip()))
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._rested)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self._offers = Offers()
        self._complete()
        self.search.returnPressed.connect(self._go_to_results)
        self.table.sort_wanted.connect(self.sort_wanted)
        self.table.entered.connect(self._enter)
        self.table.selectionModel().currentRowChanged.connect(self._moved)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self.selected.emit(self.how_many))

    def offer(self, offers: Offers) -> None:
        """Names that the search line knows."""
        self._offers = offers

    def _complete(self) -> None:
        """Operators and their values, offered under the line while one types."""
        found = QStringListModel(self)
        completer = QCompleter(found, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search.textEdited.connect(lambda typed: found.setStringList(completions(typed, self._offers)))
        self.search.setCompleter(completer)

    def offer_for_many(self, buttons: Sequence[QWidget]) -> None:
        """What can be done to several tickets stands below them while several are selected."""
        self._selected = QLabel()
        row = QHBoxLayout(self.many)
        row.setContentsMargins(14, 3, 10, 3)
        row.setSpacing(2)
        row.addWidget(self._selected)
        row.addSpacing(10)
        for each in buttons:
            row.addWidget(each)
        row.addStretch(1)
        self.selected.connect(self._tell_many)

    def _tell_many(self, count: int) -> None:
        self._selected.setText(tr("bulk.selected", count=f"{count:n}"))
        self.many.setVisible(count > 1)

    def show_loading(self) -> None:
        self.state.loading()
        self._stack.setCurrentIndex(1)

    def show_error(self, words: str, again: Callable[[], None]) -> None:
        self.state.error(words, again)
        self._stack.setCurrentIndex(1)

    def show_ids(self, ids: PackedIds, *, another_list: bool, empty: tuple[str, str, str]) -> None:
        """The tickets of a view; `empty` is the icon, heading and words for that there are none."""
        self._renewing = True
        if another_list:
            self.model.reset_ids(ids)
            self.table.scrollToTop()
        else:
            self.table.replace_ids(ids)
        if self.how_many <= 1:
            self.mark(self._shown)
        self._renewing = False
        self.selected.emit(self.how_many)  # Qt does not tell of what went with its row
        if not ids:
            self.state.empty(*empty)
        self._stack.setCurrentIndex(0 if ids else 1)

    def show_name(self, name: str, count: int, *, whole: bool) -> None:
        """Which list this is, and how long; `whole` is False while only its beginning is there."""
        self.heading.setText(name)
        self.count.setText(tr("queue.count" if whole else "queue.count_more", count=f"{count:n}"))

    def mark(self, ticket_id: UUID | None) -> None:
        """The ticket that is shown beside: selected where it is in the list, and nothing where it is not."""
        self._shown = ticket_id
        place = self.model.place_of(ticket_id) if ticket_id is not None else None
        was, self._renewing = self._renewing, True
        if place is None:
            self.table.setCurrentIndex(QModelIndex())
            self.table.clearSelection()
        elif self.table.currentIndex().row() != place:
            self.table.go_to(place)
        self._renewing = was

    @property
    def current(self) -> UUID | None:
        index = self.table.currentIndex()
        return index.data(ID_ROLE) if index.isValid() else None

    @property
    def how_many(self) -> int:
        """How many tickets are selected."""
        return sum(each.height() for each in self.table.selectionModel().selection().toList())

    def step(self, by: int) -> None:
        """Go to the next or the previous ticket; from nowhere to the first."""
        place = self.table.currentIndex().row() + by if self.table.currentIndex().isValid() else 0
        if 0 <= place < self.model.rowCount():
            self.table.go_to(place)

    def _moved(self, index: QModelIndex) -> None:
        if not index.isValid() or self._renewing:
            return
        if self._rest.isActive():
            self._going = index.data(ID_ROLE)
        else:
            self.opened.emit(index.data(ID_ROLE))
        self._rest.start()

    def _rested(self) -> None:
        going, self._going = self._going, None
        if going is not None:
            self.opened.emit(going)

    def _enter(self) -> None:
        self._rest.stop()
        self._rested()
        self.entered.emit()

    def _go_to_results(self) -> None:
        self._typing.stop()
        self.searched.emit(self.search.text().strip())
        self.table.setFocus()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.heading.setProperty("role", "heading")
        self.count.setProperty("role", "caption")
        self._above = QHBoxLayout()
        self._above.setContentsMargins(14, 8, 10, 8)
        self._above.setSpacing(8)
        self._above.addWidget(self.heading)
        self._above.addWidget(self.count)
        self._above.addStretch(1)
        self._above.addWidget(self.search, 2)
        layout.addLayout(self._above)
        layout.addLayout(self._stack, 1)
        self.many = QFrame()
        self.many.setProperty("role", "strip")
        self.many.hide()
        layout.addWidget(self.many)

    def wear(self, form: Form) -> None:
        """As a table the list has its name above it; the narrow list keeps that room for the search."""
        self.heading.setVisible(form is Form.TABLE)
        self.count.setVisible(form is Form.TABLE)
        self.table.wear(form)
