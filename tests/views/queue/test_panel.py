"""The views on the left and the tickets of the chosen one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.models.clock import SystemClock
from app.models.identifiers import new_id
from app.models.records.packed_ids import PackedIds
from app.models.records.queue import QueueColumn, QueueFilter, QueueView
from app.models.records.tickets import Priority, TicketRow
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from app.views.kit.window_place import WindowPlace
from app.views.queue.cells import USUAL
from app.views.queue.columns import CELLS
from app.views.queue.model import QueueModel
from app.views.queue.panel import TicketTable
from app.views.queue.table import TICKETS_MIME, Form, ids_of
from app.views.queue.view_list import ViewList
from tests.views.conftest import until
from tests.views.messages import a_row

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

    model = QueueModel(runner, load, SystemClock())
    shown = TicketTable(model, appearance, SystemClock())
    model.setParent(shown)
    qtbot.addWidget(shown)
    shown.resize(372, 500)
    shown.show()
    shown.show_ids(PackedIds.of(each.id for each in rows), another_list=True, empty=EMPTY)
    until(qtbot, lambda: model.row(0) is not None)
    return shown


def test_arrow_keys_open_the_first_ticket_at_once_and_then_where_they_come_to_rest(
    table: TicketTable, rows: list[TicketRow], qtbot: QtBot
) -> None:
    went: list[UUID] = []
    table.opened.connect(went.append)
    table.step(1)
    assert went == [rows[0].id]
    for _ in range(3):
        qtbot.keyClick(table.table, Qt.Key.Key_Down)
    assert went == [rows[0].id]
    until(qtbot, lambda: went == [rows[0].id, rows[3].id])


@pytest.mark.parametrize("form", list(Form))
def test_home_end_and_return_work_in_either_form(
    table: TicketTable, rows: list[TicketRow], form: Form, qtbot: QtBot
) -> None:
    table.wear(form)
    table.table.setFocus()
    qtbot.keyClick(table.table, Qt.Key.Key_End)
    assert table.current == rows[4].id
    qtbot.keyClick(table.table, Qt.Key.Key_Home)
    assert table.current == rows[0].id
    with qtbot.waitSignal(table.entered):
        qtbot.keyClick(table.table, Qt.Key.Key_Return)


def test_several_tickets_are_selected_and_stay_so_when_news_come(
    table: TicketTable, rows: list[TicketRow], qtbot: QtBot
) -> None:
    table.step(1)
    for _ in range(2):
        qtbot.keyClick(table.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    ids = [each.id for each in rows]
    assert list(table.table.selected) == ids[:3]
    table.show_ids(PackedIds.of([new_id(), ids[2], ids[4], ids[0], ids[3]]), another_list=False, empty=EMPTY)
    assert list(table.table.selected) == [ids[2], ids[0]]
    qtbot.keyClick(table.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert table.how_many == 5


def test_all_of_a_long_list_stays_selected_when_it_grows(table: TicketTable) -> None:
    ids = PackedIds.of(new_id() for _ in range(25_000))
    table.show_ids(ids[:20_000] + ids[20_001:], another_list=True, empty=EMPTY)
    table.table.selectAll()
    table.show_ids(ids, another_list=False, empty=EMPTY)
    assert table.how_many == 25_000


def test_who_reads_in_the_middle_stays_there_and_who_is_at_the_top_sees_the_news(table: TicketTable) -> None:
    ids = PackedIds.of(new_id() for _ in range(3_000))
    table.show_ids(ids[5:], another_list=True, empty=EMPTY)
    table.show_ids(ids[4:], another_list=False, empty=EMPTY)
    assert table.table.rowAt(0) == 0
    table.table.verticalScrollBar().setValue(1_000 * table.table.rowHeight(0) + 7)
    seen = table.model.ids[table.table.rowAt(0)]
    table.show_ids(ids, another_list=False, empty=EMPTY)
    assert table.model.ids[table.table.rowAt(0)] == seen
    assert table.table.rowViewportPosition(table.table.rowAt(0)) == -7


def test_a_column_is_sorted_by_a_click_and_turned_round_by_another(table: TicketTable, qtbot: QtBot) -> None:
    wanted: list[str] = []
    table.sort_wanted.connect(lambda sort: (wanted.append(sort.words), table.table.show_sort(sort)))
    head = table.table.horizontalHeader()
    for _ in range(2):
        place = head.sectionViewportPosition(CELLS[QueueColumn.DUE]) + 20
        qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place, 8))
    assert wanted == ["due", "-due"]


def test_columns_are_hidden_shown_and_come_back_as_they_were(table: TicketTable, tmp_path: Path) -> None:
    table.table.column_menu().actions()[0].trigger()
    assert QueueColumn.NUMBER not in table.table.columns
    table.table.show_columns((QueueColumn.DUE, QueueColumn.SUBJECT, QueueColumn.UPDATED))
    table.table.remember(WindowPlace(tmp_path / "window.ini"))
    table.table.show_columns(USUAL)
    table.table.restore(WindowPlace(tmp_path / "window.ini"))
    assert table.table.columns == (QueueColumn.DUE, QueueColumn.SUBJECT, QueueColumn.UPDATED)
    assert not table.table.isColumnHidden(CELLS[QueueColumn.UPDATED])
    assert table.table.isColumnHidden(CELLS[QueueColumn.TEAM])


def test_a_drag_carries_the_ids(rows: list[TicketRow]) -> None:
    carried = QMimeData()
    assert list(ids_of(carried)) == []
    carried.setData(TICKETS_MIME, PackedIds.of(each.id for each in rows).raw)
    assert list(ids_of(carried)) == [each.id for each in rows]


def test_news_take_nobody_to_another_ticket(table: TicketTable, rows: list[TicketRow]) -> None:
    table.mark(rows[2].id)
    went: list[UUID] = []
    table.opened.connect(went.append)
    ids = [each.id for each in rows]
    table.show_ids(PackedIds.of([new_id(), *ids]), another_list=False, empty=EMPTY)
    assert table.current == rows[2].id
    table.show_ids(PackedIds.of(each for each in ids if each != rows[2].id), another_list=False, empty=EMPTY)
    assert went == []


def test_an_empty_list_says_why_and_the_next_ticket_replaces_it(table: TicketTable, rows: list[TicketRow]) -> None:
    table.show_ids(PackedIds(), another_list=True, empty=EMPTY)
    assert table.state.isVisible()
    assert table.state.words == "Nothing here No ticket is in this view."
    table.show_ids(PackedIds.of([rows[0].id]), another_list=False, empty=EMPTY)
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
    table.wear(Form.LIST)

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
