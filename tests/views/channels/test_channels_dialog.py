"""The channels dialog at work, by keyboard, on a real database and a real mail server."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.models.records.desk import Role
from app.services import accounts
from app.services.desk import Desk
from app.views.channels import control
from app.views.channels.dialog import ChannelsDialog
from app.views.channels.page import ChannelPage
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from tests.peers.mail_server import MailServer
from tests.views.conftest import until

Open = Callable[[Role], ChannelsDialog]


@pytest.fixture(autouse=True)
def _no_keyring() -> Iterator[None]:
    used = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    yield
    keyring.set_keyring(used)


@pytest.fixture
def open_as(desk: Desk, runner: TaskRunner, appearance: Appearance, qtbot: QtBot) -> Open:
    def opened(role: Role) -> ChannelsDialog:
        assert desk.actor is not None
        desk.actor = replace(desk.actor, role=role)
        dialog = ChannelsDialog(desk, runner, appearance)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(dialog)
        dialog.show()
        until(qtbot, lambda: runner.is_idle and isinstance(dialog.page, ChannelPage))
        return dialog

    return opened


def page(dialog: ChannelsDialog) -> ChannelPage:
    assert isinstance(dialog.page, ChannelPage)
    return dialog.page


def choose_kind(shown: ChannelPage, kind: str, qtbot: QtBot) -> None:
    for _ in range(shown.kind.findData(kind) - shown.kind.currentIndex()):
        qtbot.keyClick(shown.kind, Qt.Key.Key_Down)


def enter(entry: QWidget, words: str, qtbot: QtBot) -> None:
    assert isinstance(entry, QLineEdit)
    entry.clear()
    qtbot.keyClicks(entry, words)


def a_new_folder(dialog: ChannelsDialog, name: str, folder: Path, qtbot: QtBot) -> ChannelPage:
    qtbot.keyClick(dialog.new, Qt.Key.Key_Space)
    shown = page(dialog)
    choose_kind(shown, "folder", qtbot)
    enter(shown.naming.entry("name"), name, qtbot)
    enter(shown.form.entry("path"), str(folder), qtbot)
    return shown


def press(button: QWidget, qtbot: QtBot, runner: TaskRunner) -> None:
    qtbot.keyClick(button, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)


def test_the_dialog_opens_from_the_window_by_its_key(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_C, modifiers)
    (dialog,) = window.findChildren(ChannelsDialog)
    until(qtbot, lambda: window.is_idle)
    assert dialog.list.item(0).text() == "sample-mailbox"
    dialog.close()


def test_a_channel_is_added_tested_and_chosen(
    desk: Desk, open_as: Open, runner: TaskRunner, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = open_as(Role.ADMINISTRATOR)
    shown = a_new_folder(dialog, "import", tmp_path, qtbot)
    press(shown.test, qtbot, runner)
    assert shown.findings.words.startswith("It works")
    press(shown.store, qtbot, runner)
    assert accounts.named(desk.database, "import").config["path"] == str(tmp_path)
    assert dialog.list.currentItem().text() == "import"
    assert "import" in dialog.told.words


def test_what_is_wrong_with_a_channel_is_told_in_words(
    open_as: Open, runner: TaskRunner, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = a_new_folder(open_as(Role.ADMINISTRATOR), "import", tmp_path / "nowhere", qtbot)
    press(shown.test, qtbot, runner)
    assert shown.findings.words.startswith("It does not work yet")
    assert f"{tmp_path / 'nowhere'} cannot be read" in shown.findings.words
    assert shown.test.isEnabled()


def test_a_wrong_password_and_the_right_one_are_told_apart(
    open_as: Open, runner: TaskRunner, tmp_path: Path, qtbot: QtBot
) -> None:
    with MailServer(tmp_path) as server:
        dialog = open_as(Role.ADMINISTRATOR)
        qtbot.keyClick(dialog.new, Qt.Key.Key_Space)
        shown = page(dialog)
        choose_kind(shown, "imap", qtbot)
        enter(shown.naming.entry("name"), "support", qtbot)
        shown.form.fill(
            {
                "address": "support@desk.example",
                "host": server.host,
                "port": server.imap_port,
                "security": "starttls",
                "smtp_port": server.smtp_port,
                "ca_file": server.ca_file,
            }
        )
        password = next(each for each in shown.form.findChildren(QLineEdit) if each.accessibleName() == "Password")
        enter(password, "wrong-password", qtbot)
        press(shown.test, qtbot, runner)
        assert "refused the user name or the password" in shown.findings.words
        enter(password, server.password, qtbot)
        press(shown.test, qtbot, runner)
        assert shown.findings.words.startswith("It works")


def test_a_password_that_no_keyring_keeps_is_told_and_the_channel_is_there(
    desk: Desk, open_as: Open, runner: TaskRunner, qtbot: QtBot
) -> None:
    dialog = open_as(Role.ADMINISTRATOR)
    qtbot.keyClick(dialog.new, Qt.Key.Key_Space)
    shown = page(dialog)
    choose_kind(shown, "imap", qtbot)
    enter(shown.naming.entry("name"), "support", qtbot)
    shown.form.fill({"address": "support@desk.example", "host": "localhost"})
    password = next(each for each in shown.form.findChildren(QLineEdit) if each.accessibleName() == "Password")
    enter(password, "secret", qtbot)
    press(shown.store, qtbot, runner)
    assert "FIRSTLINE_SECRET_CHANNEL_SUPPORT_PASSWORD" in dialog.told.words
    assert "secret" not in str(accounts.named(desk.database, "support"))


def test_what_is_missing_is_told_at_its_place_and_typing_goes_on_there(
    open_as: Open, runner: TaskRunner, qtbot: QtBot
) -> None:
    dialog = open_as(Role.ADMINISTRATOR)
    qtbot.keyClick(dialog.new, Qt.Key.Key_Space)
    shown = page(dialog)
    choose_kind(shown, "imap", qtbot)
    press(shown.store, qtbot, runner)
    assert shown.naming.problem("name") == "This is needed."
    assert shown.form.problem("host") == "This is needed."
    assert shown.focusWidget() is shown.naming.entry("name")


def test_a_name_that_is_taken_costs_nothing_that_was_typed(
    open_as: Open, runner: TaskRunner, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = open_as(Role.ADMINISTRATOR)
    shown = a_new_folder(dialog, "sample-mailbox", tmp_path, qtbot)
    press(shown.store, qtbot, runner)
    assert "already" in dialog.told.words
    assert page(dialog) is shown
    assert shown.store.isEnabled()


def test_another_kind_keeps_what_was_typed_and_not_the_other_kinds_defaults(open_as: Open, qtbot: QtBot) -> None:
    dialog = open_as(Role.ADMINISTRATOR)
    qtbot.keyClick(dialog.new, Qt.Key.Key_Space)
    shown = page(dialog)
    enter(shown.form.entry("address"), "support@desk.example", qtbot)
    choose_kind(shown, "imap", qtbot)
    entered = shown.form.entered()
    assert (entered["address"], entered["folder"]) == ("support@desk.example", "INBOX")


def test_what_was_typed_is_still_there_after_a_look_at_another_channel(
    open_as: Open, runner: TaskRunner, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = open_as(Role.ADMINISTRATOR)
    shown = a_new_folder(dialog, "import", tmp_path, qtbot)
    dialog.list.setCurrentRow(0)
    assert page(dialog) is not shown
    qtbot.keyClick(dialog.new, Qt.Key.Key_Space)
    assert page(dialog) is shown
    assert shown.naming.entered() == {"name": "import"}
    press(shown.store, qtbot, runner)
    qtbot.keyClick(dialog.new, Qt.Key.Key_Space)
    assert page(dialog).naming.entered() == {"name": ""}


def test_a_channel_is_switched_off(desk: Desk, open_as: Open, runner: TaskRunner, qtbot: QtBot) -> None:
    dialog = open_as(Role.ADMINISTRATOR)
    shown = page(dialog)
    qtbot.keyClick(shown.options.entry("active"), Qt.Key.Key_Space)
    press(shown.store, qtbot, runner)
    assert not accounts.named(desk.database, "sample-mailbox").active
    assert dialog.list.item(0).toolTip() == "Switched off"


def test_who_is_no_administrator_looks_and_tests_alone(open_as: Open, runner: TaskRunner, qtbot: QtBot) -> None:
    dialog = open_as(Role.SUPERVISOR)
    shown = page(dialog)
    assert not shown.store.isVisible()
    assert not dialog.new.isVisible()
    assert not shown.form.entry("path").isEnabled()
    press(shown.test, qtbot, runner)
    assert shown.findings.words.startswith("It works")


def test_a_test_that_nobody_waits_for_any_more_says_nothing(
    open_as: Open, runner: TaskRunner, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = open_as(Role.ADMINISTRATOR)
    let_go, opened = threading.Event(), accounts.open_connector

    def slow(*told: object) -> object:
        assert let_go.wait(10)
        return opened(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(control.accounts, "open_connector", slow)
    shown = page(dialog)
    qtbot.keyClick(shown.test, Qt.Key.Key_Space)
    assert shown.findings.words == "Testing …"
    assert not shown.test.isEnabled()
    qtbot.keyClick(dialog.new, Qt.Key.Key_Space)
    let_go.set()
    until(qtbot, lambda: runner.is_idle)
    assert page(dialog).findings.words == ""


def test_a_dialog_closed_in_mid_test_does_no_harm(
    desk: Desk, runner: TaskRunner, appearance: Appearance, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go, opened = threading.Event(), accounts.open_connector

    def slow(*told: object) -> object:
        assert let_go.wait(10)
        return opened(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(control.accounts, "open_connector", slow)
    dialog = ChannelsDialog(desk, runner, appearance)
    dialog.show()
    until(qtbot, lambda: isinstance(dialog.page, ChannelPage))
    qtbot.keyClick(page(dialog).test, Qt.Key.Key_Space)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    let_go.set()
    until(qtbot, lambda: runner.is_idle)
