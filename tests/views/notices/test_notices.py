"""News reach somebody who looks elsewhere, bundled, and never what they are looking at."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.identifiers import new_id
from app.models.records.notices import Notice, NoticeKind
from app.models.records.queue import QueueFilter
from app.models.rules.notices import Quiet
from app.services.desk import Desk
from app.services.settings import Settings
from app.services.tickets import editing, queue
from app.services.tickets.editing import Stale
from app.views.main_window import MainWindow
from app.views.notices.part import NoticesPart
from app.views.notices.words import bundle, quiet_of
from tests.views.conftest import until


def test_a_ticket_that_somebody_gives_is_told_counted_and_opened_by_a_key(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    part = window.shell.part(NoticesPart)
    other = next(each for each in queue.ids(desk.database, QueueFilter()) if each != window.ticket.ticket_id)
    assert desk.actor is not None
    editing.assign(desk.database, desk.system, Stale(other), desk.actor.id)
    window.bus.look()
    until(qtbot, lambda: [each.kind for each in part.untold] == [NoticeKind.ASSIGNED])
    assert window.windowTitle() == "(1) Firstline"
    assert "gave you #" in window.layout_.told.words
    window.commands.run("news")
    until(qtbot, lambda: window.ticket.ticket_id == other)
    assert window.windowTitle() == "Firstline"


def test_what_one_does_oneself_is_no_news(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: window.ticket.ticket is not None and window.ticket.ticket.row.assignee == "Sam Okafor")
    until(qtbot, lambda: window.is_idle)
    assert window.shell.part(NoticesPart).untold == []


def test_in_quiet_hours_nothing_is_told(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    quiet = {"quiet_from": "00:00", "quiet_until": "23:59", "quiet_weekend": True, "urgent_breaks_quiet": False}
    desk.settings = desk.settings.model_copy(update=quiet)
    part = window.shell.part(NoticesPart)
    part.tell([Notice(NoticeKind.NEW, new_id(), 7, "Printer")])
    assert part.untold == []
    assert window.windowTitle() == "Firstline"


def test_many_are_told_as_one() -> None:
    news = [Notice(NoticeKind.NEW, new_id(), number, f"Mail {number}") for number in range(1, 6)]
    assert bundle(news[:1]) == ("Firstline", "New: #1 Mail 1")
    heading, words = bundle(news)
    assert heading == "5 notices"
    assert words.splitlines()[-1] == "and 2 more"


def test_quiet_hours_are_read_from_the_settings() -> None:
    assert quiet_of(Settings()) == Quiet()
    told = quiet_of(Settings(quiet_from="18:00", quiet_until="08:30", quiet_weekend=True))
    assert (told.begins, told.ends, told.weekend) == (told.begins, told.ends, True)
    assert str(told.ends) == "08:30:00"
