"""The composer and the ticket it writes for: they stay together whatever happens in the lists beside them."""

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.models.records.tickets import MessageView, Status, TicketView
from app.services.drafts import StoredDraft
from app.services.tickets.news import News, Seen, seen_of
from app.services.wording import tr, tr_error
from app.views.window.layout import WindowLayout
from app.views.window.ticket_control import TicketControl
from app.views.window.undoing import UndoStack
from app.views.writing.aids import Aids
from app.views.writing.answering import Form, answered_message, can_be_passed_on, quoted_message, start
from app.views.writing.concerns import concerns, told
from app.views.writing.held import Held
from app.views.writing.writing_control import Found, Sent, WritingControl

_DISCARDED_MS = 12_000


class Writing(QObject):
    """Opens, keeps and sends drafts. `changed` tells that something was sent, or that what was held back may go now.

    What is odd about an answer, and what is new on its ticket, is shown once before it goes. `typing` tells that
    somebody begins to write for a ticket (None: no more).
    """

    failed = Signal(KnownError)
    told = Signal(str)
    changed = Signal()
    typing = Signal(object)

    def __init__(
        self,
        layout: WindowLayout,
        ticket: TicketControl,
        control: WritingControl,
        undo: UndoStack,
        actor: Actor | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._layout, self._composer = layout, layout.composer
        self._ticket, self._control = ticket, control
        self._for: UUID | None = None
        self._seen: Seen | None = None
        self._said: set[str] = set()
        self._then: Status | None = None
        self._disk_full = False
        self._waiting: tuple[UUID, Found] | None = None
        self.aids = Aids(self._composer, ticket, control, actor, self)
        self.held = Held(undo, layout.told, self)
        ticket.opened.connect(self._ticket_opened)
        ticket.shown.connect(self._ticket_shown)
        self._connect_composer()
        self._connect_control()

    def open(self, form: Form, *, to_all: bool = False) -> None:
        """Begin to write for the ticket that is shown; what is being written already changes its form."""
        ticket = self._ticket.ticket
        if ticket is None:
            return
        about = self._layout.conversation.current_message() if form is Form.FORWARD else None
        self._begin(start(ticket, form, to_all=to_all, about=about if can_be_passed_on(about) else None))

    def pass_on(self, message: MessageView) -> None:
        """Forward one message."""
        ticket = self._ticket.ticket
        if ticket is not None:
            self._begin(start(ticket, Form.FORWARD, about=message))

    def keep(self) -> None:
        """Journal what was typed since the last pause."""
        self._composer.keep()

    @property
    def is_open(self) -> bool:
        """Whether something is being written."""
        return self._for is not None

    def insert(self, html: str) -> None:
        """Put a canned reply into what is being written; one begins to answer if nothing is."""
        if not self.is_open:
            self.open(Form.ANSWER)
        if self.is_open:
            self.aids.insert(html)

    def _connect_composer(self) -> None:
        composer = self._composer
        composer.paused.connect(self._keep)
        composer.sent.connect(self._send)
        composer.discarded.connect(self._discard)
        composer.form_wanted.connect(lambda form: self.open(Form(form)))

    def _connect_control(self) -> None:
        control = self._control
        control.found.connect(self._found)
        control.sent.connect(self._sent)
        control.outrun.connect(self._outrun)
        control.kept_note.connect(self._kept_note)
        control.refused.connect(self._refused)
        control.failed.connect(self.failed)
        self.aids.told.connect(self.told)
        self.held.gone.connect(self._gone)
        self.held.back.connect(self._back)

    def _begin(self, draft: StoredDraft) -> None:
        ticket = self._ticket.ticket
        assert ticket is not None
        pictures: dict[str, QImage] = {}
        if self._for == ticket.row.id:
            now = self._composer.draft()
            pictures = self._composer.text.pictures(now.pictures)
            kept = {"text": now.text, "html": now.html, "attachments": now.attachments, "pictures": now.pictures}
            draft = replace(draft, **kept)  # type: ignore[arg-type]
        self._open(ticket.row.id, draft, pictures)

    def _open(self, ticket_id: UUID, draft: StoredDraft, pictures: dict[str, QImage]) -> None:
        ticket = self._ticket.ticket
        if ticket is None or ticket.row.id != ticket_id:
            return
        if draft.kind == Form.ANSWER and not draft.about:
            newest = answered_message(ticket)
            draft = replace(draft, about=str(newest.id) if newest else "")
        quoted = quoted_message(ticket, draft)
        self._for, self._seen, self._said, self._then = ticket_id, seen_of(ticket), set(), None
        self._layout.composing.show()
        self._composer.open(draft, quoted.text if quoted else "", pictures)
        self.aids.begin(ticket_id)
        self.typing.emit(ticket_id)

    def _close(self) -> None:
        focus = self._layout.composing.isAncestorOf(self._layout.composing.window().focusWidget() or self._composer)
        self._leave()
        if focus:
            self._layout.tickets.table.setFocus()

    def _leave(self) -> None:
        self._for = None
        self.aids.end()
        self._composer.hide()
        self._layout.composing.hide()
        self.typing.emit(None)

    def _ticket_opened(self, ticket_id: UUID) -> None:
        if self._for is not None and self._for != ticket_id:
            self._composer.keep()
            focus = self._layout.tickets.table.hasFocus()
            self._leave()
            if focus:
                self._layout.tickets.table.setFocus()
        self._control.look_for_draft(ticket_id)

    def _ticket_shown(self, ticket: TicketView) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and waiting[0] == ticket.row.id:
            self._found(*waiting)

    def _found(self, ticket_id: UUID, found: Found) -> None:
        if self._for is not None or ticket_id != self._ticket.ticket_id:
            return
        if self._ticket.ticket is None:  # its conversation is still on its way
            self._waiting = (ticket_id, found)
            return
        self._open(ticket_id, found.draft, found.pictures)
        self.told.emit(tr("composer.draft_found"))

    def _keep(self, draft: StoredDraft) -> None:
        if self._for is None:
            return
        if draft.is_empty:
            self._control.discard(self._for)
        else:
            self._control.keep(self._for, draft, self._kept, self._not_kept)

    def _kept(self, _nothing: object) -> None:
        if self._disk_full:
            self._disk_full = False
            self._composer.trouble.tell("success", tr("writing.kept_again"), milliseconds=4_000)

    def _not_kept(self, error: KnownError) -> None:
        """It stays in sight: what is typed now is nowhere else."""
        self._disk_full = True
        self._composer.trouble.tell("error", tr("writing.no_disk", problem=tr_error(error)), closable=False)

    def _send(self, draft: StoredDraft, then: Status | None) -> None:
        ticket = self._ticket.ticket
        if ticket is None or ticket.row.id != self._for or self._seen is None:
            return
        if draft.is_empty and draft.kind != Form.FORWARD:
            self.failed.emit(KnownError("composer.empty"))
            return
        then = then or self._then
        new = [each for each in concerns(draft, self.aids.odd, self._composer.files.sizes) if each not in self._said]
        if new:
            self._said.update(new)
            self._then = then
            self._composer.ask(tr("writing.check_heading"), new)
            return
        self._then = then
        self._composer.set_sending(True)
        self._control.send(ticket, self._seen, draft, then)

    def _outrun(self, ticket_id: UUID, news: list[News]) -> None:
        """Show what is new; who sends once more has seen it."""
        ticket = self._ticket.ticket
        if ticket_id != self._for or self._seen is None or ticket is None:
            return
        self._seen = replace(
            self._seen,
            messages=self._seen.messages | {each.message_id for each in news if each.message_id},
            status=next((each.status for each in news if each.status), self._seen.status),
            assignee_id=next((each.assignee_id for each in news if each.assignee is not None), self._seen.assignee_id),
        )
        self._ticket.reload()
        self._composer.ask(tr("writing.new_heading"), told(news))

    def _sent(self, sent: Sent) -> None:
        self._then = None
        if sent.ticket_id == self._for:
            self._close()
        if sent.ticket_id == self._ticket.ticket_id:
            self._ticket.reload()
        if sent.undo is not None:
            self.held.hold(sent)
        else:
            self._control.forget_pictures(sent.ticket_id, sent.draft)
            self.told.emit(tr("window.noted" if sent.draft.kind == Form.NOTE else "window.sent"))
        self.changed.emit()

    def _kept_note(self, ticket_id: UUID, draft: StoredDraft) -> None:
        """The database is away: the note waits, and the next thing can be written."""
        self._then = None
        if ticket_id == self._for:
            self._close()
        self._control.forget_pictures(ticket_id, draft)
        self.told.emit(tr("offline.note_kept"))

    def _gone(self, sent: Sent) -> None:
        self._control.forget_pictures(sent.ticket_id, sent.draft)
        self.changed.emit()

    def _back(self, sent: Sent) -> None:
        self._bring_back(sent.ticket_id, sent.draft)

    def _bring_back(self, ticket_id: UUID, draft: StoredDraft) -> None:
        """It is a draft again, and in sight where its ticket is."""

        def kept(_nothing: object) -> None:
            if self._ticket.ticket_id == ticket_id and self._for is None:
                self._control.look_for_draft(ticket_id)

        def unkept(error: KnownError) -> None:
            """It is nowhere but here: it comes in sight, wherever its author is."""
            self.failed.emit(error)
            found = Found(draft, {name: QImage(path) for name, path in draft.pictures.items()})
            if self._ticket.ticket_id != ticket_id:
                self._ticket.open(ticket_id)
            self._found(ticket_id, found)

        self._control.keep(ticket_id, draft, kept, unkept)

    def _refused(self, ticket_id: UUID, error: KnownError) -> None:
        if ticket_id == self._for:
            self._composer.set_sending(False)
            if self._control.is_away:
                self._control.keep_for_later(ticket_id, self._composer.draft())
                self.told.emit(tr("offline.answer_kept"))
                return
        self.failed.emit(error)

    def _discard(self) -> None:
        """Thrown away, and back again by one button: nobody is asked first."""
        ticket_id = self._for
        if ticket_id is None:
            return
        draft = self._composer.draft()
        self._control.set_aside(ticket_id)
        self._close()
        if not draft.is_empty:
            again = (tr("window.undo"), lambda: self._bring_back(ticket_id, draft))
            self._layout.told.tell("success", tr("writing.discarded"), again, milliseconds=_DISCARDED_MS)
