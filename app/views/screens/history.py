"""Pictures of a ticket's history."""

from PySide6.QtWidgets import QWidget

from app.models.records.queue import QueueFilter
from app.services.tickets import queue
from app.views.history.part import HistoryPart
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle


def _history(window: MainWindow) -> QWidget:
    found = queue.page(window.shell.desk.database, QueueFilter(open=None, words="webhook"), 1)
    if found:
        window.ticket.open(found[0].id)
        settle(window)
    part = window.shell.part(HistoryPart)
    part.open()
    settle(window)
    return part.dialog or window


SCREENS = (
    Screen("history-light", _history),
    Screen("history-german", _history, "dark", "de"),
)
