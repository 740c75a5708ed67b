"""The one door to work that must not hold up the window.

Rules, kept here so that no view has to know them:

- One thread writes, in the order of the calls; several read; one does what takes long, so that nobody waits behind it;
  one keeps what is typed on this machine, so that no word waits for a database; some wait for other machines. Nothing
  of it runs on the GUI thread.
- Every run has both ends: `done(result)`, or `failed(KnownError)`. Both are called on the GUI thread.
- Any other exception is a bug of ours and goes to `on_bug`, never to `failed`.
- Results for a view that is gone (`drop`, or deleted by Qt) are thrown away.
- Runs with the same `lane` replace each other: only the newest one's result arrives.
- A worker thread never holds the last reference to a view: deleting a widget off the GUI thread crashes.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.models.errors import KnownError

Result = TypeVar("Result")
Failed = Callable[[KnownError], None]
OnBug = Callable[[Exception], None]
_AWAY = 16


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    owner: QObject
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Failed
    lane: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    run: int
    result: Any = None
    error: Exception | None = None


class TaskRunner(QObject):
    """Make one for each window process, on the GUI thread, and `close` it at the end."""

    busy = Signal(bool)
    _bell = Signal()

    def __init__(self, on_bug: OnBug, readers: int = 3, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_bug = on_bug
        self._writer = ThreadPoolExecutor(1, "writer")
        self._readers = ThreadPoolExecutor(readers, "reader")
        self._patient = ThreadPoolExecutor(1, "long")
        self._keeper = ThreadPoolExecutor(1, "keeper")
        self._away = ThreadPoolExecutor(_AWAY, "away")
        self._runs: dict[int, _Run] = {}
        self._numbers = count()
        self._finished: SimpleQueue[_Outcome] = SimpleQueue()
        self._closed = False
        self._bell.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._runs

    def read(
        self,
        owner: QObject,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Failed,
        *,
        lane: str = "",
    ) -> None:
        """Look something up; readers run side by side. A newer run of `owner` in the same `lane` replaces this one."""
        if lane:
            self._forget(lambda run: run.owner is owner and run.lane == lane)
        self._start(self._readers, _Run(owner, work, done, failed, lane))

    def write(self, owner: QObject, work: Callable[[], Result], done: Callable[[Result], None], failed: Failed) -> None:
        """Change something; writes happen one after the other. One begun is never taken back."""
        self._start(self._writer, _Run(owner, work, done, failed, ""))

    def keep(self, owner: QObject, work: Callable[[], Result], done: Callable[[Result], None], failed: Failed) -> None:
        """Write to this machine's disk, in the order of the calls, and never behind what a database holds up."""
        self._start(self._keeper, _Run(owner, work, done, failed, ""))

    def long(self, owner: QObject, work: Callable[[], Result], done: Callable[[Result], None], failed: Failed) -> None:
        """Do what takes its time, reading or writing, beside all else."""
        self._start(self._patient, _Run(owner, work, done, failed, ""))

    def away(self, owner: QObject, work: Callable[[], Result], done: Callable[[Result], None], failed: Failed) -> None:
        """Wait for what other machines do; some side by side, and none of them holds up the rest."""
        self._start(self._away, _Run(owner, work, done, failed, ""))

    def drop(self, owner: QObject) -> None:
        """`owner` is closing: it wants no results any more. What it asked to write is still written."""
        self._forget(lambda run: run.owner is owner)

    def close(self) -> None:
        """Wait until everything asked to be written is written and every thread has ended. No results arrive after."""
        self._closed = True
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._keeper.shutdown(wait=True)
        self._writer.shutdown(wait=True)
        self._patient.shutdown(wait=True, cancel_futures=True)
        self._away.shutdown(wait=True, cancel_futures=True)
        self._runs.clear()
        while not self._finished.empty():
            self._finished.get()

    def _start(self, pool: ThreadPoolExecutor, run: _Run) -> None:
        if self._closed:
            return
        number = next(self._numbers)
        self._runs[number] = run
        if len(self._runs) == 1:
            self.busy.emit(True)
        pool.submit(self._work, number, run.work)

    def _work(self, number: int, work: Callable[[], Any]) -> None:
        """On a worker thread. The run itself, with its view, stays in `_runs`: on the GUI thread."""
        try:
            outcome = _Outcome(number, result=work())
        except Exception as error:  # noqa: BLE001 - it is handed to `failed`, or to `on_bug`
            outcome = _Outcome(number, error=error)
        del work
        self._finished.put(outcome)
        self._bell.emit()

    @Slot()
    def _deliver(self) -> None:
        while not self._closed:
            try:
                outcome = self._finished.get_nowait()
            except Empty:
                return
            run = self._runs.pop(outcome.run, None)
            if not self._runs:
                self.busy.emit(False)
            if run is not None and shiboken6.isValid(run.owner):
                self._hand_over(run, outcome)

    def _hand_over(self, run: _Run, outcome: _Outcome) -> None:
        match outcome.error:
            case None:
                run.done(outcome.result)
            case KnownError() as known:
                run.failed(known)
            case bug:
                self._on_bug(bug)

    def _forget(self, unwanted: Callable[[_Run], bool]) -> None:
        """Their results are thrown away. The run stays known until its thread is through with it."""
        for number, run in self._runs.items():
            if unwanted(run):
                self._runs[number] = _Run(self, run.work, _ignore, _ignore, "")


def _ignore(_: object) -> None:
    """What becomes of the results of those who want them no more."""
