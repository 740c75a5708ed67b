"""A desk is open all day: what was opened in it and closed again takes no room any more."""

import gc

import pytest
from PySide6.QtWidgets import QApplication

from app.services.desk import Desk
from app.views.main_window import MainWindow
from app.views.screens import SCREENS
from app.views.screens.screen import Screen
from app.views.screens.setting import brought_about, settle
from tests.fixtures.gui import let_go

_OPENED = (
    "applications-light",
    "call-empty",
    "channels-light",
    "escalate-light",
    "history-light",
    "library-keys-light",
    "link",
    "oncall-week",
    "script-form",
    "settings-light",
    "swarm-ask",
    "tree-own",
    "view-light",
    "writing-signature",
)


@pytest.mark.parametrize("screen", [each for each in SCREENS if each.name in _OPENED], ids=lambda screen: screen.name)
def test_what_was_opened_and_closed_is_gone(desk: Desk, screen: Screen) -> None:
    with brought_about(desk, screen) as shown:
        window = shown.parentWidget().window()
        assert isinstance(window, MainWindow)
        kind = type(shown)
        shown.close()
        settle(window)
        let_go()
        assert kind not in map(type, QApplication.topLevelWidgets())


def test_a_window_that_was_closed_is_let_go_with_its_look_and_its_threads(desk: Desk) -> None:
    with brought_about(desk, SCREENS[0]) as shown:
        assert shown.window() in QApplication.topLevelWidgets()
    del shown
    let_go()
    assert [each for each in gc.get_objects() if type(each) is MainWindow] == []
