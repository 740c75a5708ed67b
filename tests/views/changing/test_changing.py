"""Changing tickets by keyboard: the one that is shown, or all that are selected."""

from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.records.desk import Role
from app.models.records.load import AgentLoad, Load, TeamLoad
from app.models.records.tickets import Priority, Status, TicketView
from app.services import staff
from app.services.desk import Desk
from app.services.tickets import editing, queue, reading
from app.services.tickets.editing import Stale
from app.views.changing import choices
from app.views.conflict.part import ConflictPart
from app.views.kit.picker import Picker
from app.views.main_window import MainWindow
from app.views.ticket.properties_model import Offers
from tests.views.conftest import until
from tests.views.messages import AT

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def opened(window: MainWindow, key: Qt.Key, qtbot: QtBot) -> Picker:
    qtbot.keyClick(window, key, CTRL | SHIFT)
    until(qtbot, lambda: window.findChild(Picker) is not None)
    picker = window.findChild(Picker)
    assert isinstance(picker, Picker)
    return picker


def choose(window: MainWindow, key: Qt.Key, typed: str, qtbot: QtBot) -> None:
    picker = opened(window, key, qtbot)
    qtbot.keyClicks(picker.line, typed)
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    until(qtbot, lambda: window.findChild(Picker) is None and window.is_idle)


def select(window: MainWindow, count: int, qtbot: QtBot) -> list[UUID]:
    """The first tickets of the list, by Shift and arrows."""
    table = window.layout_.tickets.table
    table.setFocus()
    table.go_to(0)
    for _ in range(count - 1):
        qtbot.keyClick(table, Qt.Key.Key_Down, SHIFT)
    until(qtbot, lambda: window.is_idle)
    return list(table.selected)


def stored(desk: Desk, ids: list[UUID]) -> list[TicketView]:
    return [reading.show(desk.database, each) for each in ids]


def test_all_that_are_selected_are_changed_and_taken_back_at_one_go(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    ids = select(window, 4, qtbot)
    before = [each.row.priority for each in stored(desk, ids)]
    assert window.layout_.tickets.many.isVisible()
    choose(window, Qt.Key.Key_P, "p1", qtbot)
    assert [each.row.priority for each in stored(desk, ids)] == [Priority.P1] * 4
    assert window.layout_.told.words == "4 tickets changed."
    assert list(window.layout_.tickets.table.selected) == ids
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    until(qtbot, lambda: [each.row.priority for each in stored(desk, ids)] == before)


def test_they_are_given_to_a_person_by_three_letters(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    ids = select(window, 3, qtbot)
    choose(window, Qt.Key.Key_A, "len", qtbot)
    assert [each.row.assignee for each in stored(desk, ids)] == ["Lena Vogt"] * 3


def test_one_is_handed_to_a_team(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    shown = window.ticket.ticket_id
    assert shown is not None
    choose(window, Qt.Key.Key_T, "payments", qtbot)
    assert stored(desk, [shown])[0].row.team == "Payments Development"


def test_a_new_tag_is_put_on_and_taken_off_again(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    shown = window.ticket.ticket_id
    assert shown is not None
    choose(window, Qt.Key.Key_G, "Visa UK", qtbot)
    assert stored(desk, [shown])[0].tags == ("visa uk",)
    until(qtbot, lambda: window.ticket.ticket is not None and window.ticket.ticket.tags == ("visa uk",))
    choose(window, Qt.Key.Key_G, "take visa", qtbot)
    assert stored(desk, [shown])[0].tags == ()


def test_several_are_closed_by_one_key_and_the_selection_ends(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    ids = select(window, 2, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_E, CTRL | SHIFT)
    until(qtbot, lambda: [each.row.status for each in stored(desk, ids)] == [Status.CLOSED] * 2)
    until(qtbot, lambda: not window.layout_.tickets.many.isVisible())


def test_several_are_merged_into_the_current_one(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    ids = select(window, 3, qtbot)
    into = window.layout_.tickets.current
    assert into is not None
    before = sum(len(each.messages) for each in stored(desk, ids))
    qtbot.keyClick(window, Qt.Key.Key_M, CTRL | SHIFT)
    until(qtbot, lambda: len(reading.show(desk.database, into).messages) == before)


def test_an_agent_reads_why_another_persons_ticket_is_not_theirs_to_give(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    shown = window.ticket.ticket_id
    assert shown is not None
    assert desk.actor is not None
    lena = next(each for each in staff.agents(desk.database) if each.name == "Lena Vogt")
    editing.assign(desk.database, desk.system, Stale(shown), lena.id)
    desk.actor = replace(desk.actor, role=Role.AGENT)
    window.bus.look()
    until(qtbot, lambda: window.ticket.ticket is not None and window.ticket.ticket.assignee_id == lena.id)
    picker = opened(window, Qt.Key.Key_A, qtbot)
    qtbot.keyClicks(picker.line, "tomasz")
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    assert picker.isVisible()
    assert picker.hint.text() == ("This ticket is Lena Vogt's. Only a supervisor may give it to somebody else.")


def test_what_is_on_people_is_told_beside_their_names(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    ids = list(queue.ids(desk.database, window.queue.wanted()))
    assert desk.actor is not None
    lena = next(each for each in staff.agents(desk.database) if each.name == "Lena Vogt")
    for each in ids[:2]:
        editing.assign(desk.database, desk.actor, Stale(each), lena.id)
    picker = opened(window, Qt.Key.Key_A, qtbot)
    until(qtbot, lambda: any(each.words == "Lena Vogt" and each.detail.startswith("2 open") for each in picker.items))
    assert picker.items[0].words == "Sam Okafor"


@pytest.mark.parametrize(
    ("load", "words"),
    [
        (AgentLoad(), "0 open"),
        (AgentLoad(12, 2, 1, here=True), "12 open  ·  2 late  ·  1 soon  ·  at the desk"),
        (AgentLoad(3, away=True, here=True), "3 open  ·  away"),
        (AgentLoad(3, away=True, away_until=AT), "3 open  ·  away"),
    ],
)
def test_a_persons_load_in_words(load: AgentLoad, words: str) -> None:
    assert choices.agent_words(load, AT) == words


def test_who_is_here_and_has_least_comes_first_and_who_is_away_last(desk: Desk) -> None:
    agents = [each for each in staff.agents(desk.database) if each.active]
    by_name = {each.name: each for each in agents}
    known = Load(
        {
            by_name["Aiko Tanaka"].id: AgentLoad(1, away=True),
            by_name["Lena Vogt"].id: AgentLoad(9, here=True),
            by_name["Tomasz Zieliński"].id: AgentLoad(2, here=True),
        },
        {each.id: TeamLoad(5, 3) for each in staff.teams(desk.database)},
    )
    items = choices.people(Offers(agents, staff.teams(desk.database)), known, by_name["Sam Okafor"], AT)
    assert [each.words for each in items[:4]] == ["Sam Okafor", "Tomasz Zieliński", "Lena Vogt", "Aiko Tanaka"]
    assert items[4].detail == "5 open, 3 unassigned"
    assert items[-1].words == "Nobody"


def test_two_who_set_one_field_get_a_choice_and_nothing_is_lost(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    shown = window.ticket.ticket_id
    assert shown is not None
    window.bus.stop()
    editing.set_priority(desk.database, desk.system, Stale(shown), Priority.P2)
    window.ticket.set_property("priority", Priority.P1)
    told = window.layout_.told
    until(qtbot, lambda: told.words.endswith("Priority is now P2."))
    assert stored(desk, [shown])[0].row.priority is Priority.P2
    qtbot.mouseClick(told._button, Qt.MouseButton.LeftButton)
    part = window.shell.part(ConflictPart)
    until(qtbot, lambda: part.dialog is not None)
    assert part.dialog is not None
    part.dialog.mine["priority"].setChecked(True)
    qtbot.mouseClick(part.dialog.ok, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: stored(desk, [shown])[0].row.priority is Priority.P1)
