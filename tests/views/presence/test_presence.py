"""Two windows on one database see each other."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.identifiers import new_id
from app.models.records.desk import Actor, ActorKind
from app.models.records.presence import Present
from app.services import staff
from app.services.desk import Desk
from app.services.tickets import editing
from app.services.tickets.editing import Stale
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from app.views.presence.words import presence_words
from tests.views.conftest import until


def test_a_colleague_is_seen_looking_writing_and_leaving(
    window: MainWindow, desk: Desk, runner: TaskRunner, appearance: Appearance, qtbot: QtBot
) -> None:
    lena = next(each for each in staff.agents(desk.database) if each.name == "Lena Vogt")
    actor = Actor(ActorKind.AGENT, lena.name, lena.id, lena.role, "other", frozenset(lena.teams))
    other = MainWindow(replace(desk, actor=actor), runner, appearance)
    qtbot.addWidget(other)
    other.show()
    other.start()
    shown = window.ticket.ticket_id
    assert shown is not None
    until(qtbot, lambda: other.ticket.ticket is not None)
    other.ticket.open(shown)
    until(qtbot, lambda: window.layout_.presence.text() == "Lena Vogt is looking")
    until(qtbot, lambda: other.layout_.presence.text() == "Sam Okafor is looking")
    other.activateWindow()
    qtbot.keyClick(other, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, lambda: window.layout_.presence.text() == "Lena Vogt is about to take it")
    window.ticket.take()
    until(qtbot, lambda: window.layout_.presence.text() == "Lena Vogt is writing here")
    other.close()
    until(qtbot, lambda: window.layout_.presence.text() == "")


def test_who_takes_a_ticket_that_was_just_taken_is_told_by_whom(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    window.bus.stop()
    until(qtbot, lambda: window.is_idle)
    shown = window.ticket.ticket
    assert shown is not None
    assert shown.assignee_id is None
    lena = next(each for each in staff.agents(desk.database) if each.name == "Lena Vogt")
    editing.assign(desk.database, staff.sign_in(desk.database, lena.mail), Stale(shown.row.id), lena.id)
    window.shell.commands.action("take").trigger()
    words = f"Lena Vogt took ticket {shown.row.number} just before you."
    until(qtbot, lambda: window.layout_.told.words == words)
    until(qtbot, lambda: window.ticket.ticket is not None and window.ticket.ticket.row.assignee == "Lena Vogt")


def test_those_about_to_take_it_are_named_first() -> None:
    people = [Present(new_id(), "Ann", typing=True, claiming=True), Present(new_id(), "Ben", typing=False)]
    assert presence_words(people) == "Ann is about to take it  ·  Ben is looking"


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([], ""),
        ([("Ann", False)], "Ann is looking"),
        ([("Ann", False), ("Ben", False)], "Ann, Ben are looking"),
        ([("Cleo", True), ("Ann", False)], "Cleo is writing here  ·  Ann is looking"),
        ([(each, False) for each in "ABCDE"], "A, B, C and 2 others are looking"),
    ],
)
def test_who_is_here_in_words(people: list[tuple[str, bool]], words: str) -> None:
    assert presence_words([Present(new_id(), name, typing) for name, typing in people]) == words
