"""Tables that sort, copy and go to a file; documents that fold; what is shown once."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.records.runs import Outcome, RemoteState, TargetResult
from app.models.records.scripts import Transport
from app.views.kit.appearance import Appearance
from app.views.remote_help.documents import DocumentView, TableView
from app.views.remote_help.model import documents_of, tables_of, target_title
from app.views.remote_help.results import ResultsTable
from app.views.remote_help.reveal import RevealPanel


def result(target: str, document: object) -> TargetResult:
    ended = (Outcome.SUCCEEDED, RemoteState.FINISHED, 0, "", {}, None, None)
    return TargetResult(target, "help", *ended, "", document)


def table(qtbot: QtBot) -> TableView:
    view = TableView()
    qtbot.addWidget(view)
    view.show_table(("name", "free"), [("b", "9"), ("a", "100"), ("=cmd()", "-5")])
    return view


def cells(view: TableView) -> list[str]:
    model = view.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_numbers_sort_by_their_size_and_words_by_their_letters(qtbot: QtBot) -> None:
    view = table(qtbot)
    assert cells(view) == ["b", "a", "=cmd()"]
    view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert cells(view) == ["=cmd()", "b", "a"]
    view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert cells(view) == ["b", "a", "=cmd()"]


def test_a_column_that_has_words_is_titled_by_them(qtbot: QtBot) -> None:
    view = table(qtbot)
    titles = [view.model().headerData(column, Qt.Orientation.Horizontal) for column in (0, 1)]
    assert titles == ["Name", "free"]


def test_rows_are_copied_to_be_pasted_into_a_sheet(qtbot: QtBot) -> None:
    view = table(qtbot)
    view.selectRow(1)
    view.copy()
    assert QApplication.clipboard().text() == "name\tfree\na\t100\n"
    view.clearSelection()
    view.copy()
    assert QApplication.clipboard().text().count("\n") == 4


def test_a_file_of_them_holds_no_formula(qtbot: QtBot, tmp_path: Path) -> None:
    view = table(qtbot)
    view.export(tmp_path / "result.csv")
    told = (tmp_path / "result.csv").read_bytes().decode("utf-8-sig")
    assert told == "name,free\r\nb,9\r\na,100\r\n'=cmd(),-5\r\n"


def test_the_rows_of_several_hosts_are_one_table() -> None:
    first = result("a", {"columns": ["name", "free"], "rows": [["x", 1]]})
    second = result("b", {"columns": ["name", "used"], "rows": [["y", None]]})
    assert tables_of([first], "Host") == (("name", "free"), [("x", "1")])
    assert tables_of([first, second, result("c", None)], "Host") == (
        ("Host", "name", "free", "used"),
        [("a", "x", "1", ""), ("b", "y", "", "")],
    )
    assert tables_of([result("c", {"status": "UP"})], "Host") is None


@pytest.mark.parametrize(
    ("transport", "title"),
    [
        (Transport.SSH, "Host"),
        (Transport.DIRECTORY, "Account"),
        (Transport.HTTP, "Service"),
        (Transport.SQL, "Service"),
    ],
)
def test_targets_are_called_what_they_are(
    transport: Transport, title: str, appearance: Appearance, qtbot: QtBot
) -> None:
    table = ResultsTable(appearance, target_title(transport))
    qtbot.addWidget(table)
    table.begin(["ann"])
    model = table.model()
    assert model.headerData(0, Qt.Orientation.Horizontal) == title
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == f"{title}: ann"
    assert [model.headerData(each, Qt.Orientation.Horizontal) for each in (1, 4)] == ["State", "Last line"]


def test_documents_of_several_hosts_stand_under_their_names() -> None:
    assert documents_of([result("a", {"status": "UP"})]) == {"status": "UP"}
    assert documents_of([result("a", [1]), result("b", None)]) == {"a": [1]}
    assert documents_of([result("a", None)]) is None


def test_a_document_folds_and_is_copied_whole(qtbot: QtBot) -> None:
    view = DocumentView()
    qtbot.addWidget(view)
    view.show_document({"status": "UP", "disks": [{"free": 1}, {"free": 2, "all": 3}]})
    disks = view.topLevelItem(1)
    assert disks is not None
    assert (disks.text(0), disks.text(1), disks.childCount()) == ("disks", "2 in a list", 2)
    assert disks.isExpanded()
    assert [disks.child(place).text(1) for place in range(2)] == ["1 entry", "2 entries"]
    view.copy()
    assert '"status": "UP"' in QApplication.clipboard().text()


def test_an_endless_document_does_not_fill_the_window(qtbot: QtBot) -> None:
    view = DocumentView()
    qtbot.addWidget(view)
    view.show_document([{"n": number} for number in range(100_000)])
    assert view.topLevelItemCount() <= 20_000


def test_what_is_shown_once_can_be_copied_and_goes_from_the_clipboard(qtbot: QtBot) -> None:
    panel = RevealPanel()
    qtbot.addWidget(panel)
    panel.reveal([("pc-17", "New password", "Sesame-4711")])
    assert panel.isVisible()
    qtbot.keyClick(panel.copies[0], Qt.Key.Key_Space)
    data = QApplication.clipboard().mimeData()
    assert QApplication.clipboard().text() == "Sesame-4711"
    assert data.hasFormat("x-kde-passwordManagerHint")
    panel.clear_clipboard()
    assert QApplication.clipboard().text() == ""
    panel.forget()
    assert panel.isHidden()
    assert panel.copies == []


def test_what_somebody_copied_since_stays_in_the_clipboard(qtbot: QtBot) -> None:
    panel = RevealPanel()
    qtbot.addWidget(panel)
    panel.reveal([("pc-17", "New password", "Sesame-4711")])
    qtbot.keyClick(panel.copies[0], Qt.Key.Key_Space)
    QApplication.clipboard().setText("another")
    panel.clear_clipboard()
    assert QApplication.clipboard().text() == "another"
