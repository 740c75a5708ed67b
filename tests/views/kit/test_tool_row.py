"""A row of buttons that never cuts their words."""

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from app.views.kit.appearance import Appearance
from app.views.kit.buttons import action_button, menu_button
from app.views.kit.tool_row import ToolRow

WORDS = ("Antworten", "Notiz", "Übernehmen", "Skript ausführen")


class Tools:
    def __init__(self, appearance: Appearance, qtbot: QtBot) -> None:
        self.buttons = [action_button(QAction(each)) for each in WORDS]
        self.actions = [each.defaultAction() for each in self.buttons]
        self.more, self.menu = menu_button("More", "more", appearance)
        self.menu.addAction("Merge")
        self.row = ToolRow(self.buttons, self.more, self.menu)
        qtbot.addWidget(self.row)
        self.row.resize(self.row.sizeHint())
        self.row.show()

    @property
    def shown(self) -> list[str]:
        return [each.text() for each in self.buttons if each.isVisible()]


@pytest.fixture
def tools(appearance: Appearance, qtbot: QtBot) -> Tools:
    return Tools(appearance, qtbot)


def offered(menu: QMenu) -> list[str]:
    return [each.text() for each in menu.actions()]


def is_whole(button: QToolButton) -> bool:
    return button.width() >= button.sizeHint().width()


def test_all_stand_in_the_row_where_there_is_room(tools: Tools) -> None:
    assert tools.shown == list(WORDS)
    assert offered(tools.menu) == ["Merge"]


def test_what_has_no_room_stands_first_in_the_menu_and_nothing_is_cut(tools: Tools, qtbot: QtBot) -> None:
    tools.row.resize(tools.row.sizeHint().width() - 20, 30)
    assert tools.shown == list(WORDS[:3])
    assert offered(tools.menu) == ["Skript ausführen", "", "Merge"]
    tools.row.resize(tools.buttons[0].sizeHint().width() + tools.more.sizeHint().width() + 10, 30)
    assert tools.shown == ["Antworten"]
    assert offered(tools.menu) == [*WORDS[1:], "", "Merge"]
    qtbot.waitUntil(lambda: is_whole(tools.buttons[0]) and is_whole(tools.more))
    tools.row.resize(tools.row.minimumSizeHint())
    assert tools.shown == []
    assert tools.more.isVisible()


def test_what_has_room_again_comes_back(tools: Tools) -> None:
    tools.row.resize(tools.row.minimumSizeHint())
    tools.row.resize(tools.row.sizeHint())
    assert tools.shown == list(WORDS)
    assert offered(tools.menu) == ["Merge"]


def test_longer_words_move_it_too(tools: Tools, qtbot: QtBot) -> None:
    tools.actions[1].setText("Notiz für alle, die hier arbeiten")
    qtbot.waitUntil(lambda: "Skript ausführen" not in tools.shown)
