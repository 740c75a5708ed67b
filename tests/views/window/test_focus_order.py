"""Tab goes through the window as one reads it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.desk import Desk
from app.services.escalation import incident
from app.views.incident.part import IncidentPart
from app.views.main_window import MainWindow
from tests.views.conftest import until


def tabbed(window: MainWindow, qtbot: QtBot, start: QWidget, stop: QWidget) -> list[QWidget]:
    """All that Tab comes to from `start` to `stop`."""
    start.setFocus()
    found: list[QWidget] = [start]
    while found[-1] is not stop:
        qtbot.keyClick(found[-1], Qt.Key.Key_Tab)
        now = window.focusWidget()
        assert now is not None
        assert now not in found
        found.append(now)
    return found


def test_tab_goes_from_the_list_over_what_is_told_of_the_ticket_to_its_conversation(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    layout, ticket_id = window.layout_, window.ticket.ticket_id
    assert ticket_id is not None
    incident.declare(desk.database, desk.system, ticket_id)
    window.ticket.reload()
    until(qtbot, lambda: window.shell.part(IncidentPart).row.isVisibleTo(window) and window.is_idle)
    found = tabbed(window, qtbot, layout.views, layout.conversation.browser)
    assert found.index(layout.tickets.search) < found.index(layout.tickets.table)
    after = found[found.index(layout.tickets.table) + 1 :]
    assert len(after) > 8
    heights = [each.mapTo(window, each.rect().center()).y() // 20 for each in after[:-1]]
    assert heights == sorted(heights)
