"""The views on the left and the tickets of the chosen one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.models.clock import SystemClock
from app.models.identifiers import new_id
from app.models.records.queue import QueueFilter, QueueView
from app.models.records.tickets import Priority, TicketRow
from app.views.kit.appearance import Appearance
from app.views.kit.paged_table import Column, PagedTableModel
from app.views.kit.task_runner import TaskRunner
from app.views.queue.columns import full, spoken
from app.views.queue.panel import TicketTable, ViewList
from tests.views.conftest import until
from tests.views.messages import AT, a_row

EMPTY = ("done", "Nothing here", "No ticket is in this view.")
VIEWS = [QueueView("view.open", "", QueueFilter()), QueueView("saved", "Portal, urgent", QueueFilter(), builtin=False)]
Show = Callable[..., TicketTable]


@pytest.fixture
def rows() -> list[TicketRow]:
    return [a_row(number=number, subject=f"Ticket {number}") for number in range(1, 6)]


@pytest.fixture
def table(rows: list[TicketRow], runner: TaskRunner, appearance: Appearance, qtbot: QtBot) -> TicketTable:
    def load(ids: Sequence[UUID]) -> list[TicketRow]:
        return [each for each in rows if each.id in ids]

    column = Column("Tickets", spoken, hint=lambda row: full(row, AT))
    model = PagedTableModel(runner, [column], load, lambda row: row.id)
    shown = TicketTable(model, appearance, SystemClock())
    model.setParent(shown)
    qtbot.addWidget(shown)
    shown.resize(372, 500)
    shown.show()
    shown.show_ids([each.id for each in rows], another_list=True, empty=EMPTY)
    until(qtbot, lambda: model.row(0) is not None)
    return shown


def test_arrow_keys_go_from_ticket_to_ticket(table: TicketTable, rows: list[TicketRow], qtbot: QtBot) -> None:
    went: list[UUID] = []
    table.opened.connect(went.append)
    table.step(1)
    qtbot.keyClick(table.table, Qt.Key.Key_Down)
    qtbot.keyClick(table.table, Qt.Key.Key_End)
    table.step(1)
    assert went == [rows[0].id, rows[1].id, rows[4].id]


def test_news_take_nobody_to_another_ticket(table: TicketTable, rows: list[TicketRow]) -> None:
    table.mark(rows[2].id)
    went: list[UUID] = []
    table.opened.connect(went.append)
    ids = [each.id for each in rows]
    table.show_ids([new_id(), *ids], another_list=False, empty=EMPTY)
    assert table.current == rows[2].id
    table.show_ids([each for each in ids if each != rows[2].id], another_list=False, empty=EMPTY)
    assert went == []


def test_an_empty_list_says_why_and_the_next_ticket_replaces_it(table: TicketTable, rows: list[TicketRow]) -> None:
    table.show_ids([], another_list=True, empty=EMPTY)
    assert table.state.isVisible()
    assert table.state.words == "Nothing here No ticket is in this view."
    table.show_ids([rows[0].id], another_list=False, empty=EMPTY)
    assert not table.state.isVisible()
    assert table.table.isVisible()


def test_what_is_typed_is_searched_after_a_pause_and_at_once_by_return(table: TicketTable, qtbot: QtBot) -> None:
    searched: list[str] = []
    table.searched.connect(searched.append)
    qtbot.keyClicks(table.search, " visa")
    assert searched == []
    until(qtbot, lambda: searched == ["visa"])
    qtbot.keyClicks(table.search, " card")
    qtbot.keyClick(table.search, Qt.Key.Key_Return)
    assert searched == ["visa", "visa card"]


def test_the_cross_empties_the_search(table: TicketTable, qtbot: QtBot) -> None:
    assert not table.search.cross.isVisible()
    qtbot.keyClicks(table.search, "visa")
    assert table.search.rect().contains(table.search.cross.geometry())
    with qtbot.waitSignal(table.searched) as searched:
        qtbot.mouseClick(table.search.cross, Qt.MouseButton.LeftButton)
    assert searched.args == [""]
    assert not table.search.cross.isVisible()


def test_a_ticket_is_spoken_and_hinted(table: TicketTable, rows: list[TicketRow]) -> None:
    index = table.model.index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("#1, Ticket 1")
    assert "Requester: Anna Björn" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_an_urgent_ticket_shows_at_its_edge(
    table: TicketTable, rows: list[TicketRow], appearance: Appearance, runner: TaskRunner, qtbot: QtBot
) -> None:
    def edge() -> QColor:
        place = table.table.visualRect(table.model.index(1, 0)).center()
        return table.table.viewport().grab().toImage().pixelColor(1, place.y())

    assert edge() != appearance.theme.colour("danger")
    rows[1] = replace(rows[1], priority=Priority.P1)
    table.model.forget([rows[1].id])
    until(qtbot, lambda: edge() == appearance.theme.colour("danger"))


def test_views_are_chosen_by_keyboard_and_told_with_their_counts(appearance: Appearance, qtbot: QtBot) -> None:
    views = ViewList(VIEWS, appearance)
    qtbot.addWidget(views)
    views.show()
    with qtbot.waitSignal(views.chosen) as chosen:
        qtbot.keyClick(views, Qt.Key.Key_Down)
    assert chosen.args == [VIEWS[1]]
    views.show_counts({"view.open": 3, "saved": 0})
    spoken_views = [views.item(place).data(Qt.ItemDataRole.AccessibleTextRole) for place in range(2)]
    assert spoken_views == ["All open, 3 tickets", "Portal, urgent, 0 tickets"]
