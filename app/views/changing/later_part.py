"""Putting tickets off until a time, when they go on by themselves."""

from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimeZone
from PySide6.QtWidgets import QLabel

from app.models.records.tickets import Status, TicketView
from app.models.rules.later import typed, usual
from app.models.rules.opening_hours import is_zone
from app.services.tickets import editing
from app.services.wording import tr
from app.views.changing.choices import fitting
from app.views.changing.part import ChangingPart
from app.views.kit.picker import Picker, PickItem
from app.views.window.shell import Shell


class LaterPart(QObject):
    """Asks until when, for all that are selected; below a ticket's heading it says until when that rests."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.setObjectName("later")
        self._shell = shell
        self.until = QLabel()
        self.until.setProperty("role", "caption")
        self.until.setContentsMargins(16, 6, 16, 6)
        self.until.hide()
        shell.commands.section("changing")
        shell.commands.add("later", "Ctrl+Shift+U", "clock", self.put_off, needs_ticket=True)
        shell.layout.add_below_heading(self.until)
        shell.ticket.shown.connect(self._show)

    def put_off(self) -> Picker:
        """Until when?"""
        shell, now = self._shell, self._now()
        picker = Picker(
            shell.appearance, tr("later.title"), partial(_moments, now=now), shell.window, hint=tr("later.hint")
        )
        picker.picked.connect(lambda item: self._until(item.value))
        picker.open()
        return picker

    def _until(self, at: datetime) -> None:
        changing, desk = self._shell.part(ChangingPart), self._shell.desk
        changing.change(changing.tickets, lambda: editing.to_schedule(at.astimezone(UTC), desk.clock.now()))

    def _show(self, ticket: TicketView) -> None:
        at = ticket.scheduled_for
        rests = ticket.row.status is Status.SCHEDULED and at is not None
        if at is not None:
            self.until.setText(tr("later.until", at=_words(at.astimezone(self._now().tzinfo))))
        self.until.setVisible(rests)

    def _now(self) -> datetime:
        """By the clock on this wall."""
        here = QTimeZone.systemTimeZoneId().toStdString()
        return self._shell.desk.clock.now().astimezone(ZoneInfo(here if is_zone(here) else "UTC"))


def _moments(text: str, now: datetime) -> list[PickItem]:
    """What was typed, where it is a time; else what is usual and fits."""
    at = typed(text, now)
    if at is not None:
        return [PickItem(_words(at), at, icon="clock")]
    offered = [PickItem(tr(f"later.{code}"), each, detail=_words(each), icon="clock") for code, each in usual(now)]
    return fitting(text, offered)


def _words(at: datetime) -> str:
    return tr("later.moment", day=tr(f"oncall_view.day.{at.weekday()}"), at=at.strftime(tr("time.date_time")))
