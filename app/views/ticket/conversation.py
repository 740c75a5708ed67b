"""Reading a ticket: its messages, what is folded in them, their files and links."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import QSize, QTimer, QUrl, Signal
from PySide6.QtGui import QImage, QTextCharFormat, QTextCursor, QTextFrame
from PySide6.QtWidgets import QStackedLayout, QTextEdit, QVBoxLayout, QWidget

from app.models.clock import Clock
from app.models.records.tickets import AttachmentInfo, MessageKind, MessageView, TicketView
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner
from app.views.kit.matching import highlights
from app.views.kit.states import StateView
from app.views.kit.theme import Theme
from app.views.ticket.browser import ConversationBrowser
from app.views.ticket.document import ConversationWriter, message_of
from app.views.ticket.entries import Unfolded, entry, has_quote, newest
from app.views.ticket.events import with_events

_MORE = 100
_MARKED_IN, _MOST_MARKS = 500_000, 200
_WIDE = re.compile("[\U00010000-\U0010ffff]")
"""What is two characters to Qt, and one here: pictures such as smileys."""


class Conversation(QWidget):
    """What is clicked comes out as signals; what it shows is handed in.

    A message is written into the document once. When the ticket is shown again, messages that are the same stay as they
    are: only what is new or different is laid out.
    """

    file_clicked = Signal(AttachmentInfo)
    link_clicked = Signal(QUrl)
    split_clicked = Signal(UUID)
    move_clicked = Signal(UUID)
    retry_clicked = Signal(UUID)
    pictures_wanted = Signal(list)
    remote_pictures_wanted = Signal(list)
    remote_wanted = Signal()

    def __init__(self, appearance: Appearance, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._appearance = appearance
        self._marked: tuple[str, ...] = ()
        self._ticket: TicketView | None = None
        self._unfolded = Unfolded()
        self._drawn: dict[UUID, tuple[MessageView, QTextFrame]] = {}
        self.browser = ConversationBrowser(appearance)
        self.browser.setAccessibleName(tr("conversation.name"))
        self.browser.anchorClicked.connect(self._clicked)
        self._writer = ConversationWriter(self.browser.document(), appearance)
        self.remote = Banner(appearance)
        self.state = StateView(appearance)
        reading = QWidget()
        column = QVBoxLayout(reading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.remote)
        column.addWidget(self.browser, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.state)
        self._stack.addWidget(reading)
        appearance.changed.connect(self._draw_anew)
        self.show_nothing()

    def show_nothing(self) -> None:
        self._ticket = None
        self.state.empty("mail-in", tr("conversation.nothing"), tr("conversation.nothing_hint"))
        self._stack.setCurrentIndex(0)

    def show_loading(self) -> None:
        self.state.loading()
        self._stack.setCurrentIndex(0)

    def show_error(self, words: str, again: Callable[[], None]) -> None:
        self.state.error(words, again)
        self._stack.setCurrentIndex(0)

    def show_ticket(self, ticket: TicketView) -> None:
        """Show it from its newest message; the same one again stays where it was read."""
        ticket = with_events(ticket)
        same = self._ticket is not None and self._ticket.row.id == ticket.row.id
        before, self._ticket = self._ticket, ticket
        if not same:
            self._unfolded = Unfolded()
            self.browser.pictures.clear()
        self._stack.setCurrentIndex(1)
        if same and before is not None and self._only_grew(before, ticket):
            self._draw_changes(ticket)
        else:
            self._draw_all(stay=same)
        self._ask_for_pictures(ticket)
        self._tell_remote(ticket)
        self._mark_all(go=not same)

    def show_pictures(self, pictures: Mapping[str, QImage]) -> None:
        """Inline pictures by content id, remote ones by address, once they are loaded."""
        self.browser.pictures.update(pictures)
        self._draw_all(stay=True)

    def mark(self, words: Sequence[str]) -> None:
        """Mark the words that were searched for, and go to the first that is found."""
        self._marked = tuple(words)
        self._mark_all(go=True)

    def _mark_all(self, *, go: bool = False) -> None:
        text = self.browser.document().toPlainText()[:_MARKED_IN] if self._marked else ""
        text = _WIDE.sub("\ufffd\ufffd", text)  # so that places in it are Qt's
        form = QTextCharFormat()
        form.setBackground(self._appearance.theme.colour("found"))
        marks = []
        for start, stop in highlights(text, self._marked)[:_MOST_MARKS]:
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.browser.document())
            cursor.setPosition(start)
            cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
            mark.cursor, mark.format = cursor, form
            marks.append(mark)
        self.browser.setExtraSelections(marks)
        if marks and go:
            at = self.browser.cursorRect(marks[0].cursor)
            bar = self.browser.verticalScrollBar()
            bar.setValue(bar.value() + at.top() - self.browser.viewport().height() // 3)

    def explain(self, message_id: UUID) -> None:
        """Show why a message is on this ticket, or hide it again."""
        if message_id in self._drawn:
            self._toggle("reasons", message_id)

    def turn(self, pages: int) -> None:
        """Read on, or back, by keyboard from anywhere."""
        bar = self.browser.verticalScrollBar()
        bar.setValue(bar.value() + pages * int(bar.pageStep() * 0.9))

    def current_message(self) -> MessageView | None:
        """The message that the caret is in, or the newest."""
        if self._ticket is None or not self._ticket.messages:
            return None
        place = self.browser.textCursor().position()
        if place:
            for message, frame in self._drawn.values():
                if frame.firstPosition() <= place <= frame.lastPosition() and message.kind is not MessageKind.EVENT:
                    return message
        return next((each for each in reversed(self._ticket.messages) if each.kind is not MessageKind.EVENT), None)

    def sizeHint(self) -> QSize:
        return QSize(620, 480)

    @property
    def text(self) -> str:
        """What is to be read, without its looks."""
        return self.browser.toPlainText()

    @staticmethod
    def _only_grew(before: TicketView, after: TicketView) -> bool:
        earlier = [each.id for each in before.messages]
        return [each.id for each in after.messages][: len(earlier)] == earlier

    def _draw_anew(self, _theme: Theme) -> None:
        self._draw_all(stay=True)

    def _draw_all(self, *, stay: bool) -> None:
        ticket = self._ticket
        if ticket is None:
            return
        bar = self.browser.verticalScrollBar()
        place = bar.value()
        hidden, shown = newest(ticket, self._unfolded)
        self.browser.setUpdatesEnabled(False)
        self._writer.clear()
        self._drawn.clear()
        edit = QTextCursor(self.browser.document())
        edit.beginEditBlock()  # laid out once, at its end
        if hidden:
            self._writer.earlier(hidden)
        for message in shown:
            self._add(message)
        edit.endEditBlock()
        self.browser.setUpdatesEnabled(True)
        if not stay:
            self.browser.moveCursor(QTextCursor.MoveOperation.Start)
        self._scroll_to(place if stay else None)

    def _draw_changes(self, ticket: TicketView) -> None:
        bar = self.browser.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        place = bar.value()
        _, shown = newest(ticket, self._unfolded)
        for message in shown:
            drawn = self._drawn.get(message.id)
            if drawn is None:
                self._add(message)
            elif drawn[0] != message:
                self._redraw(message, drawn[1])
        self._scroll_to(None if at_end else place)

    def _add(self, message: MessageView) -> None:
        written = entry(message, self._unfolded, self._clock.now())
        self._drawn[message.id] = (message, self._writer.add(written, has_quote=has_quote(message)))

    def _redraw(self, message: MessageView, frame: QTextFrame) -> None:
        written = entry(message, self._unfolded, self._clock.now())
        self._writer.rewrite(frame, written, has_quote=has_quote(message))
        self._drawn[message.id] = (message, frame)

    def _scroll_to(self, place: int | None) -> None:
        """There, or where the newest message begins."""
        bar = self.browser.verticalScrollBar()
        if place is not None:
            bar.setValue(place)
        else:
            self._to_newest()
            QTimer.singleShot(0, self, self._to_newest)  # once it is as wide as it will be

    def _to_newest(self) -> None:
        bar = self.browser.verticalScrollBar()
        bar.setValue(bar.maximum())
        if self._drawn:
            frame = list(self._drawn.values())[-1][1]
            top = self.browser.document().documentLayout().frameBoundingRect(frame).top()
            bar.setValue(min(bar.maximum(), int(top) - 8))

    def _ask_for_pictures(self, ticket: TicketView) -> None:
        wanted = [
            file
            for message in ticket.messages
            for file in message.attachments
            if file.inline and file.content_id and file.content_id not in self.browser.pictures
        ]
        if wanted:
            self.pictures_wanted.emit(wanted)
        remote = [each for each in self.browser.asked_for if each not in self.browser.pictures]
        if remote:
            self.remote_pictures_wanted.emit(remote)

    def _tell_remote(self, ticket: TicketView) -> None:
        held_back = sum(each.remote_images for each in ticket.messages)
        if held_back:
            key = "conversation.remote_one" if held_back == 1 else "conversation.remote"
            show = (tr("conversation.remote_show"), self.remote_wanted.emit)
            self.remote.tell("info", tr(key, count=held_back), show)
        else:
            self.remote.hide()

    def _clicked(self, url: QUrl) -> None:
        address = url.toString()
        verb = address.partition(":")[0]
        own: dict[str, Callable[[UUID], None]] = {
            "quote": lambda each: self._toggle("quotes", each),
            "why": lambda each: self._toggle("reasons", each),
            "whole": lambda each: self._toggle("whole", each),
            "file": self._file,
            "split": self.split_clicked.emit,
            "move": self.move_clicked.emit,
            "retry": self.retry_clicked.emit,
        }
        if verb == "earlier":
            self._unfolded = replace(self._unfolded, older=self._unfolded.older + _MORE)
            self._draw_all(stay=True)
        elif verb in own:
            own[verb](message_of(address))
        else:
            self.link_clicked.emit(url)

    def _toggle(self, what: str, message_id: UUID) -> None:
        opened: Any = getattr(self._unfolded, what)
        changed: Any = {what: opened ^ {message_id}}
        self._unfolded = replace(self._unfolded, **changed)
        message, frame = self._drawn[message_id]
        place = self.browser.verticalScrollBar().value()
        self._redraw(message, frame)
        self.browser.verticalScrollBar().setValue(place)

    def _file(self, file_id: UUID) -> None:
        for message in self._ticket.messages if self._ticket else ():
            for file in message.attachments:
                if file.id == file_id:
                    self.file_clicked.emit(file)


def target_of(url: QUrl) -> str | None:
    """Where a link of a mail really leads, told without disguise; None where it must not be opened."""
    if url.scheme() not in ("http", "https", "mailto"):
        return None
    if url.scheme() == "mailto":
        return url.path()
    host = url.host(QUrl.ComponentFormattingOption.FullyEncoded)
    port = f":{url.port()}" if url.port() != -1 else ""
    return f"{url.scheme()}://{host}{port}{url.path(QUrl.ComponentFormattingOption.FullyEncoded)}"
