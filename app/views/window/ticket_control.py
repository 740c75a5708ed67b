"""What the window does with the ticket it shows: every change goes through here to the services, and can be undone."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.records.tickets import Priority, Status, TicketView, Undo
from app.services.desk import Desk
from app.services.outbox.sending import retry_dead
from app.services.tickets import editing, mending, reading
from app.services.tickets.editing import Stale
from app.views.kit.task_runner import TaskRunner
from app.views.window.undoing import UndoStack

_KEPT = 200
"""So many tickets can be read still while the database is away."""


_COLUMNS = {"team": "team_id", "application": "application_id", "assignee": "assignee_id"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A change that somebody else's came before: what the person `saw` and `wanted`, and what sets it all the same."""

    ticket_id: UUID
    saw: Mapping[str, Any]
    wanted: Mapping[str, Any]
    again: Callable[[], None]


class TicketControl(QObject):
    """`shown` brings the ticket whenever it was read, `failed` an error.

    What was changed goes on the `undo` stack. `unreadable` tells that the ticket cannot be shown at all, `marked_read`
    that its news are news no more. `overtaken` tells that somebody else changed the same thing first, and brings the
    `Attempt`. While the database is away a ticket that was read before is shown as it was at `read_at`.
    """

    shown = Signal(TicketView)
    failed = Signal(KnownError)
    unreadable = Signal(KnownError)
    opened = Signal(UUID)
    marked_read = Signal()
    overtaken = Signal(KnownError, object)

    def __init__(self, desk: Desk, runner: TaskRunner, undo: UndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self._undo = undo
        self._ticket_id: UUID | None = None
        self._remote_images = False
        self.ticket: TicketView | None = None
        self._kept: OrderedDict[UUID, tuple[TicketView, datetime]] = OrderedDict()
        self.read_at: datetime | None = None

    @property
    def ticket_id(self) -> UUID | None:
        """The ticket that is shown, or is on its way."""
        return self._ticket_id

    def open(self, ticket_id: UUID) -> None:
        """Read a ticket and show it; it counts as read from then on."""
        if ticket_id != self._ticket_id:
            self._ticket_id, self._remote_images, self.ticket = ticket_id, False, None
            self.opened.emit(ticket_id)
        self.reload()

    def open_number(self, number: int) -> None:
        self._read("number", lambda: reading.id_of(self._desk.database, number), self.open)

    def reload(self) -> None:
        ticket_id, remote = self._ticket_id, self._remote_images
        if ticket_id is not None:
            work = lambda: reading.show(self._desk.database, ticket_id, remote_images=remote)  # noqa: E731
            self._runner.read(self, work, self._show, self._cannot_show, lane="ticket")

    def show_remote_images(self) -> None:
        self._remote_images = True
        self.reload()

    def set_property(self, name: str, value: Any) -> None:
        """Change status, priority, team, application or assignee, unless somebody else changed just that meanwhile."""
        ticket = self.ticket
        if ticket is None:
            return
        shown = {
            "status": ticket.row.status,
            "priority": int(ticket.row.priority),
            "team_id": ticket.team_id,
            "application_id": ticket.application_id,
            "assignee_id": ticket.assignee_id,
        }
        self._set(name, value, Stale(ticket.row.id, fields=shown))

    def _set(self, name: str, value: Any, seen: Stale, *, anyway: bool = False) -> None:
        database, actor = self._who
        change: dict[str, Callable[[], Undo]] = {
            "status": lambda: editing.set_status(database, actor, seen, Status(value), anyway=anyway),
            "priority": lambda: editing.set_priority(database, actor, seen, Priority(value)),
            "team": lambda: editing.set_team(database, actor, seen, value),
            "application": lambda: editing.set_application(database, actor, seen, value),
            "assignee": lambda: editing.assign(database, actor, seen, value),
        }

        def refused(error: KnownError) -> None:
            if error.code in ("ticket.overtaken", "ticket.open_parts"):
                again = partial(self._set, name, value, Stale(seen.ticket_id), anyway=True)
                self.overtaken.emit(
                    error, Attempt(seen.ticket_id, seen.fields, {_COLUMNS.get(name, name): value}, again)
                )
                self.reload()
            else:
                self._refused(error)

        self._runner.write(self, change[name], self._undo.push, refused)

    def take(self) -> None:
        """Give the ticket to oneself."""
        if self._desk.actor is not None:
            self.set_property("assignee", self._desk.actor.id)

    def merge_into(self, number: int) -> None:
        """Put this ticket's conversation on another one, and show that."""

        def merged(result: tuple[UUID, Undo]) -> None:
            self._undo.push(result[1])
            self.open(result[0])

        self._with_other(number, lambda mine, other: mending.merge(*self._who, mine, other), merged)

    def move_message(self, message_id: UUID, number: int) -> None:
        work = lambda _mine, other: mending.move(*self._who, [message_id], other)  # noqa: E731
        self._with_other(number, work, lambda result: self._undo.push(result[1]))

    def split_message(self, message_id: UUID) -> None:
        """Open a new ticket for one message, and show it."""

        def split(result: tuple[UUID, Undo]) -> None:
            self._undo.push(result[1])
            self.open(result[0])

        self._write(lambda: mending.split(*self._who, [message_id]), split)

    def retry(self, message_id: UUID) -> None:
        """Send a given-up mail again."""
        self._write(lambda: retry_dead(*self._who, message_id), lambda _nothing: self.reload())

    @property
    def _who(self) -> tuple[Any, Any]:
        return self._desk.database, self._desk.actor

    def _with_other(
        self, number: int, work: Callable[[UUID, UUID], Undo], done: Callable[[tuple[UUID, Undo]], None]
    ) -> None:
        ticket = self.ticket
        if ticket is None:
            return

        def both() -> tuple[UUID, Undo]:
            other = reading.id_of(self._desk.database, number)
            return other, work(ticket.row.id, other)

        self._write(both, done)

    def _show(self, ticket: TicketView) -> None:
        self.ticket, self.read_at = ticket, None
        self._kept[ticket.row.id] = (ticket, self._desk.clock.now())
        self._kept.move_to_end(ticket.row.id)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self.shown.emit(ticket)
        if ticket.row.unread:
            self._write(lambda: editing.mark_read(*self._who, ticket.row.id), lambda _nothing: self.marked_read.emit())

    def _cannot_show(self, error: KnownError) -> None:
        kept = self._kept.get(self._ticket_id) if self._ticket_id is not None and self._desk.reach.is_away else None
        if kept is not None:
            again = self.ticket is None or self.read_at is None
            self.ticket, self.read_at = kept
            if again:
                self.shown.emit(self.ticket)
        elif self.ticket is None:
            self.unreadable.emit(error)
        else:
            self.failed.emit(error)

    def _read(self, lane: str, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._runner.read(self, work, done, self.failed.emit, lane=lane)

    def _write(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._runner.write(self, work, done, self._refused)

    def _refused(self, error: KnownError) -> None:
        """What was refused shows as it is: a chosen status springs back."""
        self.failed.emit(error)
        self.reload()
