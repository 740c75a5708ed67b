"""The library by keyboard: what ships is added, looked at and approved by somebody else; folders are taken in."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.models.errors import DatabaseError
from app.models.records.desk import Actor
from app.services.desk import Desk
from app.services.remote_help import authoring, registry
from app.services.remote_help.library import built_in
from app.services.wording import tr
from app.views.main_window import MainWindow
from app.views.script_library.broken_dialog import BrokenDialog
from app.views.script_library.dialog import LibraryDialog
from app.views.script_library.library_model import State, fitting, rows_of
from app.views.script_library.part import ScriptLibraryPart
from tests.views.conftest import until

COUNT = len(built_in())


def rows(dialog: LibraryDialog) -> list[list[str]]:
    found = [dialog.scripts.list.topLevelItem(place) for place in range(dialog.scripts.list.topLevelItemCount())]
    return [[each.text(column) for column in range(6)] for each in found if each is not None]


def press(button: QPushButton, qtbot: QtBot) -> None:
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)


def confirm(dialog: LibraryDialog, qtbot: QtBot) -> None:
    """What the banner offers has the focus."""
    until(qtbot, lambda: isinstance(dialog.focusWidget(), QPushButton))
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)


def test_only_administrators_get_in(window: MainWindow, qtbot: QtBot) -> None:
    part = window.shell.part(ScriptLibraryPart)
    assert not window.shell.commands.action("script_library").isEnabled()
    assert part.open() is None


def test_what_ships_is_added_in_one_go_and_approved_with_its_digest_shown(
    opened: LibraryDialog, desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    press(opened.scripts.buttons["built_in"], qtbot)
    until(qtbot, lambda: len(rows(opened)) == COUNT and window.is_idle)
    opened.scripts.choose("linux-disk")
    until(qtbot, lambda: window.is_idle)
    version = opened.scripts.details.version
    assert version is not None
    if version.approved_at is None:
        press(opened.scripts.details.deeds["approve"], qtbot)
        assert version.sha256 in opened.told.words
        assert registry.version(desk.database, version.id).approved_at is None
        confirm(opened, qtbot)
        until(qtbot, lambda: registry.version(desk.database, version.id).approved_at is not None)
    press(opened.scripts.details.copy, qtbot)
    assert QGuiApplication.clipboard().text() == version.sha256


def test_ones_own_script_is_approved_by_somebody_else_and_the_reason_stands_there(
    opened: LibraryDialog, desk: Desk, admin: Actor, colleague: Actor, window: MainWindow, qtbot: QtBot
) -> None:
    first = registry.add(desk.database, desk.system, built_in()["linux-disk"])
    registry.approve(desk.database, desk.system, first)
    mine = authoring.save(desk.database, admin, authoring.begun(built_in()["linux-disk"]))
    window.shell.bus.look()
    until(qtbot, lambda: any(row[1] == "waits for approval" for row in rows(opened)))
    opened.scripts.choose("linux-disk")
    details = opened.scripts.details
    until(qtbot, lambda: details.version is not None and details.version.id == mine.id and window.is_idle)
    assert not details.deeds["approve"].isEnabled()
    assert "somebody else must approve it" in details.why_not.text()
    assert details.deeds["try"].isVisible()
    assert "+ 1.1" in details.difference.toPlainText()
    registry.approve(desk.database, colleague, mine.id)
    window.shell.bus.look()
    until(qtbot, lambda: details.version is not None and details.version.approved_by == colleague.name)
    assert not details.deeds["approve"].isVisible()


def test_a_retired_script_stays_in_the_list_as_such(
    opened: LibraryDialog, desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    opened.control.add_built_in()
    until(qtbot, lambda: len(rows(opened)) == COUNT and window.is_idle)
    opened.scripts.choose("linux-health")
    until(qtbot, lambda: window.is_idle)
    press(opened.scripts.details.deeds["retire"], qtbot)
    confirm(opened, qtbot)
    opened.scripts.state.setCurrentIndex(opened.scripts.state.findData(State.RETIRED))
    until(qtbot, lambda: [row[0] for row in rows(opened)] == ["Health of a Linux host"])


def test_a_filter_finds_by_words_and_state(desk: Desk) -> None:
    for each in built_in().values():
        registry.add(desk.database, desk.system, each)
    there = rows_of(registry.listed(desk.database, retired=True))
    assert [each.key for each in fitting(there, "PLATTE voll", None)] == ["linux-disk"]
    assert [each.key for each in fitting(there, "linux-dis", None)] == ["linux-disk"]
    assert fitting(there, "toaster", None) == []


def test_a_folder_is_taken_in_and_a_broken_one_is_shown_at_its_line(
    opened: LibraryDialog, desk: Desk, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    good, bad = tmp_path / "a-good-one", tmp_path / "a-bad-one"
    package = built_in()["linux-disk"]
    for folder, key, timeout in ((good, "a-good-one", "timeout = 180"), (bad, "a-bad-one", "timeout = 0")):
        folder.mkdir()
        text = package.files["script.toml"].decode().replace('id = "linux-disk"', f'id = "{key}"')
        folder.joinpath("script.toml").write_text(text.replace("timeout = 180", timeout))
        folder.joinpath("script.sh").write_bytes(package.files["script.sh"])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    press(opened.scripts.buttons["take_in"], qtbot)
    until(qtbot, lambda: opened.findChild(BrokenDialog) is not None)
    dialog = opened.findChild(BrokenDialog)
    assert dialog is not None
    item = dialog.list.topLevelItem(0)
    assert item is not None
    assert [item.text(0), item.text(2), item.text(3)] == ["a-bad-one", "timeout", "At least 1."]
    assert dialog.text.textCursor().block().text() == "timeout = 0"
    assert dialog.text.extraSelections()
    dialog.close()
    assert registry.found(desk.database, "a-good-one").author == "Sam Okafor"
    export = tmp_path / "out"
    export.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(export))
    opened.scripts.choose("a-good-one")
    until(qtbot, lambda: window.is_idle)
    press(opened.scripts.details.deeds["export"], qtbot)
    until(qtbot, (export / "a-good-one" / "script.toml").exists)


def test_a_lost_database_is_told_and_looked_for_again(
    opened: LibraryDialog, desk: Desk, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def away(*_: object, **__: object) -> None:
        raise DatabaseError("database.unreachable", server="db", reason="gone")

    with monkeypatch.context() as patched:
        patched.setattr(registry, "listed", away)
        opened.control.look()
        until(qtbot, lambda: tr("state.error") in opened.scripts.state_words)
    registry.add(desk.database, desk.system, built_in()["linux-disk"])
    opened.control.look()
    until(qtbot, lambda: len(rows(opened)) == 1 and not opened.scripts.state_words)
