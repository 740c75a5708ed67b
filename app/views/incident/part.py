"""Major incidents in the window: declare one, gather its parts, and tell everybody affected at once."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from app.models.errors import KnownError
from app.models.records.incidents import IncidentView, Told
from app.models.records.tickets import TicketView, Undo
from app.services.escalation import incident
from app.services.tickets import reading
from app.services.wording import tr
from app.views.changing.part import ChangingPart
from app.views.escalating.reason import ReasonDialog
from app.views.incident.model import banner_words, preview_words, told_words
from app.views.kit.elided import ElidedLabel
from app.views.kit.picker import Picker
from app.views.window.pick_ticket import pick_ticket
from app.views.window.shell import Shell

_NOTHING = IncidentView(False, (), 0, 0, 0, ())


class IncidentPart(QObject):
    """`seen` is what the ticket that is shown has to do with a major incident, told in a row below its heading."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.seen = _NOTHING
        shell.commands.section("changing")
        add = shell.commands.add
        add("incident_declare", "Ctrl+Alt+J", "warning", self.declare, needs_ticket=True)
        add("incident_add", "Ctrl+Alt+B", "split", self.add_parts, needs_ticket=True)
        add("incident_update", "Ctrl+Alt+Z", "mail-out", self.update_all, needs_ticket=True)
        add("incident_open", "Ctrl+Alt+Q", "level", self.open_parent, needs_ticket=True)
        self.row, self.words, self._picture = QFrame(), ElidedLabel(), QLabel()
        self._buttons = {each: shell.commands.button(each) for each in _OF_MAJOR + _OF_PART}
        self._build()
        shell.ticket.opened.connect(self._opening)
        shell.ticket.shown.connect(self._shown)

    def declare(self) -> None:
        """The ticket is a major incident from now on; where it is one, none any more."""
        ticket_id, desk = self._shell.ticket.ticket_id, self._shell.desk
        if ticket_id is not None and desk.actor is not None:
            work = partial(incident.declare, desk.database, desk.actor, ticket_id, major=not self.seen.major)
            self._write(work, self._shell.undo.push)

    def add_parts(self) -> Picker | None:
        """The tickets that are selected are parts of it; where it is the only one, one that is found by number or
        words."""
        shell, ticket_id = self._shell, self._shell.ticket.ticket_id
        if ticket_id is None or not self._is_major():
            return None
        others = [each for each in shell.part(ChangingPart).tickets if each != ticket_id]
        if others:
            self._add(ticket_id, lambda: others)
            return None
        number = self._shell.ticket.ticket.row.number if self._shell.ticket.ticket else 0
        return pick_ticket(
            shell,
            tr("incident.add"),
            tr("incident.add_hint", number=number),
            lambda other: self._add(ticket_id, lambda: [reading.id_of(shell.desk.database, other)]),
        )

    def update_all(self) -> ReasonDialog | None:
        """Write once what all that are affected get."""
        shell, ticket_id = self._shell, self._shell.ticket.ticket_id
        if ticket_id is None or not self._is_major():
            return None
        dialog = ReasonDialog(
            tr("incident.update"),
            preview_words(self.seen),
            tr("incident.send", count=self.seen.reached),
            tr("incident.empty"),
            shell.window,
        )
        dialog.told.connect(partial(self._update, ticket_id))
        dialog.open()
        return dialog

    def open_parent(self) -> None:
        """Show the major incident that this ticket is a part of."""
        if self.seen.above:
            self._shell.ticket.open(self.seen.above[0].ticket_id)
        else:
            self._shell.tell(tr("incident.no_part"))

    def _build(self) -> None:
        self.row.setProperty("role", "banner")
        line = QHBoxLayout(self.row)
        line.setContentsMargins(16, 4, 12, 4)
        line.setSpacing(8)
        self._picture.setFixedSize(18, 18)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line.addWidget(self._picture)
        line.addWidget(self.words, 1)
        for each in self._buttons.values():
            line.addWidget(each)
        self.row.hide()
        self._shell.layout.add_below_heading(self.row)
        self._shell.appearance.follow(self, _paint)

    def _is_major(self) -> bool:
        if not self.seen.major:
            self._shell.warn(tr("incident.declare_first"))
        return self.seen.major

    def _add(self, ticket_id: UUID, others: Callable[[], list[UUID]]) -> None:
        desk = self._shell.desk
        actor = desk.actor
        if actor is not None:
            self._write(lambda: incident.add(desk.database, actor, ticket_id, others()), self._added)

    def _added(self, undos: tuple[Undo, ...]) -> None:
        words = tr("incident.added", count=len(undos))
        if undos:
            self._shell.undo.push_all(words, undos)
        else:
            self._shell.tell(words)

    def _update(self, ticket_id: UUID, text: str) -> None:
        desk = self._shell.desk
        if desk.actor is not None:
            self._write(partial(incident.update_all, desk.database, desk.actor, ticket_id, text), self._updated)

    def _updated(self, told: Told) -> None:
        show = self._shell.warn if told.unreached else self._shell.tell
        show(told_words(told))

    def _write(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        def done(result: Any) -> None:
            then(result)
            self._shell.ticket.reload()
            self._shell.bus.look()

        self._shell.runner.write(self, work, done, self._shell.fail)

    def _opening(self, _ticket_id: UUID) -> None:
        self._tell(_NOTHING)

    def _shown(self, ticket: TicketView) -> None:
        work = partial(incident.view, self._shell.desk.database, ticket.row.id)
        self._shell.runner.read(self, work, partial(self._show, ticket.row.id), self._unseen, lane="incident")

    def _show(self, ticket_id: UUID, seen: IncidentView) -> None:
        if ticket_id == self._shell.ticket.ticket_id:
            self._tell(seen)

    def _tell(self, seen: IncidentView) -> None:
        self.seen = seen
        words = banner_words(seen)
        level = "error" if seen.major else "info"
        self.paint_icon()
        self.words.setText(words)
        self.row.setAccessibleName(words)
        for name, button in self._buttons.items():
            button.setVisible(name in (_OF_MAJOR if seen.major else _OF_PART))
        if self.row.property("level") != level:
            self.row.setProperty("level", level)
            for each in (self.row, self.words):
                each.style().unpolish(each)
                each.style().polish(each)
        self.row.setVisible(bool(words))

    def paint_icon(self) -> None:
        name, tint = ("warning", "danger") if self.seen.major else ("level", "info")
        self._picture.setPixmap(self._shell.appearance.icon(name, tint).pixmap(18, 18))

    def _unseen(self, _error: KnownError) -> None:
        """The status bar says that the database is away; what was seen last stays."""


def _paint(part: QObject) -> None:
    assert isinstance(part, IncidentPart)
    part.paint_icon()


_OF_MAJOR, _OF_PART = ("incident_add", "incident_update"), ("incident_open",)
