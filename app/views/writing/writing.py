"""The composer and the ticket it writes for: they stay together whatever happens in the lists beside them."""

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.models.errors import KnownError
from app.models.records.tickets import Status
from app.services.drafts import StoredDraft
from app.services.wording import tr
from app.views.window.layout import WindowLayout
from app.views.window.ticket_control import TicketControl
from app.views.writing.answering import Form, start
from app.views.writing.writing_control import WritingControl, answered_message


class Writing(QObject):
    """Opens, keeps and sends drafts. `changed` tells that something was sent.

    Who answers a mail that was followed by another one meanwhile is `warned` once, before it goes.
    """

    failed = Signal(KnownError)
    told = Signal(str)
    warned = Signal(str)
    changed = Signal()

    def __init__(self, layout: WindowLayout, ticket: TicketControl, control: WritingControl, parent: QObject) -> None:
        super().__init__(parent)
        self._layout, self._composer = layout, layout.composer
        self._ticket, self._control = ticket, control
        self._for: UUID | None = None
        self._seen: UUID | None = None
        ticket.opened.connect(self._ticket_opened)
        self._composer.paused.connect(self._keep)
        self._composer.sent.connect(self._send)
        self._composer.discarded.connect(self._discard)
        self._composer.form_wanted.connect(self._change_form)
        self._composer.picture_given.connect(self._keep_picture)
        control.found.connect(self._found)
        control.sent.connect(self._sent)
        control.refused.connect(self._refused)
        control.kept_picture.connect(self._picture_kept)
        control.failed.connect(self.failed)

    def open(self, form: Form, *, to_all: bool = False) -> None:
        """Begin to write for the ticket that is shown; what is being written already changes its form."""
        ticket = self._ticket.ticket
        if ticket is None:
            return
        draft = start(ticket, form, to_all=to_all)
        if self._for == ticket.row.id:
            written = self._composer.draft()
            draft = replace(draft, text=written.text, attachments=written.attachments)
        self._open(ticket.row.id, draft)

    def keep(self) -> None:
        """Journal what was typed since the last pause."""
        self._composer.keep()

    def _open(self, ticket_id: UUID, draft: StoredDraft) -> None:
        ticket = self._ticket.ticket
        answered = answered_message(ticket) if ticket is not None and ticket.row.id == ticket_id else None
        self._for, self._seen = ticket_id, answered.id if answered else None
        self._layout.composing.show()
        self._composer.open(draft, answered.text if answered else "")

    def _close(self) -> None:
        self._for = None
        self._composer.hide()
        self._layout.composing.hide()
        self._layout.tickets.table.setFocus()

    def _ticket_opened(self, ticket_id: UUID) -> None:
        if self._for is not None and self._for != ticket_id:
            self._composer.keep()
            focus = self._layout.tickets.table.hasFocus()
            self._for = None
            self._composer.hide()
            self._layout.composing.hide()
            if focus:
                self._layout.tickets.table.setFocus()
        self._control.look_for_draft(ticket_id)

    def _found(self, ticket_id: UUID, draft: StoredDraft) -> None:
        if self._for is None and ticket_id == self._ticket.ticket_id:
            self._open(ticket_id, draft)
            self.told.emit(tr("composer.draft_found"))

    def _keep(self, draft: StoredDraft) -> None:
        if self._for is None:
            return
        if draft.text.strip() or draft.attachments:
            self._control.keep(self._for, draft)
        else:
            self._control.discard(self._for)

    def _send(self, draft: StoredDraft, then: Status | None) -> None:
        ticket = self._ticket.ticket
        if ticket is None or ticket.row.id != self._for:
            return
        if not draft.text.strip() and not draft.attachments and draft.kind != Form.FORWARD:
            self.failed.emit(KnownError("composer.empty"))
            return
        answered = answered_message(ticket)
        if draft.kind == Form.ANSWER and answered is not None and answered.id != self._seen:
            self._seen = answered.id
            self.warned.emit(tr("composer.wrote_again", author=answered.author))
            return
        self._composer.set_sending(True)
        self._control.send(ticket, draft, then)

    def _sent(self, ticket_id: UUID, kind: str) -> None:
        if ticket_id == self._for:
            self._close()
        if ticket_id == self._ticket.ticket_id:
            self._ticket.reload()
        self.told.emit(tr("window.noted" if kind == Form.NOTE else "window.sent"))
        self.changed.emit()

    def _refused(self, ticket_id: UUID, error: KnownError) -> None:
        if ticket_id == self._for:
            self._composer.set_sending(False)
        self.failed.emit(error)

    def _discard(self) -> None:
        if self._for is not None:
            self._control.discard(self._for)
            self._close()

    def _change_form(self, form: str) -> None:
        self.open(Form(form))

    def _keep_picture(self, picture: QImage) -> None:
        if self._for is not None:
            self._control.keep_picture(self._for, picture)

    def _picture_kept(self, ticket_id: UUID, path: str) -> None:
        if ticket_id == self._for:
            self._composer.add_files([path])
