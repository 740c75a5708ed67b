"""The settings dialog, by keyboard: what is written, what is applied, what is refused."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.desk import Desk
from app.views.main_window import MainWindow
from app.views.settings.dialog import SettingsDialog
from tests.views.conftest import until


def opened(window: MainWindow, qtbot: QtBot) -> SettingsDialog:
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: window.findChild(SettingsDialog) is not None)
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    return dialog


def test_what_is_changed_is_applied_and_written_and_comments_stay(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    file = desk.profile.settings_file
    file.write_text('# ours\nagent = "sam.okafor@firstline.example"\n', encoding="utf-8")
    dialog = opened(window, qtbot)
    theme, seconds = dialog.form.entry("theme"), dialog.form.entry("undo_send_seconds")
    qtbot.keyClick(theme, Qt.Key.Key_End)
    qtbot.keyClick(seconds, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(seconds, "12")
    qtbot.keyClick(seconds, Qt.Key.Key_Return)
    until(qtbot, lambda: window.appearance.theme.name == "dark")
    assert desk.settings.undo_send_seconds == 12
    written = file.read_text(encoding="utf-8")
    assert written.startswith("# ours\n")
    assert 'theme = "dark"' in written
    assert "poll_seconds" not in written


def test_what_cannot_be_stays_in_the_dialog_and_is_not_written(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    seconds = dialog.form.entry("poll_seconds")
    qtbot.keyClick(seconds, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(seconds, "0")
    qtbot.keyClick(seconds, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.form.problem("poll_seconds") != ""
    assert not desk.profile.settings_file.exists()
