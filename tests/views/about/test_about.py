"""The report is read before it is copied."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.views.about.part import AboutDialog
from app.views.main_window import MainWindow
from tests.views.conftest import until


def test_the_report_is_opened_and_copied_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(AboutDialog)
    assert isinstance(dialog, AboutDialog)
    until(qtbot, dialog.copy.isEnabled)
    assert "database: SQLite" in dialog.report.toPlainText()
    qtbot.keyClick(dialog.copy, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == dialog.report.toPlainText()
    dialog.reject()
