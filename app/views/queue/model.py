"""The queue's lines: every id of a list, and the rows of those that are seen."""

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QObject, Qt

from app.models.clock import Clock
from app.models.records.queue import QueueColumn
from app.models.records.tickets import TicketRow
from app.services.wording import tr
from app.views.kit.paged_table import Column, Index, PagedTableModel
from app.views.kit.task_runner import TaskRunner
from app.views.queue.cells import cell
from app.views.queue.columns import full, spoken


class QueueModel(PagedTableModel):
    """Its first column is the whole ticket, for the list with two lines; the others are those of the table."""

    def __init__(
        self,
        runner: TaskRunner,
        load: Callable[[Sequence[UUID]], Sequence[TicketRow]],
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        now = clock.now

        def hint(row: TicketRow) -> str:
            return full(row, now())

        whole: Column[TicketRow] = Column(tr("queue.tickets"), spoken, hint=hint)

        def words(column: QueueColumn) -> Column[TicketRow]:
            return Column(tr(f"column.{column.value}"), lambda row: cell(row, column, now()).words, hint=hint)

        super().__init__(
            runner,
            [whole, *map(words, QueueColumn)],
            load,
            lambda row: row.id,
            parent=parent,
        )

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Tickets can be dragged to whom they are to go."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled
