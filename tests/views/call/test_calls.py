"""Calls by keyboard alone; nothing typed is lost, and each is filed once."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, insert, select

from app.models.errors import DatabaseError
from app.models.identifiers import new_id
from app.models.records.tickets import MessageKind, Status, TicketView
from app.models.tables import Call, Identity
from app.services import people
from app.services.desk import Desk
from app.services.journal.calls import UnfinishedCalls
from app.services.offline import filing
from app.services.tickets import editing, reading
from app.services.tickets.editing import Stale
from app.views.call.form import CallDialog
from app.views.call.form_model import seconds_of
from app.views.call.part import CallPart
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from app.views.offline.part import OfflinePart
from tests.views.conftest import until

CTRL, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
NUMBER = "+493055501234"


class Typing:
    """Types into whatever has the focus, and counts the keys."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot, self.keys = qtbot, 0

    def __call__(self, where: QWidget, words: str) -> None:
        self.keys += len(words)
        self.qtbot.keyClicks(where, words)

    def press(
        self, where: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self.keys += 1
        self.qtbot.keyClick(where, key, modifier)


@pytest.fixture
def typing(qtbot: QtBot) -> Typing:
    return Typing(qtbot)


@pytest.fixture
def known(desk: Desk) -> Desk:
    """Jürgen Weiß's number is known."""
    person = people.find(desk.database, "weiß")[0]
    with desk.database.write(desk.system) as work:
        row = {"id": new_id(), "person_id": person.id, "kind": "phone", "value": NUMBER}
        work.session.execute(insert(Identity).values(**row))
    return desk


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The database is away while the list is empty; what is asked of it then fails."""
    there: list[bool] = [True]
    real = filing.file_call

    def file_call(*told: object) -> object:
        if not there:
            raise DatabaseError("database.lost", detail="gone")
        return real(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(filing, "file_call", file_call)
    return there


def opened(window: MainWindow, typing: Typing, key: Qt.Key = Qt.Key.Key_F2) -> CallDialog:
    typing.press(window, key, CTRL if key == Qt.Key.Key_N else PLAIN)
    dialog = window.shell.part(CallPart).dialog
    assert dialog is not None
    until(typing.qtbot, dialog.fields.who.hasFocus)
    return dialog


def shown(window: MainWindow) -> TicketView:
    assert window.ticket.ticket is not None
    return window.ticket.ticket


def calls(desk: Desk) -> int:
    with desk.database.read() as session:
        return session.scalar(select(func.count()).select_from(Call)) or 0


def test_a_call_is_logged_by_keyboard_alone_in_few_strokes(
    window: MainWindow, known: Desk, typing: Typing, qtbot: QtBot
) -> None:
    dialog = opened(window, typing)
    fields = dialog.fields
    typing(fields.who, NUMBER)
    until(qtbot, lambda: fields.list.count() == 1)
    typing.press(fields.who, Qt.Key.Key_Return)
    until(qtbot, fields.list.hasFocus)
    assert "Passwort" in fields.list.item(0).text()
    typing.press(fields.list, Qt.Key.Key_Return)
    assert fields.text.hasFocus()
    typing(fields.text, "New link sent, works.")
    typing.press(fields.text, Qt.Key.Key_Tab)
    assert fields.outcome.hasFocus()
    typing(fields.outcome, "So")
    typing.press(fields.outcome, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: window.shell.part(CallPart).dialog is None)
    until(qtbot, lambda: window.ticket.ticket is not None and "Passwort" in shown(window).row.subject)
    until(qtbot, lambda: shown(window).messages[-1].kind is MessageKind.CALL)
    assert shown(window).row.status is Status.SOLVED
    assert UnfinishedCalls(known.journal).all() == []
    assert known.waiting.all() == []
    assert typing.keys - len(NUMBER) - len("New link sent, works.") <= 8


def test_an_unknown_number_is_tied_to_a_known_person(
    window: MainWindow, desk: Desk, typing: Typing, qtbot: QtBot
) -> None:
    dialog = opened(window, typing)
    fields = dialog.fields
    typing(fields.who, "+44 20 7946 0958")
    until(qtbot, fields.hint.isVisible)
    typing.press(fields.who, Qt.Key.Key_Return)
    assert fields.name.hasFocus()
    typing(fields.name, "olaf")
    until(qtbot, lambda: fields.list.count() == 1)
    typing.press(fields.name, Qt.Key.Key_Return)
    until(qtbot, lambda: fields.tie.isVisible() and fields.tie.isChecked() and fields.list.hasFocus())
    typing.press(fields.list, Qt.Key.Key_Return)
    typing(fields.text, "Still blank.")
    typing.press(fields.text, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: window.shell.part(CallPart).dialog is None)
    assert [each.name for each in people.find(desk.database, "+442079460958")] == ["Olaf Brand"]


def test_a_ticket_is_opened_for_who_stands_at_the_desk(
    window: MainWindow, desk: Desk, typing: Typing, qtbot: QtBot
) -> None:
    dialog = opened(window, typing, Qt.Key.Key_N)
    assert not dialog.fields.timer.isVisible()
    typing(dialog.fields.who, "Eva Roth")
    until(qtbot, lambda: window.is_idle)
    dialog.fields.subject.setFocus()
    typing(dialog.fields.subject, "Badge does not open")
    typing.press(dialog.fields.subject, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: window.ticket.ticket is not None and shown(window).row.subject == "Badge does not open")
    assert shown(window).row.channel == "desk"


def test_calls_are_parked_and_come_back_one_after_the_other(window: MainWindow, typing: Typing, qtbot: QtBot) -> None:
    part = window.shell.part(CallPart)
    for name in ("First", "Second"):
        dialog = opened(window, typing)
        typing(dialog.fields.who, name)
        typing.press(dialog.fields.who, Qt.Key.Key_P, CTRL)
        until(qtbot, lambda: part.dialog is None)
    assert [each.who for each in part.parked] == ["First", "Second"]
    part.next_parked()
    assert part.dialog is not None
    assert part.dialog.fields.who.text() == "First"
    part.dialog.reject()
    until(qtbot, lambda: [each.who for each in part.parked] == ["Second", "First"])


def test_what_was_typed_is_back_after_the_window_is_gone(
    window: MainWindow, desk: Desk, runner: TaskRunner, appearance: Appearance, typing: Typing, qtbot: QtBot
) -> None:
    dialog = opened(window, typing)
    typing(dialog.fields.who, "Half a")
    until(qtbot, lambda: [each.who for each in UnfinishedCalls(desk.journal).all()] == ["Half a"])
    again = MainWindow(desk, runner, appearance)
    qtbot.addWidget(again)
    again.start()
    until(qtbot, lambda: [each.who for each in again.shell.part(CallPart).parked] == ["Half a"])
    again.close()


def test_a_discarded_or_empty_call_leaves_nothing(window: MainWindow, desk: Desk, typing: Typing, qtbot: QtBot) -> None:
    dialog = opened(window, typing)
    typing(dialog.fields.who, "Wrong")
    qtbot.mouseClick(dialog.fields.discard, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: window.is_idle)
    opened(window, typing).reject()
    until(qtbot, lambda: window.is_idle)
    assert UnfinishedCalls(desk.journal).all() == []
    assert desk.waiting.all() == []
    assert window.shell.part(CallPart).parked == []


def test_a_call_waits_for_the_database_and_is_filed_once(
    window: MainWindow, desk: Desk, away: list[bool], typing: Typing, qtbot: QtBot
) -> None:
    part, offline = window.shell.part(CallPart), window.shell.part(OfflinePart)
    away.clear()
    dialog = opened(window, typing)
    typing(dialog.fields.who, "Nora")
    dialog.fields.text.setPlainText("Invoices as PDF.")
    typing.press(dialog.fields.who, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: offline.button.isVisible() and part.dialog is None)
    assert offline.button.text() == "1 entry waits to be filed."
    offline.file_waiting()
    until(qtbot, lambda: window.is_idle)
    assert calls(desk) == 0
    away.append(True)
    offline.file_waiting()
    offline.file_waiting()
    until(qtbot, lambda: not offline.button.isVisible() and window.is_idle)
    assert calls(desk) == 1
    assert UnfinishedCalls(desk.journal).all() == []
    assert desk.waiting.all() == []


def test_a_call_that_waited_is_filed_by_the_next_window(
    window: MainWindow,
    desk: Desk,
    away: list[bool],
    runner: TaskRunner,
    appearance: Appearance,
    typing: Typing,
    qtbot: QtBot,
) -> None:
    away.clear()
    dialog = opened(window, typing)
    dialog.fields.text.setPlainText("Once.")
    typing.press(dialog.fields.who, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: window.shell.part(CallPart).dialog is None)
    window.close()
    away.append(True)
    again = MainWindow(desk, runner, appearance)
    qtbot.addWidget(again)
    again.start()
    until(qtbot, lambda: calls(desk) == 1)
    again.close()


def test_what_cannot_be_filed_as_it_is_stays_with_its_reason(
    window: MainWindow, desk: Desk, typing: Typing, qtbot: QtBot
) -> None:
    dialog = opened(window, typing)
    typing.press(dialog.fields.who, Qt.Key.Key_Return, CTRL)
    assert "nothing to file" in window.layout_.told.words
    typing(dialog.fields.who, "Nobody Known")
    dialog.fields.text.setPlainText("Call back.")
    dialog.fields.follow_up.setPlainText("Thank you.")
    typing.press(dialog.fields.who, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: "No mail address of Nobody Known" in window.layout_.told.words)
    assert dialog.isVisible()
    assert dialog.fields.file.isEnabled()
    assert calls(desk) == 0


@pytest.mark.parametrize(
    ("typed", "seconds"), [("95", 95), ("1:35", 95), ("1:02:07", 3727), ("x", None), ("", None), ("1:2:3:4", None)]
)
def test_a_time_is_read_as_people_write_it(typed: str, seconds: int | None) -> None:
    assert seconds_of(typed) == seconds


def test_a_full_disk_is_told_and_the_form_stays(window: MainWindow, desk: Desk, typing: Typing, qtbot: QtBot) -> None:
    shutil.rmtree(desk.profile.journal, ignore_errors=True)
    desk.profile.journal.write_text("in the way", encoding="utf-8")
    dialog = opened(window, typing)
    typing(dialog.fields.who, "Someone")
    until(qtbot, window.layout_.told.isVisible)
    assert dialog.fields.who.text() == "Someone"
    desk.profile.journal.unlink()


def test_a_call_shows_in_the_ticket_as_what_it_was(
    window: MainWindow, known: Desk, typing: Typing, qtbot: QtBot
) -> None:
    dialog = opened(window, typing)
    typing(dialog.fields.who, NUMBER)
    dialog.fields.text.setPlainText("Needs a new link.")
    dialog.fields.timer.setText("2:05")
    dialog.fields.timer.editingFinished.emit()
    typing.press(dialog.fields.who, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: "Needs a new link." in window.layout_.conversation.text)
    told = window.layout_.conversation.text
    assert "Phone call  ·  +49 30 55501234  ·  2:0" in told
    call = reading.show(known.database, shown(window).row.id).messages[-1].call
    assert call is not None
    assert call.number == NUMBER


def test_a_pause_of_typing_does_not_make_a_filed_call_unfinished_again(
    window: MainWindow, desk: Desk, away: list[bool], typing: Typing, qtbot: QtBot
) -> None:
    away.clear()
    dialog = opened(window, typing)
    typing(dialog.fields.who, "Nora")
    dialog.fields.text.setPlainText("Invoices.")
    dialog.filed.emit(dialog.form())
    dialog.set_filing(True)
    dialog._paused()
    until(qtbot, window.shell.part(OfflinePart).button.isVisible)
    assert UnfinishedCalls(desk.journal).all() == []
    assert len(desk.waiting.all()) == 1


def test_a_category_is_completed_from_three_letters(
    window: MainWindow, desk: Desk, typing: Typing, qtbot: QtBot
) -> None:
    shown_id = window.ticket.ticket_id
    assert shown_id is not None
    editing.set_tags(desk.database, desk.system, Stale(shown_id), add=["password reset"])
    dialog = opened(window, typing)
    until(qtbot, lambda: dialog.fields.category.completer() is not None)
    dialog.fields.category.setFocus()
    typing(dialog.fields.category, "res")
    completer = dialog.fields.category.completer()
    assert completer is not None
    assert completer.currentCompletion() == "password reset"
