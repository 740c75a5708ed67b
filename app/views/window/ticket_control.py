"""What the window does with the ticket it shows: every change goes through here to the services, and can be undone."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.models.errors import KnownError
from app.models.records.tickets import AttachmentInfo, Priority, Status, TicketView, Undo
from app.services.desk import Desk
from app.services.drafts import Drafts, StoredDraft
from app.services.outbox.sending import retry_dead
from app.services.settings import make_private
from app.services.tickets import answering, editing, mending, reading
from app.services.tickets.editing import Stale
from app.views.kit.tasks import TaskRunner
from app.views.ticket.answering import Form, to_answer

_UNDO_KEPT = 50


class TicketControl(QObject):
    """`shown` brings the ticket whenever it was read; `failed` an error; `did` what was changed, for the undo's words."""

    shown = Signal(object)
    pictures = Signal(dict)
    draft_found = Signal(object)
    failed = Signal(object)
    did = Signal(object)
    written = Signal()
    split_off = Signal(object)

    def __init__(self, desk: Desk, runner: TaskRunner) -> None:
        super().__init__()
        self._desk = desk
        self._runner = runner
        self._drafts = Drafts(desk.profile.drafts)
        self._undo: list[Undo] = []
        self._ticket_id: UUID | None = None
        self._remote_images = False
        self.ticket: TicketView | None = None

    def open(self, ticket_id: UUID) -> None:
        """Read a ticket and show it; it counts as read from then on."""
        if ticket_id != self._ticket_id:
            self._ticket_id = ticket_id
            self._remote_images = False
            self.ticket = None
            self._runner.read(self, lambda: self._drafts.load(ticket_id), self._found_draft, self.failed.emit)
        self.reload()

    def reload(self) -> None:
        ticket_id, remote = self._ticket_id, self._remote_images
        if ticket_id is not None:
            self._read(lambda: reading.show(self._desk.database, ticket_id, remote_images=remote), self._show)

    def show_remote_images(self) -> None:
        self._remote_images = True
        self.reload()

    def load_pictures(self, files: Sequence[AttachmentInfo]) -> None:
        wanted = {each.content_id: each.sha256 for each in files if each.content_id}

        def load() -> dict[str, bytes]:
            return {name: reading.attachment_content(self._desk.database, digest) for name, digest in wanted.items()}

        self._read(load, self.pictures.emit)

    def set_property(self, name: str, value: Any) -> None:
        """Change status, priority, team, application or assignee, if nobody else changed the ticket meanwhile."""
        change: dict[str, Callable[..., Undo]] = {
            "status": lambda *seen: editing.set_status(*seen, Status(value)),
            "priority": lambda *seen: editing.set_priority(*seen, Priority(value)),
            "team": lambda *seen: editing.set_team(*seen, value),
            "application": lambda *seen: editing.set_application(*seen, value),
            "assignee": lambda *seen: editing.assign(*seen, value),
        }
        if self.ticket is not None:
            seen = Stale(self.ticket.row.id, self.ticket.row.version)
            actor, database = self._desk.actor, self._desk.database
            self._write(lambda: change[name](database, actor, seen), self._done)

    def take(self) -> None:
        """Give the ticket to oneself."""
        if self._desk.actor is not None:
            self.set_property("assignee", self._desk.actor.id)

    def merge_into(self, number: int) -> None:
        self._with_other(number, lambda mine, other: mending.merge(*self._who, mine, other))

    def move_message(self, message_id: UUID, number: int) -> None:
        self._with_other(number, lambda _mine, other: mending.move(*self._who, [message_id], other))

    def split_message(self, message_id: UUID) -> None:
        def done(result: tuple[UUID, Undo]) -> None:
            self._done(result[1])
            self.split_off.emit(result[0])

        self._write(lambda: mending.split(*self._who, [message_id]), done)

    def undo(self) -> None:
        """Take back the last change made here that was not taken back yet."""
        if self._undo:
            last = self._undo.pop()
            self._write(lambda: mending.undo(*self._who, last), lambda _nothing: self.reload())

    def send(self, draft: StoredDraft, then: Status | None) -> None:
        """Send what was written; the draft stays until the database has it."""
        ticket = self.ticket
        if ticket is None:
            return
        ticket_id = ticket.row.id
        newest = ticket.messages[-1].id if ticket.messages else None

        def work() -> None:
            if draft.kind == Form.NOTE:
                answering.note(*self._who, ticket_id, draft.text)
            else:
                quoted = answering.quotation(self._desk.database, newest) if newest else ""
                send = answering.forward if draft.kind == Form.FORWARD else answering.answer
                send(*self._who, ticket_id, to_answer(draft, then), quoted)
            self._drafts.discard(ticket_id)

        self._write(work, lambda _nothing: self._sent())

    def keep_draft(self, draft: StoredDraft) -> None:
        """Journal what is being written."""
        ticket_id = self._ticket_id
        if ticket_id is not None:
            self._write(lambda: self._drafts.save(ticket_id, draft), lambda _nothing: None)

    def discard_draft(self) -> None:
        ticket_id = self._ticket_id
        if ticket_id is not None:
            self._write(lambda: self._drafts.discard(ticket_id), lambda _nothing: None)

    def retry(self, message_id: UUID) -> None:
        """Send a given-up mail again."""
        self._write(lambda: retry_dead(*self._who, message_id), lambda _nothing: self.reload())

    def open_file(self, file: AttachmentInfo) -> None:
        """In the program the system has for it, from a folder that only this person may look into."""

        def store() -> Path:
            folder = make_private(make_private(self._desk.profile.opened) / str(file.id))
            target = folder / file.name
            target.write_bytes(reading.attachment_content(self._desk.database, file.sha256))
            return target

        self._read(_telling_disk(store), lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))

    def save_file(self, file: AttachmentInfo, target: Path) -> None:
        def store() -> int:
            return target.write_bytes(reading.attachment_content(self._desk.database, file.sha256))

        self._read(_telling_disk(store), lambda _size: None)

    @property
    def _who(self) -> tuple[Any, Any]:
        return self._desk.database, self._desk.actor

    def _with_other(self, number: int, work: Callable[[UUID, UUID], Undo]) -> None:
        if self.ticket is not None:
            mine = self.ticket.row.id
            self._write(lambda: work(mine, reading.id_of(self._desk.database, number)), self._done)

    def _show(self, ticket: TicketView) -> None:
        if ticket.row.id != self._ticket_id:
            return
        self.ticket = ticket
        self.shown.emit(ticket)
        if ticket.row.unread:
            self._write(lambda: editing.mark_read(*self._who, ticket.row.id), lambda _nothing: None)

    def _found_draft(self, draft: StoredDraft | None) -> None:
        if draft is not None:
            self.draft_found.emit(draft)

    def _sent(self) -> None:
        self.written.emit()
        self.reload()

    def _done(self, undo: Undo) -> None:
        self._undo = [*self._undo, undo][-_UNDO_KEPT:]
        self.did.emit(undo)
        self.reload()

    def _read(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._runner.read(self, work, done, self._fail)

    def _write(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._runner.write(self, work, done, self._fail)

    def _fail(self, error: KnownError) -> None:
        self.failed.emit(error)
        if error.code in ("ticket.stale", "ticket.changed_since") or error.code.startswith("not_allowed"):
            self.reload()


def _telling_disk(work: Callable[[], Any]) -> Callable[[], Any]:
    """A full or forbidden disk, told in words."""

    def told() -> Any:
        try:
            return work()
        except OSError as error:
            reason = error.strerror or str(error)
            raise KnownError("file.cannot_write", file=error.filename or "", reason=reason) from error

    return told
