"""The window of a desk whose database was upgraded, or became one that can only be read."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import insert, text

from app.models.tables import Change
from app.services.database import age, schema
from app.services.wording import tr
from app.views.main_window import MainWindow
from app.views.server.part import ServerPart
from tests.views.conftest import until


def upgrade_under(window: MainWindow) -> None:
    """As the program of tomorrow does it."""
    database = window.shell.desk.database
    with database.engine.execution_options(firstline_writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        told = {"topic": age.TOPIC, "subject_id": "9999", "ticket_id": None}
        connection.execute(insert(Change).values(transaction=0, at=database.clock.now(), **told))


def test_an_open_window_learns_of_an_upgrade_by_itself(window: MainWindow, qtbot: QtBot) -> None:
    banner = window.shell.part(ServerPart).banner
    assert banner.isHidden()
    upgrade_under(window)
    until(qtbot, banner.isVisible)
    assert banner.words == tr("server.upgraded")
    button = next(each for each in banner.findChildren(QPushButton) if each.text() == tr("server.leave"))
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    until(qtbot, window.isHidden)


def test_after_an_upgrade_tickets_are_read_and_nothing_is_changed(window: MainWindow, qtbot: QtBot) -> None:
    ticket = window.ticket.ticket
    assert ticket is not None
    upgrade_under(window)
    with window.shell.desk.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM change WHERE topic = 'schema'"))  # as if the feed had come late
    window.shell.commands.run("take")
    banner = window.shell.part(ServerPart).banner
    until(qtbot, banner.isVisible)
    assert banner.words == tr("server.upgraded")
    window.ticket.reload()
    until(qtbot, lambda: window.shell.runner.is_idle)
    assert window.ticket.ticket is not None
    assert window.ticket.ticket.row.version == ticket.row.version


def test_a_database_that_can_only_be_read_is_told_at_the_start(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "is_read_only", lambda _database: True)
    banner = window.shell.part(ServerPart).banner
    window.shell.started.emit()
    until(qtbot, banner.isVisible)
    assert banner.words == tr("server.read_only")
    monkeypatch.setattr(schema, "is_read_only", lambda _database: False)
    window.shell.bus.found.emit()
    until(qtbot, banner.isHidden)
