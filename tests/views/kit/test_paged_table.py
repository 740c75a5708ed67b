"""Tables of any length."""

import random
from collections.abc import Iterable, Sequence

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractItemView, QTableView
from pytestqt.qtbot import QtBot

from app.models.errors import KnownError
from app.views.kit.paged_table import ID_ROLE, PLACEHOLDER, Column, PagedTableModel
from app.views.kit.task_runner import TaskRunner
from tests.views.conftest import until


class Numbers(list[int]):
    """Ids that are plain numbers."""

    def __init__(self, numbers: Iterable[int]) -> None:
        super().__init__(numbers)
        self._places = {each: place for place, each in enumerate(self)}

    def place_of(self, wanted: object, near: int | None = None) -> int | None:
        return self._places.get(wanted) if isinstance(wanted, int) else None


class Rows:
    """A source of rows that counts what it is asked for. A row is (id, words)."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.version = 0
        self.refuses = False

    def __call__(self, ids: Sequence[int]) -> list[tuple[int, str]]:
        if self.refuses:
            raise KnownError("database.lost", detail="x")
        self.asked += ids
        return [(each, f"row {each} v{self.version}") for each in ids]


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def model(runner: TaskRunner, rows: Rows) -> PagedTableModel:
    made = PagedTableModel(runner, [Column("Words", lambda row: row[1])], rows, lambda row: row[0], keep=200)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def shown(model: PagedTableModel, place: int) -> str:
    words: str = model.index(place, 0).data()
    return words


def test_a_row_is_a_placeholder_until_it_arrives(model: PagedTableModel, runner: TaskRunner, qtbot: QtBot) -> None:
    model.reset_ids(Numbers([1, 2, 3]))
    assert shown(model, 0) == PLACEHOLDER
    until(qtbot, lambda: shown(model, 0) == "row 1 v0")


def test_only_what_is_seen_is_fetched(model: PagedTableModel, rows: Rows, runner: TaskRunner, qtbot: QtBot) -> None:
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.verticalHeader().setDefaultSectionSize(24)
    view.resize(300, 300)
    view.show()
    model.reset_ids(Numbers(range(100_000)))
    view.scrollToBottom()
    until(qtbot, lambda: shown(model, 99_999) == "row 99999 v0")
    until(qtbot, lambda: runner.is_idle)
    assert len(rows.asked) < 1_000


def test_no_more_rows_are_kept_than_allowed(model: PagedTableModel, runner: TaskRunner, qtbot: QtBot) -> None:
    model.reset_ids(Numbers(range(2_000)))
    for place in range(0, 2_000, 64):
        shown(model, place)
    until(qtbot, lambda: runner.is_idle)
    assert len(model._rows) <= 200


def test_a_forgotten_row_shows_its_old_self_until_the_new_arrives(
    model: PagedTableModel, rows: Rows, qtbot: QtBot
) -> None:
    model.reset_ids(Numbers([1, 2]))
    shown(model, 0)
    until(qtbot, lambda: shown(model, 0) == "row 1 v0")
    rows.version = 1
    model.forget([1])
    assert shown(model, 0) == "row 1 v0"
    until(qtbot, lambda: shown(model, 0) == "row 1 v1")


def test_a_selection_goes_with_its_row(model: PagedTableModel, qtbot: QtBot) -> None:
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    model.reset_ids(Numbers([1, 2, 3, 4]))
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    view.selectionModel().setCurrentIndex(model.index(2, 0), flags)
    model.replace_ids(Numbers([9, 3, 1, 4]))
    assert view.currentIndex().data(ID_ROLE) == 3
    assert [each.row() for each in view.selectionModel().selectedRows()] == [1]


def test_any_list_can_become_any_other(model: PagedTableModel) -> None:
    """The tester that stands behind the model ends the process where a step breaks Qt's rules."""
    seeded = random.Random(7)
    for _ in range(60):
        wanted = seeded.sample(range(60), seeded.randrange(60))
        model.replace_ids(Numbers(wanted))
        assert list(model.ids) == wanted
        assert [model.place_of(each) for each in wanted] == list(range(len(wanted)))


def test_a_refusal_is_told_and_tried_again_when_seen_again(model: PagedTableModel, rows: Rows, qtbot: QtBot) -> None:
    model.reset_ids(Numbers([1]))
    rows.refuses = True
    with qtbot.waitSignal(model.failed):
        shown(model, 0)
    rows.refuses = False
    until(qtbot, lambda: shown(model, 0) == "row 1 v0")


def test_its_heading_is_its_columns_title(model: PagedTableModel) -> None:
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Words"


def test_a_row_that_changes_while_it_is_on_its_way_is_fetched_again(
    model: PagedTableModel, rows: Rows, qtbot: QtBot
) -> None:
    model.reset_ids(Numbers([1]))
    shown(model, 0)
    until(qtbot, lambda: rows.asked == [1])
    rows.version = 1
    model.forget([1])
    until(qtbot, lambda: shown(model, 0) == "row 1 v1")
