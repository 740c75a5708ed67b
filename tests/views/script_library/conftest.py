"""The sample desk with an administrator at it, and the dialog of the library opened by keyboard."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.records.desk import Actor, Role
from app.services import staff
from app.services.desk import Desk
from app.services.remote_help import connections
from app.views.main_window import MainWindow
from app.views.script_library.dialog import LibraryDialog
from app.views.script_library.part import ScriptLibraryPart
from tests.views.conftest import until

Open = Callable[[], LibraryDialog]


@pytest.fixture
def admin(desk: Desk) -> Actor:
    """Sam has become an administrator; no connection is there yet."""
    assert desk.actor is not None
    desk.actor = replace(desk.actor, role=Role.ADMINISTRATOR)
    for each in connections.listed(desk.database):
        connections.remove(desk.database, desk.system, each.id)
    return desk.actor


@pytest.fixture
def colleague(desk: Desk, admin: Actor) -> Actor:
    """Another administrator."""
    other = next(each for each in staff.agents(desk.database) if each.id != admin.id)
    return replace(admin, id=other.id, name=other.name)


@pytest.fixture
def opened(admin: Actor, window: MainWindow, qtbot: QtBot) -> LibraryDialog:
    """By Ctrl+Shift+F9."""
    part = window.shell.part(ScriptLibraryPart)
    qtbot.keyClick(window, Qt.Key.Key_F9, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, lambda: part.dialog is not None and window.is_idle)
    assert part.dialog is not None
    return part.dialog
