"""Keys: no two commands share one, none is taken from a text field, and all are on the sheet."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from app.views.main_window import MainWindow
from app.views.shortcuts.keys import SINGLE
from app.views.shortcuts.part import ShortcutsPart
from app.views.shortcuts.windows import sections, show_keys
from app.views.writing.answering import Form
from tests.views.conftest import until

_EDITING = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.MoveToNextWord,
    QKeySequence.StandardKey.MoveToPreviousWord,
    QKeySequence.StandardKey.DeleteEndOfWord,
    QKeySequence.StandardKey.DeleteStartOfWord,
    QKeySequence.StandardKey.MoveToStartOfDocument,
    QKeySequence.StandardKey.MoveToEndOfDocument,
)


def test_no_two_commands_share_a_key(window: MainWindow) -> None:
    keys = Counter(QKeySequence(each.keys).toString() for each in window.commands if each.keys)
    assert [each for each, times in keys.items() if times > 1] == []
    assert [each for each, times in Counter(SINGLE.values()).items() if times > 1] == []


def test_no_command_takes_a_key_that_a_text_field_needs(window: MainWindow) -> None:
    needed = {each.toString() for kind in _EDITING for each in QKeySequence.keyBindings(kind)}
    assert {QKeySequence(each.keys).toString() for each in window.commands if each.keys} & needed == set()


def test_every_command_has_words_and_all_but_plain_lists_a_key_or_a_place_in_the_palette(window: MainWindow) -> None:
    assert all(each.words for each in window.commands)
    assert set(SINGLE) <= {each.id for each in window.commands}


def test_single_keys_work_where_tickets_are_read(window: MainWindow, qtbot: QtBot) -> None:
    table = window.layout_.tickets.table
    table.setFocus()
    before = window.layout_.tickets.current
    qtbot.keyClick(table, Qt.Key.Key_J)
    assert window.layout_.tickets.current != before
    qtbot.keyClick(table, Qt.Key.Key_K)
    assert window.layout_.tickets.current == before
    qtbot.keyClick(table, Qt.Key.Key_G)
    qtbot.keyClick(table, Qt.Key.Key_U)
    assert window.layout_.views.current.key == "view.unassigned"
    until(qtbot, lambda: window.is_idle)


@pytest.mark.parametrize("field", ["search", "composer"])
def test_single_keys_are_letters_where_one_types(window: MainWindow, field: str, qtbot: QtBot) -> None:
    if field == "composer":
        window.writing.open(Form.NOTE)
    line = window.layout_.tickets.search if field == "search" else window.layout_.composer.text
    line.setFocus()
    before = window.layout_.tickets.current
    qtbot.keyClicks(line, "jkrne/")
    told = line.text() if field == "search" else line.toPlainText()
    assert told == "jkrne/"
    assert window.layout_.tickets.current == before


def test_the_sheet_shows_every_command_and_can_be_searched(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = window.shell.part(ShortcutsPart).open()
    lines = [line.text(0) for _, section in sheet._sections for line in section]
    elsewhere = [each for section in sections().values() for each in section]
    assert sorted(lines) == sorted(each.words for each in (*window.commands, *elsewhere))
    qtbot.keyClicks(sheet.line, "merge")
    shown = [line.text(0) for _, section in sheet._sections for line in section if not line.isHidden()]
    assert shown == ["Merge into another ticket …"]
    sheet.reject()


def test_the_keys_of_other_windows_are_on_the_sheet_and_on_one_of_their_own(window: MainWindow, qtbot: QtBot) -> None:
    sheet = window.shell.part(ShortcutsPart).open()
    sheet.line.setText("draw line")
    shown = [line.text(1) for _heading, lines in sheet._sections for line in lines if not line.isHidden()]
    assert shown == ["Ctrl+L"]
    keys = {line.text(0): line.text(1) for _heading, lines in sheet._sections for line in lines}
    assert keys["Go from step to step"] == "Left, Right, Up, Down"
    assert keys["Choose a span of time"] == "Shift+Left, Shift+Right"
    sheet.reject()
    own = show_keys("oncall", window)
    qtbot.addWidget(own)
    assert [heading.text(0) for heading, _lines in own._sections] == ["On duty"]
    assert "F1" in [line.text(1) for _heading, lines in own._sections for line in lines]


@pytest.mark.parametrize("name", ["tree", "oncall"])
def test_no_two_keys_of_one_window_are_the_same(name: str) -> None:
    assert [each for each, times in Counter(each.keys for each in sections()[name]).items() if times > 1] == []
