"""What helps while one writes: texts to put in, names to complete, and what is odd about the recipients."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLineEdit

from app.models.records.desk import Actor
from app.models.records.tickets import TicketView
from app.models.rules.placeholders import facts, fill_html, signed
from app.models.rules.recipients import Known, Odd, odd
from app.services.mail.html.rich import from_plain, read_rich
from app.services.wording import tr
from app.views.kit.picker import PickItem
from app.views.window.ticket_control import TicketControl
from app.views.writing.answering import Form
from app.views.writing.composer import Composer
from app.views.writing.offers import suggestions
from app.views.writing.writing_control import Offered, WritingControl

_NO_TEAM = UUID(int=0)


class Aids(QObject):
    """Works for the ticket that is written for, and for nothing while there is none. `told` brings good news."""

    told = Signal(str)

    def __init__(
        self, composer: Composer, ticket: TicketControl, control: WritingControl, actor: Actor | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._composer, self._ticket, self._control, self._actor = composer, ticket, control, actor
        self._for: UUID | None = None
        self._team: UUID | None = _NO_TEAM
        self.offered = Offered()
        self.odd: list[Odd] = []
        composer.picture_given.connect(self._keep_picture)
        composer.text.long_text_given.connect(self._keep_text)
        composer.began.connect(self._suggest)
        composer.picked.connect(self._take)
        composer.head.completion_wanted.connect(self._complete)
        composer.head.settled.connect(self._look_up)
        composer.files.changed.connect(self._measure)
        control.kept_picture.connect(self._picture_kept)
        control.kept_text.connect(self._text_kept)
        control.offered.connect(self._offered)
        ticket.shown.connect(self._ticket_shown)

    @property
    def values(self) -> dict[str, str]:
        """What placeholders become on the ticket that is shown."""
        return facts(self._ticket.ticket, self._actor)

    def begin(self, ticket_id: UUID) -> None:
        """Something is written for this ticket from now on."""
        self._for, self.odd = ticket_id, []
        self._measure()
        self.look_for_offers()

    def end(self) -> None:
        self._for = None

    def look_for_offers(self) -> None:
        """Canned replies or signatures were changed, or may be others on this ticket."""
        ticket = self._ticket.ticket
        if ticket is not None:
            self._control.look_for_offers(ticket.row.id, ticket.team_id)

    def insert(self, html: str, *, in_place: bool = False) -> None:
        """Put in a canned reply with what the ticket knows; `in_place` of what was typed to find it."""
        self._composer.insert(read_rich(fill_html(html, self.values)), in_place=in_place)

    def _ticket_shown(self, ticket: TicketView) -> None:
        """Texts are there before the first slash is typed."""
        if self._team != ticket.team_id:
            self._team = ticket.team_id
            self.look_for_offers()

    def _offered(self, ticket_id: UUID, offered: Offered) -> None:
        self.offered = offered
        if ticket_id == self._for:
            mine = offered.signature
            self._composer.show_signature(signed(mine.text, mine.team, self.values) if mine else "")

    def _suggest(self, mark: str, typed: str) -> None:
        self._composer.suggest(suggestions(mark, typed, self.offered, in_note=self._composer.form is Form.NOTE))

    def _take(self, item: PickItem) -> None:
        if item.icon == "person":
            self._composer.insert(from_plain(f"@{item.words} "), in_place=True)
        else:
            self.insert(item.value.html, in_place=True)

    def _complete(self, line: QLineEdit, typed: str) -> None:
        self._control.suggest(typed, line.offer)  # type: ignore[attr-defined]

    def _look_up(self, addresses: Sequence[str]) -> None:
        people, ticket_id = self._composer.head.people, self._for
        if ticket_id is None:
            return

        def known(found: Known) -> None:
            if self._for == ticket_id:
                self.odd = odd(people, found)
                self._composer.show_odd(self.odd)

        self._control.look_up(ticket_id, list(addresses), known)

    def _measure(self) -> None:
        self._control.measure(list(self._composer.files.paths), self._composer.files.show_sizes)

    def _keep_picture(self, picture: QImage) -> None:
        if self._for is not None:
            self._control.keep_picture(self._for, picture)

    def _picture_kept(self, ticket_id: UUID, content_id: str, path: str, picture: QImage) -> None:
        if ticket_id == self._for:
            self._composer.add_picture(content_id, path, picture)

    def _keep_text(self, text: str) -> None:
        if self._for is not None:
            self._control.keep_text(self._for, text)

    def _text_kept(self, ticket_id: UUID, path: str) -> None:
        if ticket_id == self._for:
            self._composer.add_files([path])
            self.told.emit(tr("writing.long_text"))
