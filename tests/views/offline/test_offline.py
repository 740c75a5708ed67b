"""A server that goes away and comes back, seen and worked through at the window by keyboard alone."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from app import bootstrap
from app.models.errors import DatabaseError
from app.models.records.tickets import MessageKind, TicketView
from app.models.tables import Call, Message
from app.services import staff
from app.services.database import upgrade
from app.services.desk import Desk
from app.services.drafts import Drafts
from app.services.journal.calls import UnfinishedCalls
from app.services.offline import seat
from app.services.sample import SampleMailbox, fill_with_sample
from app.services.settings import Profile
from app.services.tickets import mending, reading
from app.views.call.part import CallPart
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from app.views.offline.part import OfflinePart
from tests.fixtures.servers import PostgresServer
from tests.views.conftest import settle_files, take_in, until

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SETTINGS = {"FIRSTLINE_LANGUAGE": "en", "FIRSTLINE_UNDO_SEND_SECONDS": "0", "FIRSTLINE_SECRET_JOURNAL": "a key"}


@pytest.fixture
def server(start_postgres: Callable[..., PostgresServer]) -> PostgresServer:
    return start_postgres()


@pytest.fixture
def desk(server: PostgresServer, tmp_path: Path) -> Iterator[Desk]:
    """The sample desk on a server of its own."""
    opened = bootstrap.open_desk(Profile(tmp_path / "profile"), SETTINGS, server.create("firstline"))
    upgrade(opened.database)
    sample = SampleMailbox(tmp_path / "mailbox", opened.clock)
    fill_with_sample(opened.database, opened.system, sample.folder)
    sample.deliver_all()
    settle_files(sample.folder)
    take_in(opened)
    opened.seat(staff.sign_in(opened.database, "sam.okafor@firstline.example"), None)
    yield opened
    opened.close()


def go_away(window: MainWindow, server: PostgresServer, qtbot: QtBot) -> OfflinePart:
    server.stop()
    part = window.shell.part(OfflinePart)
    until(qtbot, part.banner.isVisible)
    return part


def come_back(window: MainWindow, server: PostgresServer, qtbot: QtBot) -> None:
    """F5 looks for it at once."""
    server.start()
    part = window.shell.part(OfflinePart)

    def found() -> bool:
        if not part.banner.isHidden() and window.is_idle:
            qtbot.keyClick(window, Qt.Key.Key_F5)
        return part.banner.isHidden()

    until(qtbot, found)
    until(qtbot, lambda: window.is_idle)


def shown(window: MainWindow) -> TicketView:
    assert window.ticket.ticket is not None
    return window.ticket.ticket


def count(desk: Desk, table: type[Call | Message], *where: object) -> int:
    with desk.database.read() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type]


def log_a_call(window: MainWindow, qtbot: QtBot, text: str) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F2)
    part = window.shell.part(CallPart)
    assert part.dialog is not None
    fields = part.dialog.fields
    until(qtbot, fields.who.hasFocus)
    qtbot.keyClicks(fields.who, "Nora Bell")
    fields.text.setFocus()
    qtbot.keyClicks(fields.text, text)
    qtbot.keyClick(fields.text, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: part.dialog is None)


def write(window: MainWindow, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier, text: str) -> None:
    qtbot.keyClick(window, key, modifier)
    until(qtbot, window.layout_.composer.isVisible)
    until(qtbot, window.layout_.composer.text.hasFocus)
    qtbot.keyClicks(window.layout_.composer.text, text)
    qtbot.keyClick(window.layout_.composer.text, Qt.Key.Key_Return, CTRL)


def write_a_note(window: MainWindow, qtbot: QtBot, text: str) -> None:
    write(window, qtbot, Qt.Key.Key_N, CTRL | SHIFT, text)


def test_a_call_and_a_note_without_a_server_are_filed_once_when_it_is_back(
    window: MainWindow, desk: Desk, server: PostgresServer, qtbot: QtBot
) -> None:
    ticket = shown(window)
    part = go_away(window, server, qtbot)
    assert part.banner.words.startswith("The database cannot be reached since ")
    assert "You can read, log calls and write notes" in part.banner.words
    log_a_call(window, qtbot, "Invoices as PDF.")
    write_a_note(window, qtbot, "Called the vendor.")
    until(qtbot, lambda: not window.layout_.composer.isVisible())
    until(qtbot, lambda: "2 entries wait to be filed." in part.banner.words)
    assert part.button.text() == "2 entries wait to be filed."
    come_back(window, server, qtbot)
    until(qtbot, lambda: window.layout_.told.words == "The database is back. 2 entries that waited are filed.")
    until(qtbot, lambda: "Called the vendor." in window.layout_.conversation.text)
    until(qtbot, part.button.isHidden)
    assert shown(window).row.id == ticket.row.id
    assert count(desk, Call) == 1
    assert count(desk, Message, Message.text == "Called the vendor.") == 1
    assert [each.kind for each in shown(window).messages[len(ticket.messages) :]] == [MessageKind.NOTE]
    part.file_waiting()
    until(qtbot, lambda: window.is_idle)
    assert count(desk, Call) == 1


def test_what_was_read_stays_and_says_as_of_when(window: MainWindow, server: PostgresServer, qtbot: QtBot) -> None:
    first = shown(window).row
    qtbot.keyClick(window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    until(qtbot, lambda: window.ticket.ticket is not None and shown(window).row.id != first.id)
    second = shown(window).row
    rows = len(window.model.ids)
    go_away(window, server, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    until(qtbot, lambda: window.ticket.ticket is not None and shown(window).row.id == first.id)
    assert "as of" in window.layout_.subtitle.text()
    assert window.layout_.title.text() == first.subject
    qtbot.keyClick(window, Qt.Key.Key_F5)
    until(qtbot, lambda: window.is_idle)
    until(qtbot, lambda: "as of" in window.layout_.tickets.heading.text())
    assert len(window.model.ids) == rows
    assert window.layout_.tickets.table.isVisible()
    assert not window.layout_.told.isVisible()
    come_back(window, server, qtbot)
    until(qtbot, lambda: "as of" not in window.layout_.tickets.heading.text() + window.layout_.subtitle.text())
    assert second.id != first.id


def test_what_changes_a_ticket_rests_and_wakes_again(window: MainWindow, server: PostgresServer, qtbot: QtBot) -> None:
    changing = ("assignee", "close", "status", "merge", "split", "move", "team", "priority", "tags", "undo", "search")
    rights = [window.commands.action(each).isEnabled() for each in changing]
    part = go_away(window, server, qtbot)
    assert [each for each in changing if window.commands.action(each).isEnabled()] == []
    assert not window.layout_.properties.box("status").isEnabled()
    for each in ("call", "note", "reply", "next", "palette", "waiting", "quit", "refresh"):
        assert window.commands.action(each).isEnabled(), each
    qtbot.keyClick(window, Qt.Key.Key_E, CTRL)
    until(qtbot, lambda: window.is_idle)
    window.ticket.take()  # a drag, say, gets round the commands
    until(qtbot, lambda: window.layout_.told.words == "This waits until the database is back. Nothing was changed.")
    come_back(window, server, qtbot)
    until(qtbot, lambda: [window.commands.action(each).isEnabled() for each in changing] == rights)
    until(qtbot, window.layout_.properties.box("status").isEnabled)
    assert part.banner.isHidden()


def test_an_answer_without_a_server_is_a_draft_that_is_offered_when_it_is_back(
    window: MainWindow, desk: Desk, server: PostgresServer, qtbot: QtBot
) -> None:
    ticket = shown(window)
    go_away(window, server, qtbot)
    write(window, qtbot, Qt.Key.Key_R, CTRL, "It works again.")
    until(qtbot, lambda: "kept as a draft" in window.layout_.told.words)
    assert window.layout_.composer.isVisible()
    come_back(window, server, qtbot)
    until(qtbot, lambda: "waiting as a draft" in window.layout_.told.words)
    draft = Drafts(desk.profile.drafts, desk.journal).load(ticket.row.id)
    assert draft is not None
    assert (draft.text.strip(), draft.meant) == ("It works again.", True)
    assert count(desk, Message, Message.text.startswith("It works again.")) == 0
    qtbot.keyClick(window.layout_.composer.text, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: not window.layout_.composer.isVisible())
    assert count(desk, Message, Message.text.startswith("It works again.")) == 1
    assert Drafts(desk.profile.drafts, desk.journal).unfinished() == []


def test_what_cannot_be_filed_is_shown_with_its_reason_and_filed_elsewhere(
    window: MainWindow, desk: Desk, server: PostgresServer, qtbot: QtBot
) -> None:
    ticket = shown(window)
    go_away(window, server, qtbot)
    write_a_note(window, qtbot, "For whom it may concern.")
    until(qtbot, window.layout_.composer.isHidden)
    desk.reach.put_off(600)  # until the key is pressed
    server.start()
    other = next(each for each in window.model.ids if each != ticket.row.id)
    elsewhere = bootstrap.open_desk(Profile(desk.profile.folder / "other"), SETTINGS, server.url("firstline"))
    assert desk.actor is not None
    mending.merge(elsewhere.database, desk.actor, ticket.row.id, other)
    number = reading.show(elsewhere.database, other).row.number
    elsewhere.close()
    part = window.shell.part(OfflinePart)
    qtbot.keyClick(window, Qt.Key.Key_F5)
    until(qtbot, lambda: window.layout_.told.words == "One entry could not be filed.")
    until(qtbot, lambda: part.button.text() == "1 could not be filed")
    qtbot.keyClick(window, Qt.Key.Key_W, CTRL | SHIFT)
    dialog = part.dialog
    assert dialog is not None
    assert dialog.problem.text() == f"Ticket {ticket.row.number} was merged into ticket {number} meanwhile."
    assert dialog.text.toPlainText() == "For whom it may concern."
    until(qtbot, dialog.list.hasFocus)
    qtbot.keyClick(dialog.list, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    until(qtbot, lambda: QGuiApplication.clipboard().text() == "For whom it may concern.")
    part._put_on(desk.waiting.all()[0], number)
    until(qtbot, lambda: desk.waiting.all() == [])
    until(qtbot, dialog.empty.isVisible)
    assert reading.show(desk.database, other).messages[-1].text == "For whom it may concern."


def test_what_waits_survives_the_window(
    window: MainWindow, desk: Desk, server: PostgresServer, runner: TaskRunner, appearance: Appearance, qtbot: QtBot
) -> None:
    go_away(window, server, qtbot)
    log_a_call(window, qtbot, "Kept over night.")
    until(qtbot, lambda: len(desk.waiting.all()) == 1)
    window.close()
    until(qtbot, lambda: runner.is_idle)
    server.start()
    desk.reach.try_now()
    again = MainWindow(desk, runner, appearance)
    qtbot.addWidget(again)
    again.show()
    again.start()
    until(qtbot, lambda: desk.waiting.all() == [])
    assert count(desk, Call) == 1
    again.close()


def test_each_control_of_the_list_is_reached_and_named(
    window: MainWindow, server: PostgresServer, qtbot: QtBot
) -> None:
    part = go_away(window, server, qtbot)
    write_a_note(window, qtbot, "A note.")
    log_a_call(window, qtbot, "A call.")
    until(qtbot, lambda: len(part.things) == 2)
    dialog = part.open()
    until(qtbot, dialog.list.hasFocus)
    reached = set()
    for _ in range(10):
        focus = dialog.focusWidget()
        assert focus is not None
        assert focus.accessibleName() or (isinstance(focus, QPushButton) and focus.text())
        reached.add(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert {dialog.list, dialog.text, dialog.buttons["copy"], dialog.buttons["discard"]} <= reached
    assert not dialog.buttons["again"].isEnabled()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert "A call." in dialog.text.toPlainText()
    qtbot.keyClick(dialog, Qt.Key.Key_D, CTRL)
    until(qtbot, lambda: len(part.things) == 1)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    until(qtbot, lambda: part.dialog is None)


@pytest.fixture
def alone(
    desk: Desk, server: PostgresServer, runner: TaskRunner, appearance: Appearance, qtbot: QtBot
) -> Iterator[MainWindow]:
    """The window of a desk that was opened while its server was gone."""
    seat.remember(desk)
    server.stop()
    settings = {**SETTINGS, "FIRSTLINE_AGENT": "sam.okafor@firstline.example"}
    opened = bootstrap.open_desk(desk.profile, settings, server.url("firstline"))
    with pytest.raises(DatabaseError) as told:
        bootstrap.make_ready(opened)
    assert seat.sit_down_without(opened, told.value)
    window = MainWindow(opened, runner, appearance)
    qtbot.addWidget(window)
    window.show()
    window.start()
    until(qtbot, window.shell.part(OfflinePart).banner.isVisible)
    yield window
    window.close()
    runner.close()
    opened.close()


def test_a_desk_opens_without_its_server_and_logs_calls(
    alone: MainWindow, desk: Desk, server: PostgresServer, qtbot: QtBot
) -> None:
    assert alone.layout_.person.text() == "Sam Okafor"
    log_a_call(alone, qtbot, "Before the server was there.")
    part = alone.shell.part(OfflinePart)
    until(qtbot, lambda: "1 entry waits to be filed." in part.banner.words)
    come_back(alone, server, qtbot)
    until(qtbot, lambda: len(alone.model.ids) > 0)
    until(qtbot, lambda: count(desk, Call) == 1)
    until(qtbot, lambda: alone.commands.action("assignee").isEnabled() or alone.ticket.ticket is not None)
    assert alone.layout_.tickets.search.isEnabled()


def test_who_may_not_any_more_files_nothing_and_is_told(
    alone: MainWindow, desk: Desk, server: PostgresServer, qtbot: QtBot
) -> None:
    log_a_call(alone, qtbot, "Before the server was there.")
    alone.shell.desk.reach.put_off(600)  # until the key is pressed
    server.start()
    with server.connect("firstline") as connection:
        connection.execute("UPDATE agent SET active = false WHERE name = 'Sam Okafor'")
    part = alone.shell.part(OfflinePart)

    def turned_away() -> bool:
        if alone.is_idle:
            qtbot.keyClick(alone, Qt.Key.Key_F5)
        return "What you wrote is kept on this machine." in part.banner.words

    until(qtbot, turned_away)
    until(qtbot, lambda: alone.is_idle)
    assert not alone.commands.action("search").isEnabled()
    assert count(desk, Call) == 0
    assert len(alone.shell.desk.waiting.all()) == 1


def test_what_is_typed_is_kept_while_the_server_hangs(
    window: MainWindow, desk: Desk, runner: TaskRunner, qtbot: QtBot
) -> None:
    """It neither answers nor ends: everything that was asked of it is waited for."""
    answer = threading.Event()
    runner.write(window, answer.wait, lambda _answered: None, window.fail)
    try:
        qtbot.keyClick(window, Qt.Key.Key_F2)
        dialog = window.shell.part(CallPart).dialog
        assert dialog is not None
        qtbot.keyClicks(dialog.fields.who, "Half a call")
        until(qtbot, lambda: [each.who for each in UnfinishedCalls(desk.journal).all()] == ["Half a call"])
        dialog.fields.text.setFocus()
        qtbot.keyClicks(dialog.fields.text, "All of it.")
        qtbot.keyClick(dialog.fields.text, Qt.Key.Key_Return, CTRL)
        until(qtbot, lambda: len(desk.waiting.all()) == 1)
        assert UnfinishedCalls(desk.journal).all() == []
        assert count(desk, Call) == 0
    finally:
        answer.set()
    until(qtbot, lambda: desk.waiting.all() == [])
    assert count(desk, Call) == 1
