"""Pictures of a ticket's way up: the strip, the handoff, and what was handed on."""

from PySide6.QtWidgets import QWidget

from app.models.records.queue import QueueFilter
from app.services.tickets import queue
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle


def _ticket(window: MainWindow, words: str) -> QWidget:
    found = queue.page(window.shell.desk.database, QueueFilter(words=words), 1)
    if found:
        window.ticket.open(found[0].id)
    settle(window)
    return window


def _way(window: MainWindow) -> QWidget:
    return _ticket(window, "portal")


SCREENS = (
    Screen("way-light", _way),
    Screen("way-german", _way, "dark", "de"),
    Screen("way-narrow", _way, "light", "de", size=(1020, 760)),
)
