"""The demo's desk brought into the state that the pictures show, and its window opened for each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from app.models.errors import KnownError
from app.models.records.queue import QueueFilter
from app.models.records.tickets import NewNote
from app.services import accounts, wording
from app.services.desk import Desk
from app.services.tickets import answering, queue
from app.services.wording import tr
from app.views.call.part import CallPart
from app.views.kit.appearance import Appearance
from app.views.kit.application import application
from app.views.kit.ending import end
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen

_PATIENCE = 10.0
_MAIL_PATIENCE = 3.0


def draw(desk: Desk, screen: Screen, folder: Path) -> Path:
    """Write the picture of `screen`."""
    with brought_about(desk, screen) as shown:
        return _picture(shown, folder / f"{screen.name}.png", screen.scale)


@contextmanager
def brought_about(desk: Desk, screen: Screen) -> Iterator[QWidget]:
    """A window of `desk`, brought into the state of `screen`: what is to be looked at."""
    with _speaking(screen.language), _window(_with_role(desk, screen), screen) as window:
        shown = screen.show(window)
        settle(window)
        yield shown


def settle(window: MainWindow) -> None:
    """Let the window do what it has under way, by an event loop of its own."""
    loop = QEventLoop(window)
    until = monotonic() + _PATIENCE
    quiet = QTimer(loop, interval=30)
    calm = 0

    def look() -> None:
        nonlocal calm
        calm = calm + 1 if window.is_idle else 0
        if calm > 2 or monotonic() > until:
            loop.quit()

    quiet.timeout.connect(look)
    quiet.start()
    loop.exec()


def read_mail(desk: Desk) -> None:
    """Take in all there is. A folder lets a file be for a second before it reads it, so this looks for a while."""
    rounds = desk.rounds()
    until = monotonic() + _MAIL_PATIENCE
    fetched = 0
    try:
        while not fetched and monotonic() < until:
            _pass(300)
            reports = [rounds.run(account) for account in accounts.listed(desk.database)]
            fetched = sum(each.fetched for each in reports if each)
    finally:
        rounds.close()


def write_something(desk: Desk) -> None:
    """A note and an answer, so that every kind of message is in the pictures."""
    found = queue.page(desk.database, QueueFilter(words="Visa"), 1)
    if not found or desk.actor is None:
        return
    ticket = found[0].id
    answering.note(desk.database, desk.actor, ticket, NewNote(tr("screens.note")))


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    spoken = wording.language()
    wording.use_language(language)
    try:
        yield
    finally:
        wording.use_language(spoken)


def _with_role(desk: Desk, screen: Screen) -> Desk:
    """The same desk with another kind of person at it."""
    assert desk.actor is not None
    return replace(desk, actor=replace(desk.actor, role=screen.role or desk.actor.role))


@contextmanager
def _window(desk: Desk, screen: Screen) -> Iterator[MainWindow]:
    running = application()
    appearance = Appearance(running, screen.theme)
    runner = TaskRunner(_raise)
    window = MainWindow(desk, runner, appearance)
    window.resize(*screen.size)
    window.show()
    window.start()
    settle(window)
    try:
        yield window
    finally:
        window.layout_.composer.discarded.emit()
        _forget_calls(window)
        window.close()
        runner.close()
        end(window)  # now, not while the next one opens
        appearance.deleteLater()


def _picture(shown: QWidget, file: Path, scale: int) -> Path:
    drawn = shown.grab()
    if scale != 100:
        drawn = _drawn_larger(shown, scale)
    if not drawn.save(str(file)):
        raise KnownError("file.cannot_write", file=file, reason="PNG")
    return file


def _drawn_larger(shown: QWidget, scale: int) -> QPixmap:
    """The same widget at another scale of the desktop: vectors and letters are drawn anew, not enlarged."""
    ratio = scale / 100
    drawn = QPixmap(shown.size() * ratio)
    drawn.setDevicePixelRatio(ratio)
    shown.render(drawn)
    return drawn


def _pass(milliseconds: int) -> None:
    loop = QEventLoop(application())
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _raise(bug: Exception) -> None:
    raise bug


def _forget_calls(window: MainWindow) -> None:
    """One picture's calls are none of the next one's."""
    part = window.shell.part(CallPart)
    for form in part.parked:
        part.control.forget(form)
