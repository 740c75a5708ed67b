"""The conversation of a ticket: one text browser that never loads anything by itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import QByteArray, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from app.models.records.tickets import AttachmentInfo, TicketView
from app.services.wording import tr
from app.views.kit.banner import Banner
from app.views.kit.theme import Tokens
from app.views.ticket.page import PageState, page

_OUTSIDE = ("http", "https", "mailto")
_WIDEST = 640


class _Browser(QTextBrowser):
    """Shows pictures it was given, and asks nobody else for any."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: dict[str, QImage] = {}

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: N802 - Qt's name
        if kind == QTextDocument.ResourceType.ImageResource.value:
            address = name.toString() if isinstance(name, QUrl) else name
            return self.pictures.get(address.removeprefix("cid:"), QImage())
        return None


class Conversation(QWidget):
    """Reading a ticket. What is clicked in it comes out as signals; what it shows is handed in."""

    open_file = Signal(object)
    save_file = Signal(object)
    split = Signal(object)
    move_away = Signal(object)
    retry = Signal(object)
    pictures_wanted = Signal(object)
    remote_wanted = Signal()

    def __init__(self, colours: Tokens) -> None:
        super().__init__()
        self._colours = colours
        self._ticket: TicketView | None = None
        self._state = PageState()
        self._browser = _Browser()
        self._browser.setOpenLinks(False)
        self._browser.setAccessibleName(tr("ticket.conversation"))
        self._browser.anchorClicked.connect(self._clicked)
        self._banner = Banner()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._banner)
        layout.addWidget(self._browser)

    def show_ticket(self, ticket: TicketView | None) -> None:
        """Show a ticket; the same one again keeps what was unfolded and where it was read."""
        same = self._ticket is not None and ticket is not None and self._ticket.row.id == ticket.row.id
        if not same:
            self._state = PageState()
            self._browser.pictures.clear()
        self._ticket = ticket
        self._tell_remote(ticket)
        self._draw(keep_place=same)
        if ticket is not None:
            wanted = [each for each in _pictures(ticket) if each.content_id not in self._browser.pictures]
            if wanted:
                self.pictures_wanted.emit(wanted)

    def show_pictures(self, pictures: dict[str, bytes]) -> None:
        """Inline pictures by their content id, once they are loaded; drawn no wider than a page."""
        for content_id, content in pictures.items():
            picture = QImage.fromData(QByteArray(content))
            if picture.width() > _WIDEST:
                picture = picture.scaledToWidth(_WIDEST)
            self._browser.pictures[content_id] = picture
        self._draw(keep_place=True)

    @property
    def text(self) -> str:
        """What is to be read, without its looks."""
        return self._browser.toPlainText()

    def _tell_remote(self, ticket: TicketView | None) -> None:
        held_back = sum(each.remote_images for each in ticket.messages) if ticket else 0
        if held_back:
            words = tr("ticket.remote_images", count=held_back)
            self._banner.say("info", words, tr("action.show"), self.remote_wanted.emit)
        else:
            self._banner.hide()

    def _draw(self, *, keep_place: bool) -> None:
        bar = self._browser.verticalScrollBar()
        place = bar.value()
        if self._ticket is None:
            empty = tr("ticket.none")
            self._browser.setHtml(f'<p align="center" style="color:{self._colours["muted"]}"><br><br>{empty}</p>')
            return
        self._browser.setHtml(page(self._ticket, self._state, self._colours))
        bar.setValue(place if keep_place else bar.maximum())

    def _clicked(self, url: QUrl) -> None:
        verb, _, rest = url.toString().partition(":")
        own: dict[str, Callable[[str], None]] = {
            "fold": self._toggle_fold,
            "why": self._toggle_reasons,
            "earlier": self._show_all,
            "open": lambda name: self._with_file(name, self.open_file),
            "save": lambda name: self._with_file(name, self.save_file),
            "split": lambda name: self.split.emit(UUID(name)),
            "move": lambda name: self.move_away.emit(UUID(name)),
            "retry": lambda name: self.retry.emit(UUID(name)),
        }
        if verb in own:
            own[verb](rest)
        elif verb in _OUTSIDE:
            QDesktopServices.openUrl(url)

    def _toggle_fold(self, name: str) -> None:
        self._state = replace(self._state, unfolded=self._state.unfolded ^ {UUID(name)})
        self._draw(keep_place=True)

    def _toggle_reasons(self, name: str) -> None:
        self._state = replace(self._state, explained=self._state.explained ^ {UUID(name)})
        self._draw(keep_place=True)

    def _show_all(self, _rest: str) -> None:
        self._state = replace(self._state, all_messages=True)
        self._draw(keep_place=False)

    def _with_file(self, name: str, signal: Any) -> None:
        for message in self._ticket.messages if self._ticket else ():
            for file in message.attachments:
                if str(file.id) == name:
                    signal.emit(file)


def _pictures(ticket: TicketView) -> list[AttachmentInfo]:
    """The files that its messages show in their text."""
    return [
        file
        for message in ticket.messages
        for file in message.attachments
        if file.inline and file.content_id and file.media_type.startswith("image/")
    ]
