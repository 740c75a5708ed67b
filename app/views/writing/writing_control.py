"""What the window does with what is being written: drafts are journaled, sent, and come back after a crash."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal
from PySide6.QtGui import QImage

from app.models.errors import KnownError
from app.models.records.mail import MailKind
from app.models.records.tickets import MessageKind, MessageView, Status, TicketView
from app.services.desk import Desk
from app.services.drafts import Drafts, StoredDraft
from app.services.tickets import answering
from app.views.kit.task_runner import TaskRunner
from app.views.writing.answering import Form, files_of, to_answer


class WritingControl(QObject):
    """`found` brings the draft of a ticket that was just opened; `sent` the ticket whose draft has gone out."""

    found = Signal(UUID, StoredDraft)
    sent = Signal(UUID, str)
    refused = Signal(UUID, KnownError)
    kept_picture = Signal(UUID, str)
    failed = Signal(KnownError)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self._drafts = Drafts(desk.profile.drafts)

    def look_for_draft(self, ticket_id: UUID) -> None:
        def found(draft: StoredDraft | None) -> None:
            if draft is not None:
                self.found.emit(ticket_id, draft)

        self._runner.read(self, lambda: self._drafts.load(ticket_id), found, self.failed.emit, lane="draft")

    def keep(self, ticket_id: UUID, draft: StoredDraft) -> None:
        """Journal what is being written."""
        self._write(lambda: self._drafts.save(ticket_id, draft))

    def discard(self, ticket_id: UUID) -> None:
        self._write(lambda: self._drafts.discard(ticket_id))

    def keep_picture(self, ticket_id: UUID, picture: QImage) -> None:
        """A pasted picture becomes a file that is attached."""

        def work() -> str:
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            picture.save(buffer, "PNG")  # type: ignore[call-overload]
            return self._drafts.keep_picture(ticket_id, bytes(buffer.data().data()))

        self._write(work, lambda path: self.kept_picture.emit(ticket_id, path))

    def send(self, ticket: TicketView, draft: StoredDraft, then: Status | None) -> None:
        """Send what was written. It is journaled first, and stays in the journal until the database has it."""
        ticket_id = ticket.row.id

        def work() -> None:
            self._drafts.save(ticket_id, draft)
            self._store(ticket, draft, then)
            self._drafts.discard(ticket_id)

        self._runner.write(
            self,
            work,
            lambda _nothing: self.sent.emit(ticket_id, draft.kind),
            lambda error: self.refused.emit(ticket_id, error),
        )

    def _store(self, ticket: TicketView, draft: StoredDraft, then: Status | None) -> None:
        database, actor = self._desk.database, self._desk.actor
        assert actor is not None
        if draft.kind == Form.NOTE:
            answering.note(database, actor, ticket.row.id, draft.text, files_of(draft))
            return
        answered = answered_message(ticket) if draft.quote else None
        quoted = answering.quotation(database, answered.id) if answered else ""
        if draft.kind == Form.FORWARD:
            answering.forward(database, actor, ticket.row.id, to_answer(draft, None), quoted)
        else:
            answering.answer(database, actor, ticket.row.id, to_answer(draft, then), quoted)

    def _write(self, work: Callable[[], Any], done: Callable[[Any], None] = lambda _nothing: None) -> None:
        self._runner.write(self, work, done, self.failed.emit)


def answered_message(ticket: TicketView) -> MessageView | None:
    """The mail that an answer quotes: the newest a person sent from outside. Never a note: no customer may see one."""
    for message in reversed(ticket.messages):
        if message.kind is MessageKind.MAIL_IN and message.mail_kind is MailKind.MAIL:
            return message
    return None
