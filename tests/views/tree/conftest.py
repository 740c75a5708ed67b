"""A main window with its tree window open, as the picture of one application."""

from collections.abc import Callable
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from app.services import staff
from app.services.desk import Desk
from app.views.main_window import MainWindow
from app.views.tree.dialog import TreeDialog
from app.views.tree.part import TreePart
from tests.views.conftest import until


@pytest.fixture
def application(desk: Desk) -> UUID:
    """One with several levels."""
    return next(each.id for each in staff.applications(desk.database) if each.first_level.value == 1)


@pytest.fixture
def opened(window: MainWindow, application: UUID, qtbot: QtBot) -> Callable[[], TreeDialog]:
    """Opens the tree of that application and waits until it is there."""

    def open_tree() -> TreeDialog:
        dialog = window.shell.part(TreePart).open(application)
        until(qtbot, lambda: bool(dialog.layout_.scene.cards) and dialog.layout_.chooser.count() > 0)
        until(qtbot, lambda: window.is_idle)
        return dialog

    return open_tree
