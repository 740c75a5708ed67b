"""Searching and saving views by keyboard."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.records.desk import Level
from app.models.records.queue import QueueFilter, QueueView
from app.services import staff, views
from app.services.desk import Desk
from app.views.main_window import MainWindow
from app.views.queue.completing import completions
from app.views.queue.saved.dialog import ViewDialog
from app.views.queue.saved.part import SavedViewsPart
from app.views.ticket.properties_model import Offers
from tests.views.conftest import until

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def search(window: MainWindow, typed: str, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F, CTRL)
    line = window.layout_.tickets.search
    line.clear()
    qtbot.keyClicks(line, typed)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def names(window: MainWindow) -> list[str]:
    views_ = window.layout_.views
    return [views_.item(place).text() for place in range(views_.count())]


def dialog_of(window: MainWindow, qtbot: QtBot) -> ViewDialog:
    part = window.shell.part(SavedViewsPart)
    until(qtbot, lambda: part.dialog is not None and part.dialog.isVisible())
    assert part.dialog is not None
    return part.dialog


def test_operators_narrow_and_words_are_marked(window: MainWindow, qtbot: QtBot) -> None:
    search(window, "level:2 printer", qtbot)
    until(qtbot, lambda: len(window.model.ids) == 1)
    window.layout_.tickets.step(1)
    until(qtbot, lambda: len(window.layout_.conversation.browser.extraSelections()) > 0)
    marks = window.layout_.conversation.browser.extraSelections()
    assert marks[0].cursor.selectedText().lower() == "printer"
    search(window, "", qtbot)
    until(qtbot, lambda: len(window.model.ids) == 8)
    assert window.layout_.conversation.browser.extraSelections() == []


def test_what_cannot_be_asked_for_is_said_and_stays_in_the_line(window: MainWindow, qtbot: QtBot) -> None:
    search(window, "colour:red", qtbot)
    until(qtbot, lambda: "colour:" in window.layout_.tickets.state.words)
    assert window.layout_.tickets.search.text() == "colour:red"
    search(window, "printer", qtbot)
    until(qtbot, lambda: len(window.model.ids) == 1 and window.layout_.tickets.table.isVisible())


def test_a_search_is_saved_as_a_view_counted_while_it_is_edited_and_chosen(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    search(window, "level:2", qtbot)
    until(qtbot, lambda: window.is_idle)
    found = len(window.model.ids)
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL | ALT)
    dialog = dialog_of(window, qtbot)
    until(qtbot, lambda: dialog.count.text() == f"{found} tickets now")
    qtbot.keyClicks(dialog.name, "Second level")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    until(qtbot, lambda: "Second level" in names(window))
    until(qtbot, lambda: window.layout_.tickets.heading.text() == "Second level" and len(window.model.ids) == found)
    (saved,) = views.listed(desk.database, desk.actor)
    assert saved.filter.levels == {Level.L2}


def test_a_view_is_changed_deleted_and_brought_back(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    assert desk.actor is not None
    wanted = QueueFilter(levels=frozenset({Level.L1}))
    saved = views.save(desk.database, desk.actor, QueueView("", "Mine too", wanted, builtin=False), shared=True)
    window.bus.look()
    until(qtbot, lambda: "Mine too" in names(window))
    window.layout_.views.choose(saved.key)
    until(qtbot, lambda: window.queue.view.key == saved.key and window.is_idle)
    qtbot.keyClick(window, Qt.Key.Key_E, CTRL | ALT)
    dialog = dialog_of(window, qtbot)
    dialog.choices["levels"].actions_by_value[Level.L2].trigger()
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: views.listed(desk.database, desk.actor)[0].filter.levels == {Level.L1, Level.L2})
    until(qtbot, lambda: len(window.model.ids) == 8)
    window.commands.run("view_edit")
    dialog = dialog_of(window, qtbot)
    qtbot.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: views.listed(desk.database, desk.actor) == [] and "Mine too" not in names(window))
    window.layout_.told._button.click()
    until(qtbot, lambda: "Mine too" in names(window))


def test_a_view_that_names_a_deleted_team_opens_and_says_so(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    from app.models.identifiers import new_id

    assert desk.actor is not None
    team = staff.teams(desk.database)[0].id
    wanted = QueueFilter(teams=frozenset({new_id(), team}))
    saved = views.save(desk.database, desk.actor, QueueView("", "Half gone", wanted, builtin=False), shared=False)
    window.bus.look()
    until(qtbot, lambda: "Half gone" in names(window))
    window.layout_.views.choose(saved.key)
    until(qtbot, lambda: window.queue.view.key == saved.key and window.is_idle)
    window.commands.run("view_edit")
    dialog = dialog_of(window, qtbot)
    assert "asks for: 1 (" in dialog.gone.text()
    assert dialog.view().filter.teams == {team}
    dialog.reject()


def test_a_deadline_that_was_searched_for_survives_the_dialog(qapp: object) -> None:
    for span in (None, timedelta(0), timedelta(hours=1), timedelta(days=7)):
        view = QueueView("", "Soon", QueueFilter(due_within=span), builtin=False)
        dialog = ViewDialog(view, Offers(), may_share=False)
        assert dialog.view().filter == view.filter
        dialog.deleteLater()


def test_marks_stand_at_the_word_behind_a_smiley(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    conversation = window.layout_.conversation
    conversation.browser.setPlainText("\U0001f600\U0001f600 printer \U0001f600 printer")
    conversation.mark(("printer",))
    assert [each.cursor.selectedText() for each in conversation.browser.extraSelections()] == ["printer", "printer"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("fr", ["from:"]),
        ("x -le", ["x -level:"]),
        ("is:un", ["is:unread ", "is:unassigned "]),
        ("team:serv", ['team:"Service Desk" ']),
        ("assignee:l", ['assignee:"Lena Vogt" ']),
        ("", []),
        ("is:open ", []),
        ("colour:", []),
    ],
)
def test_operators_and_values_are_offered_while_one_types(desk: Desk, typed: str, offered: list[str]) -> None:
    database = desk.database
    known = Offers(staff.agents(database), staff.teams(database), staff.applications(database))
    assert completions(typed, known) == offered
