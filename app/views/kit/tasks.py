"""One door for work that takes time: off the GUI thread, with an answer for success and one for failure."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from app.models.errors import KnownError

_READERS = 3


@dataclass(frozen=True, slots=True)
class _Answer:
    owner: QObject
    deliver: Callable[[], None]


class TaskRunner(QObject):
    """Runs reads side by side and writes one after the other, in the order they were asked for.

    `done` and `failed` are called on the GUI thread, unless the owner is gone by then. An exception that is no
    `KnownError` is a bug of ours: it is raised on the GUI thread, where the crash dialog tells of it.
    """

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._readers = ThreadPoolExecutor(_READERS, "reader")
        self._writer = ThreadPoolExecutor(1, "writer")
        self._under_way = 0
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return self._under_way == 0

    def read(
        self,
        owner: QObject,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        """Run `work` beside other reads, and hand what it returns to `done`."""
        self._start(self._readers, owner, work, done, failed)

    def write(
        self,
        owner: QObject,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        """Run `work` behind all earlier writes, and hand what it returns to `done`."""
        self._start(self._writer, owner, work, done, failed)

    def shut_down(self) -> None:
        """Finish what is being written, drop what is only waiting to be read."""
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)

    def _start(
        self,
        pool: ThreadPoolExecutor,
        owner: QObject,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        self._under_way += 1

        def arrived(future: Future[Any]) -> None:
            if shiboken6.isValid(self):
                self._arrived.emit(_Answer(owner, lambda: _answer(future, done, failed)))

        pool.submit(work).add_done_callback(arrived)

    def _deliver(self, answer: _Answer) -> None:
        self._under_way -= 1
        if shiboken6.isValid(answer.owner):
            answer.deliver()


def _answer(future: Future[Any], done: Callable[[Any], None], failed: Callable[[KnownError], None]) -> None:
    if future.cancelled():
        return
    error = future.exception()
    if error is None:
        done(future.result())
    elif isinstance(error, KnownError):
        failed(error)
    else:
        raise error
