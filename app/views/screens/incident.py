"""Pictures of a major incident."""

from PySide6.QtWidgets import QWidget

from app.models.records.queue import QueueFilter
from app.services.escalation import incident
from app.services.tickets import queue
from app.views.incident.part import IncidentPart
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle

_PARTS = 4


def _declared(window: MainWindow) -> QWidget:
    desk = window.shell.desk
    found = queue.page(desk.database, QueueFilter(words="portal"), 1)
    if found and desk.actor is not None:
        parent = found[0].id
        if not incident.view(desk.database, parent).major:
            incident.declare(desk.database, desk.actor, parent)
            others = [each.id for each in queue.page(desk.database, QueueFilter(), 20) if each.id != parent]
            incident.add(desk.database, desk.actor, parent, others[:_PARTS])
        window.ticket.open(parent)
        settle(window)
    return window


def _part(window: MainWindow) -> QWidget:
    _declared(window)
    shown = window.ticket.ticket
    if shown is not None:
        window.ticket.open_number(next(each.number for each in shown.links if each.from_other))
        settle(window)
    return window


def _update(window: MainWindow) -> QWidget:
    _declared(window)
    dialog = window.shell.part(IncidentPart).update_all()
    if dialog is not None:
        dialog.words.setPlainText("The portal is slow since 09:40. It should be well by 11:00.")
        settle(window)
    return dialog or window


SCREENS = (
    Screen("incident-light", _declared),
    Screen("incident-dark-german", _declared, "dark", "de"),
    Screen("incident-part", _part),
    Screen("incident-update", _update),
)
