"""Pictures of the windows without a screen: for the documentation, and to look at what was built."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from app.models.errors import KnownError
from app.models.records.desk import Role
from app.models.records.queue import QueueFilter
from app.models.records.tickets import MessageKind, Status
from app.services import accounts, wording
from app.services.desk import Desk
from app.services.settings import make_private
from app.services.tickets import answering, queue
from app.services.wording import tr
from app.views.channels.page import ChannelPage
from app.views.desk import application
from app.views.kit.appearance import Appearance, Choice
from app.views.kit.ask_number import AskNumber
from app.views.kit.crash import CrashDialog, report_of
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from app.views.ticket.answering import Form
from app.views.ticket.file_dialogs import LinkDialog

_SIZE = (1460, 900)
_PATIENCE = 10.0
_MAIL_PATIENCE = 3.0
Show = Callable[[MainWindow], QWidget]


def render_main_window(desk: Desk, file: Path) -> Path:
    """The main window with everything read that waits, as a PNG."""
    _read_mail(desk)
    with _window(desk, "light") as window:
        return _picture(window, file)


def render_screens(desk: Desk, folder: Path) -> list[Path]:
    """Every window and state of the desk, light and dark, one PNG each."""
    make_private(folder)
    screens: dict[str, tuple[Choice, Show]] = {"empty": ("light", lambda window: window)}
    pictures = [_screen(desk, folder, name, *screen) for name, screen in screens.items()]
    _read_mail(desk)
    _write_something(desk)
    pictures += [_screen(desk, folder, name, *screen) for name, screen in _SCREENS.items()]
    pictures += [_screen(_administered(desk), folder, name, *screen) for name, screen in _ADMINISTERED.items()]
    with _speaking("de"):
        pictures += [_screen(desk, folder, f"{name}-german", *screen) for name, screen in _IN_GERMAN.items()]
    return pictures


def _screen(desk: Desk, folder: Path, name: str, choice: Choice, show: Show) -> Path:
    with _window(desk, choice) as window:
        shown = show(window)
        _settle(window)
        return _picture(shown, folder / f"{name}.png")


def _administered(desk: Desk) -> Desk:
    """The same desk with an administrator at it."""
    assert desk.actor is not None
    return replace(desk, actor=replace(desk.actor, role=Role.ADMINISTRATOR))


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    spoken = wording.language()
    wording.use_language(language)
    try:
        yield
    finally:
        wording.use_language(spoken)


@contextmanager
def _window(desk: Desk, choice: Choice) -> Iterator[MainWindow]:
    running = application()
    appearance = Appearance(running, choice)
    runner = TaskRunner(_raise)
    window = MainWindow(desk, runner, appearance)
    window.resize(*_SIZE)
    window.show()
    window.start()
    _settle(window)
    try:
        yield window
    finally:
        window.layout_.composer.discarded.emit()
        window.close()
        runner.close()
        window.deleteLater()
        appearance.deleteLater()


def _settle(window: MainWindow) -> None:
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


def _pass(milliseconds: int) -> None:
    loop = QEventLoop(application())
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _picture(shown: QWidget, file: Path) -> Path:
    if not shown.grab().save(str(file)):
        raise KnownError("file.cannot_write", file=file, reason="PNG")
    return file


def _raise(bug: Exception) -> None:
    raise bug


def _read_mail(desk: Desk) -> None:
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


def _write_something(desk: Desk) -> None:
    """A note and an answer, so that every kind of message is in the pictures."""
    found = queue.page(desk.database, QueueFilter(words="Visa"), 1)
    if not found or desk.actor is None:
        return
    ticket = found[0].id
    answering.note(desk.database, desk.actor, ticket, tr("screens.note"))


def _composing(form: Form) -> Show:
    def show(window: MainWindow) -> QWidget:
        window.writing.open(form)
        window.layout_.composer.text.setPlainText(tr(f"screens.{form.value}"))
        return window

    return show


def _with_file(window: MainWindow) -> QWidget:
    _composing(Form.ANSWER)(window)
    window.layout_.composer.add_files(["certificate-chain.pdf"])
    return window


def _explained(window: MainWindow) -> QWidget:
    for message in window.ticket.ticket.messages if window.ticket.ticket else ():
        if message.kind is MessageKind.MAIL_IN:
            window.layout_.conversation.explain(message.id)
    return window


def _nothing_found(window: MainWindow) -> QWidget:
    window.layout_.tickets.search.setText("zeppelin")
    window.queue.search("zeppelin")
    return window


def _without_database(window: MainWindow) -> QWidget:
    lost = KnownError("database.lost", detail="desk-db.example.com:5432")
    window.status.stop()
    window.bus.stop()
    window.status.lost(lost)
    window.layout_.tickets.show_error(tr("error.database.lost", **lost.facts), window.queue.look)
    return window


def _asking(window: MainWindow) -> QWidget:
    dialog = AskNumber(tr("ask.merge_title"), tr("ask.merge", number=7), tr("ask.merge_do"), lambda _: None, window)
    dialog.show()
    return dialog


def _following(window: MainWindow) -> QWidget:
    dialog = LinkDialog("https://xn--frstline-i2a.example/portal/sign-in", lambda: None, window)
    dialog.show()
    return dialog


def _channels(window: MainWindow) -> QWidget:
    """A channel that was just tested."""
    dialog = window.open_channels()
    _settle(window)
    if isinstance(dialog.page, ChannelPage):
        dialog.page.test.click()
    return dialog


def _new_channel(window: MainWindow) -> QWidget:
    """A mailbox that does not let the desk in."""
    dialog = window.open_channels()
    _settle(window)
    dialog.new.click()
    if isinstance(dialog.page, ChannelPage):
        dialog.page.choose_kind("imap")
        dialog.page.naming.fill({"name": "support"})
        dialog.page.form.fill({"address": "support@firstline.example", "host": "localhost", "port": 1})
        dialog.page.test.click()
    return dialog


def _crashed(window: MainWindow) -> QWidget:
    try:
        Status("lost")
    except ValueError as bug:
        dialog = CrashDialog(report_of(bug), window)
        dialog.show()
        return dialog
    return window


_SCREENS: dict[str, tuple[Choice, Show]] = {
    "main-light": ("light", lambda window: window),
    "main-dark": ("dark", lambda window: window),
    "reply-light": ("light", _with_file),
    "reply-dark": ("dark", _composing(Form.ANSWER)),
    "note-light": ("light", _composing(Form.NOTE)),
    "note-dark": ("dark", _composing(Form.NOTE)),
    "explained": ("light", _explained),
    "nothing-found": ("light", _nothing_found),
    "no-database": ("light", _without_database),
    "merge": ("light", _asking),
    "link": ("light", _following),
    "crash-light": ("light", _crashed),
    "crash-dark": ("dark", _crashed),
}
_ADMINISTERED: dict[str, tuple[Choice, Show]] = {
    "channels-light": ("light", _channels),
    "channels-dark": ("dark", _channels),
    "channel-new": ("light", _new_channel),
}
_IN_GERMAN: dict[str, tuple[Choice, Show]] = {
    "main": ("light", lambda window: window),
    "reply": ("dark", _composing(Form.ANSWER)),
    "channels": ("light", _channels),
}
