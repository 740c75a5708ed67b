"""Banner, states, commands, crash dialog, window places, times."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from app.services import wording
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner
from app.views.kit.commands import Commands
from app.views.kit.crash import BugCatcher, CrashDialog, report_of
from app.views.kit.elided import ElidedLabel
from app.views.kit.states import StateView
from app.views.kit.times import age_words, time_words
from app.views.kit.toast import Toast
from app.views.kit.window_place import WindowPlace

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_banner_does_what_its_button_says_and_closes(appearance: Appearance, qtbot: QtBot) -> None:
    banner, done = Banner(appearance), []
    qtbot.addWidget(banner)
    banner.tell("error", "The mailbox is full.", ("Try again", lambda: done.append("again")))
    assert banner.isVisible()
    button = next(each for each in banner.findChildren(QPushButton) if each.text() == "Try again")
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert done == ["again"]
    assert not banner.isVisible()


def test_good_news_goes_by_itself(appearance: Appearance, qtbot: QtBot) -> None:
    banner = Banner(appearance)
    qtbot.addWidget(banner)
    banner.tell("success", "Done.", milliseconds=20)
    qtbot.waitUntil(lambda: not banner.isVisible(), timeout=2_000)


def test_a_banner_shows_markup_as_it_is_written(appearance: Appearance, qtbot: QtBot) -> None:
    banner = Banner(appearance)
    qtbot.addWidget(banner)
    banner.tell("info", "<b>no</b>")
    assert banner.words == "<b>no</b>"
    assert banner._words.textFormat() is Qt.TextFormat.PlainText


def test_a_toast_stays_inside_its_window_and_off_what_is_to_be_free(appearance: Appearance, qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(500, 300)
    ground.show()
    free = QWidget(ground)
    free.setGeometry(320, 0, 180, 300)
    toast = Toast(appearance, ground, free)
    toast.tell("error", "word " * 40)
    for width, height in ((500, 300), (480, 260)):
        ground.resize(width, height)
        assert ground.rect().contains(toast.geometry())
        assert not free.geometry().intersects(toast.geometry())


def test_a_view_that_cannot_be_shown_offers_to_try_again(appearance: Appearance, qtbot: QtBot) -> None:
    view, tried = StateView(appearance), []
    qtbot.addWidget(view)
    view.show()
    view.error("The database cannot be reached.", lambda: tried.append(1))
    qtbot.keyClick(next(iter(view.findChildren(QPushButton))), Qt.Key.Key_Space)
    assert tried == [1]
    assert "cannot be reached" in view.words


def test_a_command_has_words_a_key_and_runs_by_it(appearance: Appearance, qtbot: QtBot) -> None:
    window, done = QWidget(), []
    qtbot.addWidget(window)
    QLineEdit(window)
    commands = Commands(window, appearance)
    commands.add("take", "Ctrl+T", "take", lambda: done.append("take"))
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert done == ["take"]
    assert [(each.id, each.words, each.keys) for each in commands] == [("take", "Take", "Ctrl+T")]
    assert "Ctrl+T" in commands.action("take").toolTip()


def test_a_disabled_command_does_nothing(appearance: Appearance, qtbot: QtBot) -> None:
    window, done = QWidget(), []
    qtbot.addWidget(window)
    commands = Commands(window, appearance)
    commands.add("take", "Ctrl+T", "take", lambda: done.append("take"))
    commands.enable("take", enabled=False)
    commands.run("take")
    assert done == []


def a_bug(told: str = "a bug") -> Exception:
    try:
        raise ValueError(told)
    except ValueError as bug:
        return bug


def test_a_crash_report_tells_where_and_not_what() -> None:
    report = report_of(a_bug("hunter2 of anna@acme.example"))
    assert "test_small_parts.py" in report
    assert "builtins.ValueError" in report
    assert "hunter2" not in report
    assert str(Path.home()) not in report


def test_a_crash_report_can_be_copied(qtbot: QtBot) -> None:
    dialog = CrashDialog("the report")
    qtbot.addWidget(dialog)
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "the report"
    assert dialog.copy.text() == "Copied"


def test_control_c_in_the_terminal_ends_the_desk_without_a_word(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended: list[str] = []
    monkeypatch.setattr(QGuiApplication, "quit", lambda: ended.append("quit"))
    monkeypatch.setattr("sys.excepthook", None)
    catcher = BugCatcher()
    catcher.install()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert ended == ["quit"]
    assert capsys.readouterr().err == ""


def test_many_bugs_at_once_open_one_dialog(qtbot: QtBot) -> None:
    catcher = BugCatcher()
    for _ in range(5):
        catcher.caught(a_bug())
    qtbot.waitUntil(lambda: catcher._open is not None)
    dialog = catcher._open
    assert dialog is not None
    opened = [each for each in QGuiApplication.topLevelWindows() if each.title() == "Firstline" and each.isVisible()]
    assert len(opened) == 1
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    qtbot.waitUntil(lambda: catcher._open is None)


def test_a_window_comes_back_where_it_was(tmp_path: Path, qtbot: QtBot) -> None:
    def a_window() -> tuple[QWidget, QSplitter]:
        window = QWidget(objectName="desk")
        splitter = QSplitter(window, objectName="columns")
        splitter.addWidget(QWidget())
        splitter.addWidget(QWidget())
        splitter.resize(400, 100)
        qtbot.addWidget(window)
        return window, splitter

    file = tmp_path / "window.ini"
    window, splitter = a_window()
    assert not WindowPlace(file).restore(window, splitter)
    window.resize(640, 480)
    splitter.setSizes([100, 300])
    WindowPlace(file).remember(window, splitter)
    again, split_again = a_window()
    assert WindowPlace(file).restore(again, split_again)
    assert again.size() == window.size()
    assert split_again.sizes() == splitter.sizes()


def test_a_broken_window_file_is_no_obstacle(tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "window.ini"
    file.write_bytes(b"\x00\xff[desk\ngeometry=@ByteArray(nonsense)\n")
    window = QWidget(objectName="desk")
    qtbot.addWidget(window)
    assert not WindowPlace(file).restore(window)
    assert isinstance(QSettings(str(file), QSettings.Format.IniFormat), QSettings)


def test_a_line_too_long_is_whole_in_its_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText("word " * 100)
    label.resize(80, 20)
    label.show()
    assert label.toolTip() == "word " * 100
    assert label.minimumSizeHint().width() == 0


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "now"), (1, "1 min"), (59, "59 min"), (60, "1 h"), (47 * 60, "47 h"), (48 * 60, "2 d"), (-5, "now")],
)
def test_an_age_is_told_in_the_largest_unit(minutes: int, words: str) -> None:
    assert age_words(NOW - timedelta(minutes=minutes), NOW) == words


def test_a_moment_is_told_as_near_as_it_is() -> None:
    local = NOW.astimezone()
    assert time_words(NOW, NOW) == f"{local:%H:%M}"
    assert time_words(NOW - timedelta(days=1), NOW) == f"yesterday {local:%H:%M}"
    assert "2025" in time_words(NOW - timedelta(days=300), NOW)
    wording.use_language("de")
    assert time_words(NOW - timedelta(days=1), NOW).startswith("gestern")
