"""What the window does with what is being written: drafts are journaled, sent, and come back after a crash."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal
from PySide6.QtGui import QImage

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.canned import Canned
from app.models.records.people import IdentityKind
from app.models.records.tickets import NewNote, Quotation, Status, TicketView, Undo
from app.models.rules.recipients import Known
from app.services import canned, people, signatures, staff
from app.services.desk import Desk
from app.services.drafts import Drafts, StoredDraft
from app.services.offline import Outcome, TicketNote, Unfiled
from app.services.offline.filing import keeps_waiting
from app.services.people.known import known
from app.services.signatures import Signature
from app.services.tickets import answering, quoting, recalling
from app.services.tickets.news import News, Seen, news_since
from app.views.kit.task_runner import TaskRunner
from app.views.offline.keeping import keep_and_file
from app.views.writing.answering import Form, Written, files_of, to_answer, written_of

MOST_SUGGESTED = 8


@dataclass(frozen=True)
class Found:
    """A draft with the pictures in it, by their content ids."""

    draft: StoredDraft
    pictures: dict[str, QImage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """What has been stored: `undo` takes it back for `seconds`; None for a note, and where nothing is held back."""

    ticket_id: UUID
    draft: StoredDraft
    undo: Undo | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be put into an answer, and who can be called for."""

    canned: tuple[Canned, ...] = ()
    colleagues: tuple[tuple[UUID, str], ...] = ()
    signature: Signature | None = None


class WritingControl(QObject):
    """`found` brings the draft of a ticket that was just opened; `sent` what has gone into the outbox.

    `outrun` tells what happened on the ticket since its draft's author looked: nothing was sent then. `kept_note` tells
    that a note waits on this machine until the database is back.
    """

    found = Signal(UUID, Found)
    sent = Signal(Sent)
    outrun = Signal(UUID, list)
    kept_note = Signal(UUID, StoredDraft)
    refused = Signal(UUID, KnownError)
    kept_picture = Signal(UUID, str, str, QImage)
    kept_text = Signal(UUID, str)
    offered = Signal(UUID, Offered)
    listed = Signal(list)
    failed = Signal(KnownError)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self._drafts = Drafts(desk.profile.drafts, desk.journal)
        self._tried: dict[UUID, StoredDraft] = {}
        self._keep(self._drafts.tidy)

    @property
    def hold(self) -> float:
        """Seconds that an answer is held back for."""
        return self._desk.settings.undo_send_seconds

    @property
    def is_away(self) -> bool:
        """Whether the database cannot be reached."""
        return self._desk.reach.is_away

    def look_for_draft(self, ticket_id: UUID) -> None:
        def work() -> Found | None:
            draft = self._drafts.load(ticket_id)
            return Found(draft, {name: QImage(path) for name, path in draft.pictures.items()}) if draft else None

        def found(draft: Found | None) -> None:
            if draft is not None:
                if draft.draft.sent_as:
                    self._tried[ticket_id] = draft.draft
                self.found.emit(ticket_id, draft)

        self._runner.read(self, work, found, self.failed.emit, lane="draft")

    def look_for_drafts(self) -> None:
        """All that is unfinished, for a list to choose from."""
        self._runner.read(self, self._drafts.unfinished, self.listed.emit, self.failed.emit, lane="drafts")

    def look_for_offers(self, ticket_id: UUID, team_id: UUID | None) -> None:
        """What can be put into an answer on this ticket."""
        database, actor = self._desk.database, self._desk.actor
        if actor is None:
            return

        def work() -> Offered:
            colleagues = [(each.id, each.name) for each in staff.agents(database) if each.active]
            mine = tuple(canned.canned(database, actor))
            return Offered(mine, tuple(colleagues), signatures.of(database, actor, team_id))

        done = lambda offered: self.offered.emit(ticket_id, offered)  # noqa: E731
        self._runner.read(self, work, done, self.failed.emit, lane="offers")

    def suggest(self, typed: str, done: Callable[[list[tuple[str, str]]], None]) -> None:
        """People whom `typed` may begin, as (name, mail address)."""

        def work() -> list[tuple[str, str]]:
            found = people.find(self._desk.database, typed, MOST_SUGGESTED)
            return [
                (each.name, identity.value)
                for each in found
                for identity in each.identities
                if identity.kind is IdentityKind.MAIL
            ][:MOST_SUGGESTED]

        self._runner.read(self, work, done, self.failed.emit, lane="people")

    def look_up(self, ticket_id: UUID, addresses: list[str], done: Callable[[Known], None]) -> None:
        """What is known of those who are written to."""
        work = lambda: known(self._desk.database, ticket_id, addresses)  # noqa: E731
        self._runner.read(self, work, done, self.failed.emit, lane="known")

    def measure(self, paths: list[str], done: Callable[[dict[str, int]], None]) -> None:
        """The sizes of files in bytes; one that cannot be read has none."""

        def work() -> dict[str, int]:
            return {each: Path(each).stat().st_size for each in paths if Path(each).is_file()}

        self._runner.read(self, work, done, self.failed.emit, lane="sizes")

    def keep(
        self,
        ticket_id: UUID,
        draft: StoredDraft,
        done: Callable[[Any], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        """Journal what is being written."""
        self._runner.keep(self, lambda: self._drafts.save(ticket_id, draft), done, failed)

    def discard(self, ticket_id: UUID) -> None:
        self._keep(lambda: self._drafts.discard(ticket_id))

    def set_aside(self, ticket_id: UUID) -> None:
        """It is no draft any more, but what was pasted into it stays until the desk starts again."""
        self._keep(lambda: self._drafts.sent(ticket_id))

    def forget_pictures(self, ticket_id: UUID, draft: StoredDraft) -> None:
        """What was sent can be taken back no more."""
        self._keep(lambda: self._drafts.forget_pictures(ticket_id, draft))

    def keep_picture(self, ticket_id: UUID, picture: QImage) -> None:
        """A pasted picture is kept as a file; `kept_picture` brings its content id and its path."""

        def work() -> str:
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            picture.save(buffer, "PNG")  # type: ignore[call-overload]
            return self._drafts.keep_pasted(ticket_id, bytes(buffer.data().data()), ".png")

        def kept(path: str) -> None:
            self.kept_picture.emit(ticket_id, f"{Path(path).stem}@firstline", path, picture)

        self._keep(work, kept)

    def keep_text(self, ticket_id: UUID, text: str) -> None:
        """A pasted text that is too long to write in becomes a file; `kept_text` brings its path."""
        work = lambda: self._drafts.keep_pasted(ticket_id, text.encode("utf-8", "replace"), ".txt")  # noqa: E731
        self._keep(work, lambda path: self.kept_text.emit(ticket_id, path))

    def send(self, ticket: TicketView, seen: Seen, draft: StoredDraft, then: Status | None) -> None:
        """Send what was written, unless something new is on the ticket since it was `seen`.

        It is journaled first, and stays in the journal until the database has it.
        """
        ticket_id = ticket.row.id
        if draft.kind == Form.NOTE:
            work = partial(self._finished_note, ticket, draft)
            self._runner.keep(self, work, partial(self._file_note, draft), partial(self.refused.emit, ticket_id))
            return

        tried = self._tried.get(ticket_id)
        again = tried is not None and tried.says_the_same(draft)
        draft = replace(draft, sent_as=tried.sent_as if tried is not None and again else str(new_id()))
        self._tried[ticket_id] = draft
        save = lambda: self._drafts.save(ticket_id, draft)  # noqa: E731
        go_on = lambda _outcome: self._send(ticket, seen, draft, then)  # noqa: E731
        self._runner.keep(self, save, go_on, go_on)  # what cannot be kept can be sent all the same

    def _send(self, ticket: TicketView, seen: Seen, draft: StoredDraft, then: Status | None) -> None:
        ticket_id = ticket.row.id

        def work() -> Sent | list[News]:
            database, actor = self._desk.database, self._desk.actor
            assert actor is not None
            return news_since(database, ticket_id, actor, seen) or self._store(ticket, draft, then)

        def done(result: Sent | list[News]) -> None:
            if isinstance(result, Sent):
                self._tried.pop(ticket_id, None)
                self.set_aside(ticket_id)
                self.sent.emit(result)
            else:
                self.outrun.emit(ticket_id, result)

        self._runner.write(self, work, done, partial(self.refused.emit, ticket_id))

    def keep_for_later(self, ticket_id: UUID, draft: StoredDraft) -> None:
        """Its author wanted it to go: it is offered when the database is back."""
        tried = self._tried.get(ticket_id)
        meant = replace(draft, meant=True, sent_as=tried.sent_as if tried else "")
        self._keep(lambda: self._drafts.save(ticket_id, meant))

    def _finished_note(self, ticket: TicketView, draft: StoredDraft) -> Unfiled:
        """What was written, with the bytes of its files; `KnownError` `file.cannot_read` where one is gone."""
        actor, now, row = self._desk.actor, self._desk.clock.now(), ticket.row
        assert actor is not None
        text = written_of(draft, ticket, actor, None)
        note = NewNote(text.text, text.html, files_of(draft), written_at=now)
        what = TicketNote(row.id, row.number, row.subject, row.status is Status.CLOSED, note)
        return Unfiled.of(actor, now, what)

    def _file_note(self, draft: StoredDraft, thing: Unfiled) -> None:
        keep_and_file(self, self._desk, self._runner, thing, partial(self._note_ended, draft))

    def _note_ended(self, draft: StoredDraft, outcome: Outcome) -> None:
        """It is on its ticket, or waits until the database is back; what refuses it makes it a draft again."""
        assert isinstance(outcome.thing.what, TicketNote)
        ticket_id, error = outcome.thing.what.ticket_id, outcome.error
        if outcome.ticket_id is not None:
            self.sent.emit(Sent(ticket_id, draft, None, 0))
        elif error is None or keeps_waiting(error):
            self.kept_note.emit(ticket_id, draft)
        else:
            self.keep(ticket_id, draft, _nothing, self.failed.emit)
            self._runner.keep(
                self,
                partial(self._desk.waiting.give_up, outcome.thing.id),
                lambda _none: self.refused.emit(ticket_id, error),
                lambda _unkept: self.refused.emit(ticket_id, error),
            )

    def _store(self, ticket: TicketView, draft: StoredDraft, then: Status | None) -> Sent:
        database, actor, ticket_id = self._desk.database, self._desk.actor, ticket.row.id
        assert actor is not None
        text = self._written(ticket, draft)
        hold = timedelta(seconds=self.hold)
        if draft.kind == Form.FORWARD:
            quoted, files = self._passed_on(draft)
            answer = replace(to_answer(draft, None, text, files), id=UUID(draft.sent_as))
            message_id = answering.forward(database, actor, ticket_id, answer, quoted, hold)
        else:
            quoted = quoting.quotation(database, UUID(draft.about)) if draft.quote and draft.about else None
            answer = replace(to_answer(draft, then, text), id=UUID(draft.sent_as))
            message_id = answering.answer(database, actor, ticket_id, answer, quoted, hold)
        undo = recalling.undo_of(database, message_id) if hold else None
        return Sent(ticket_id, draft, undo, self.hold)

    def _written(self, ticket: TicketView, draft: StoredDraft) -> Written:
        actor = self._desk.actor
        assert actor is not None
        signature = signatures.of(self._desk.database, actor, ticket.team_id) if draft.signature else None
        return written_of(draft, ticket, actor, signature)

    def _passed_on(self, draft: StoredDraft) -> tuple[Quotation | None, tuple[Any, ...]]:
        if not (draft.quote and draft.about):
            return None, ()
        return quoting.passed_on(self._desk.database, UUID(draft.about))

    def _keep(self, work: Callable[[], Any], done: Callable[[Any], None] = lambda _nothing: None) -> None:
        self._runner.keep(self, work, done, self.failed.emit)


def _nothing(_result: object) -> None:
    """Nothing is to be done about it."""
