"""Pictures of two at once on one ticket."""

from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from app.models.records.history import Difference
from app.views.conflict.dialog import ConflictDialog
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle


def _conflict(window: MainWindow) -> QWidget:
    at = datetime(2026, 3, 2, 9, 41, tzinfo=UTC)
    told = [
        Difference("status", "open", "waiting_customer", "Lena Vogt", at, "solved", is_wanted=True),
        Difference("assignee_id", "", "Lena Vogt", "Lena Vogt", at),
        Difference("priority", 3, 1, "Ravi Menon", at),
    ]
    dialog = ConflictDialog(1042, told, window)
    dialog.open()
    settle(window)
    return dialog


SCREENS = (Screen("conflict-light", _conflict), Screen("conflict-german", _conflict, "dark", "de"))
