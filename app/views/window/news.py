"""What others did, as soon as they did it: the change feed, read whenever the doorbell rings, for one window."""

from PySide6.QtCore import QObject

from app.services.database import Database
from app.services.database.changes import ChangeFeed
from app.services.database.doorbell import hang
from app.views.kit.change_bus import SELDOM, SOON, ChangeBus
from app.views.kit.task_runner import TaskRunner

_BEHIND = 200
"""Milliseconds until what waits for somebody's long transaction is asked for again."""


class News:
    """`bus` tells it to the views. Start it when they are there, and stop it before they go."""

    def __init__(self, database: Database, runner: TaskRunner, parent: QObject) -> None:
        self._feed = ChangeFeed(database)
        self.bus = ChangeBus(runner, self._feed.read, self._pause, parent)
        self._bell = hang(database, self.bus.rung.emit)

    def start(self) -> None:
        self.bus.start()
        self._bell.start()

    def stop(self) -> None:
        self._bell.stop()
        self.bus.stop()

    def _pause(self) -> int:
        if self._feed.is_behind:
            return _BEHIND
        return SELDOM if self._bell.is_hung else SOON
