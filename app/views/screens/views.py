"""Pictures of searching and of views."""

from PySide6.QtWidgets import QWidget

from app.views.main_window import MainWindow
from app.views.queue.saved.part import SavedViewsPart
from app.views.screens.screen import Screen, Show
from app.views.screens.setting import settle


def _searched(typed: str) -> Show:
    def show(window: MainWindow) -> QWidget:
        window.layout_.tickets.search.setText(typed)
        window.queue.search(typed)
        settle(window)
        window.layout_.tickets.step(1)
        return window

    return show


def _view(window: MainWindow) -> QWidget:
    part = window.shell.part(SavedViewsPart)
    part.new()
    settle(window)
    assert part.dialog is not None
    part.dialog.name.setText("VPN")
    part.dialog.view()
    return part.dialog


SCREENS = (
    Screen("search-light", _searched("is:open portal")),
    Screen("search-dark", _searched("customer"), "dark"),
    Screen("search-wrong", _searched("colour:red"), language="de"),
    Screen("view-light", _view),
    Screen("view-german", _view, "dark", "de"),
)
