"""Pictures of a ticket that several work on together."""

from PySide6.QtWidgets import QWidget

from app.models.records.queue import QueueFilter
from app.services.escalation import swarm
from app.services.tickets import queue
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle
from app.views.swarm.part import SwarmPart


def _together(window: MainWindow) -> QWidget:
    desk = window.shell.desk
    found = queue.page(desk.database, QueueFilter(words="portal"), 1)
    if found and desk.actor is not None:
        if not swarm.members(desk.database, found[0].id):
            for each in swarm.offers(desk.database, found[0].id)[:2]:
                swarm.pull_in(desk.database, desk.actor, found[0].id, each.agent_id, next(iter(each.skills), ""))
        window.ticket.open(found[0].id)
        settle(window)
    return window


def _ask(window: MainWindow) -> QWidget:
    _together(window)
    picker = window.shell.part(SwarmPart).ask()
    settle(window)
    return picker or window


SCREENS = (
    Screen("swarm-light", _together),
    Screen("swarm-dark-german", _together, "dark", "de"),
    Screen("swarm-ask", _ask),
)
