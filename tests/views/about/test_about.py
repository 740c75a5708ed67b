"""The report is read before it is copied."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.views.about.notices import NoticesDialog
from app.views.about.part import AboutDialog, AboutPart
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


def test_a_frozen_program_shows_the_terms_of_what_is_packed_into_it(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    part = window.shell.part(AboutPart)
    assert not part.open().notices.isVisible()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "firstline"))
    assert not part.open().notices.isVisible()
    (tmp_path / "third-party-notices.txt").write_text("Qt, © somebody", encoding="utf-8")
    dialog = part.open()
    assert dialog.notices.isVisible()
    qtbot.keyClick(dialog.notices, Qt.Key.Key_Space)
    until(qtbot, lambda: dialog.findChild(NoticesDialog) is not None)
    shown = dialog.findChild(NoticesDialog)
    assert isinstance(shown, NoticesDialog)
    assert shown.text.toPlainText() == "Qt, © somebody"
    shown.reject()
