"""Texts and signatures are made, changed and deleted in one dialog."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.identifiers import new_id
from app.models.records.canned import Canned
from app.models.records.desk import Role
from app.services import canned, signatures, staff
from app.services.desk import Desk
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from app.views.writing.part import WritingPart
from app.views.writing.text_pages import ReplyPage, SignaturePage
from app.views.writing.texts_dialog import TextsDialog
from tests.views.conftest import until

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def opened(window: MainWindow, qtbot: QtBot) -> TextsDialog:
    dialog = window.shell.part(WritingPart).open_texts()
    until(qtbot, lambda: dialog.page is not None)
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    return dialog


def names(desk: Desk) -> list[str]:
    assert desk.actor is not None
    return [each.name for each in canned.canned(desk.database, desk.actor)]


def test_a_text_is_written_previewed_and_kept(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    dialog.new.setFocus()
    qtbot.keyClick(dialog.new, KEY.Key_Space)
    page = dialog.page
    assert isinstance(page, ReplyPage)
    assert page.name.hasFocus()
    qtbot.keyClicks(page.name, "Greeting")
    qtbot.keyClick(page.name, KEY.Key_Tab)
    qtbot.keyClicks(QApplication.focusWidget(), "hi")
    page.text.setFocus()
    qtbot.keyClicks(page.text, "Hello {agent.name}, ")
    qtbot.keyClick(page.text, KEY.Key_B, CTRL)
    qtbot.keyClicks(page.text, "you")
    assert page.preview.toPlainText() == "Hello Sam Okafor, you"
    page.save.setFocus()
    qtbot.keyClick(page.save, KEY.Key_Space)
    until(qtbot, lambda: names(desk) == ["Greeting"])
    assert desk.actor is not None
    (stored,) = canned.canned(desk.database, desk.actor)
    assert (stored.shortcut, stored.html, stored.agent_id) == (
        "hi", "<p>Hello {agent.name}, <b>you</b></p>", desk.actor.id,
    )  # fmt: skip
    until(qtbot, lambda: isinstance(dialog.page, ReplyPage) and dialog.page.name.text() == "Greeting")


def test_what_is_not_saved_is_asked_for_once(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    dialog.begin_new()
    page = dialog.page
    assert isinstance(page, ReplyPage)
    qtbot.keyClicks(page.name, "Half")
    qtbot.keyClick(page.name, KEY.Key_Escape)
    assert dialog.isVisible()
    assert dialog.told.isVisible()
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(page.name, KEY.Key_Escape)


def test_a_text_without_a_name_is_refused_and_stays(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    dialog.begin_new()
    page = dialog.page
    assert isinstance(page, ReplyPage)
    qtbot.keyClicks(page.text, "words")
    page.save.click()
    until(qtbot, dialog.told.isVisible)
    assert "name" in dialog.told.words
    assert dialog.page is page
    assert names(desk) == []


def test_a_text_is_deleted(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    assert desk.actor is not None
    canned.save(desk.database, desk.actor, Canned(new_id(), "Old", "", "<p>x</p>"))
    dialog = opened(window, qtbot)
    page = dialog.page
    assert isinstance(page, ReplyPage)
    page.remove.click()
    until(qtbot, lambda: names(desk) == [])
    until(qtbot, lambda: not isinstance(dialog.page, ReplyPage))


def test_a_supervisor_writes_a_teams_signature(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    dialog.list.setCurrentRow(dialog.list.count() - 1)
    page = dialog.page
    assert isinstance(page, SignaturePage)
    qtbot.keyClicks(page.text, "{agent.name} / {team.name}")
    assert page.preview.toPlainText() == "Sam Okafor / Service Desk"
    page.save.click()
    until(qtbot, lambda: any(each.text for each in signatures.signatures(desk.database)))


@pytest.fixture
def agent_window(desk: Desk, runner: TaskRunner, appearance: Appearance, qtbot: QtBot) -> MainWindow:
    """Lena, an agent, sits there."""
    desk.actor = staff.sign_in(desk.database, "lena.vogt@firstline.example")
    shown = MainWindow(desk, runner, appearance)
    qtbot.addWidget(shown)
    shown.show()
    shown.start()
    until(qtbot, lambda: shown.ticket.ticket is not None and runner.is_idle)
    return shown


def test_an_agent_sees_why_shared_texts_and_signatures_cannot_be_changed(
    agent_window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    sam = staff.sign_in(desk.database, "sam.okafor@firstline.example")
    assert sam.role is Role.SUPERVISOR
    canned.save(desk.database, sam, Canned(new_id(), "Shared", "", "<p>x</p>"))
    dialog = opened(agent_window, qtbot)
    page = dialog.page
    assert isinstance(page, ReplyPage)
    assert not page.save.isVisible()
    assert not page.text.isEnabled()
    dialog.list.setCurrentRow(dialog.list.count() - 1)
    signature = dialog.page
    assert isinstance(signature, SignaturePage)
    assert not signature.text.isEnabled()
    dialog.begin_new()
    mine = dialog.page
    assert isinstance(mine, ReplyPage)
    assert mine.save.isVisible()
    assert mine.audience.count() == 1
