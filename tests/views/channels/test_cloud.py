"""From an address to a mailbox, by keyboard: found out and signed in, with a real authorisation server."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread

import keyring
import pytest
from keyring.errors import KeyringLocked
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.models.records.desk import Role
from app.services import accounts, mailbox_discovery
from app.services.desk import Desk
from app.services.mailbox_discovery import Places
from app.services.secrets import channel_secret
from app.services.sign_in import SignIns
from app.services.wording import tr
from app.views.channels import cloud
from app.views.channels.dialog import ChannelsDialog
from app.views.channels.page import ChannelPage
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from tests.peers.authority.server import Authority
from tests.peers.name_server import NameServer
from tests.peers.windows_broker import WindowsBroker, on_windows
from tests.services.secrets.test_secrets import Safe
from tests.views.conftest import until

ADDRESS = "ada@contoso.example"


@pytest.fixture(autouse=True)
def _keyring() -> Iterator[None]:
    used = keyring.get_keyring()
    keyring.set_keyring(Safe())
    yield
    keyring.set_keyring(used)


@pytest.fixture
def authority(tmp_path: Path, desk: Desk) -> Iterator[Authority]:
    with Authority(tmp_path) as running:
        running.register("app")
        running.register("desktop", secret="not-so-secret")
        desk.sign_ins = SignIns(desk.secrets, desk.clock, running.endpoints)
        yield running


@pytest.fixture
def shown(
    authority: Authority, desk: Desk, runner: TaskRunner, appearance: Appearance, qtbot: QtBot
) -> Iterator[ChannelPage]:
    """The page for a new channel."""
    assert desk.actor is not None
    desk.actor = replace(desk.actor, role=Role.ADMINISTRATOR)
    dialog = ChannelsDialog(desk, runner, appearance)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    until(qtbot, lambda: runner.is_idle and isinstance(dialog.page, ChannelPage))
    qtbot.keyClick(dialog.new, Qt.Key.Key_Space)
    assert isinstance(dialog.page, ChannelPage)
    yield dialog.page
    dialog.close()


@pytest.fixture
def browse(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A browser that goes where it is sent."""
    opened: list[str] = []
    threads: list[Thread] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toString())
        threads.append(Thread(target=authority.browse, args=(bytes(url.toEncoded().data()).decode(),)))
        threads[-1].start()
        return True

    monkeypatch.setattr(cloud.QDesktopServices, "openUrl", open_url)
    yield opened
    for each in threads:
        each.join()


def enter_graph(shown: ChannelPage) -> None:
    shown.choose_kind("graph")
    shown.naming.fill({"name": "support"})
    shown.form.fill({"address": ADDRESS, "client_id": "app", "tenant": "contoso.example"})


def heading(shown: ChannelPage) -> Callable[[], str]:
    return shown.sign_in.heading.text


def test_an_address_fills_in_the_form_and_says_why(
    shown: ChannelPage, authority: Authority, runner: TaskRunner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {("contoso.example", "MX"): ["0 contoso-example.mail.protection.outlook.com."]}
    with NameServer(names) as server:
        places = Places("127.0.0.1", server.port, authority.endpoints.microsoft, ca_file=str(authority.ca_file))
        monkeypatch.setattr(cloud, "find", partial(mailbox_discovery.find, places=places))
        qtbot.keyClicks(shown.finder.address, ADDRESS)
        qtbot.keyClick(shown.finder.address, Qt.Key.Key_Return)
        until(qtbot, lambda: runner.is_idle)
    assert shown.finder.findings.words.startswith("Proposed: Microsoft 365")
    assert "contoso-example.mail.protection.outlook.com (MX)" in shown.finder.findings.words
    entered = shown.form.entered()
    assert (entered["address"], entered["tenant"]) == (ADDRESS, "contoso.example")
    assert shown.naming.entered()["name"] == "ada"
    assert shown.sign_in.isVisible()


def test_what_is_no_address_is_told_beside_it(shown: ChannelPage, runner: TaskRunner, qtbot: QtBot) -> None:
    qtbot.keyClicks(shown.finder.address, "support")
    qtbot.keyClick(shown.finder.address, Qt.Key.Key_Return)
    until(qtbot, lambda: runner.is_idle)
    assert "no whole mail address" in shown.finder.findings.words
    assert shown.finder.button.isEnabled()


def test_a_person_signs_in_in_the_browser_and_stays_so_when_the_channel_is_stored(
    shown: ChannelPage, desk: Desk, browse: list[str], runner: TaskRunner, qtbot: QtBot
) -> None:
    enter_graph(shown)
    qtbot.keyClick(shown.sign_in.browser, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    assert heading(shown)() == f"{ADDRESS} is signed in"
    assert len(browse) == 1
    dialog = shown.window()
    assert isinstance(dialog, ChannelsDialog)
    qtbot.keyClick(shown.store, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    stored = dialog.page
    assert isinstance(stored, ChannelPage)
    until(qtbot, lambda: heading(stored)() == f"{ADDRESS} is signed in")
    identity = accounts.identity_of(accounts.named(desk.database, "support"))
    assert identity is not None
    assert desk.sign_ins.who(identity) is not None
    qtbot.keyClick(stored.sign_in.leave, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    assert heading(stored)() == tr("channels.sign_in.nobody")
    assert desk.sign_ins.who(identity) is None


def test_the_card_tells_who_is_signed_in_for_what_is_entered_and_not_for_what_was(
    shown: ChannelPage, browse: list[str], runner: TaskRunner, qtbot: QtBot
) -> None:
    enter_graph(shown)
    qtbot.keyClick(shown.sign_in.browser, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    dialog = shown.window()
    assert isinstance(dialog, ChannelsDialog)
    qtbot.keyClick(shown.store, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    stored = dialog.page
    assert isinstance(stored, ChannelPage)
    who, nobody = f"{ADDRESS} is signed in", tr("channels.sign_in.nobody")
    until(qtbot, lambda: heading(stored)() == who)
    for name in ("client_id", "address"):
        qtbot.keyClicks(stored.form.entry(name), "x")
        assert heading(stored)() == nobody
        assert not stored.sign_in.leave.isVisible()
        qtbot.keyClick(stored.form.entry(name), Qt.Key.Key_Backspace)
        until(qtbot, lambda: heading(stored)() == who)
    qtbot.keyClicks(stored.form.entry("folder"), "/Support")
    assert heading(stored)() == who


def test_gmail_signs_in_with_the_client_secret_that_was_typed(
    shown: ChannelPage, browse: list[str], runner: TaskRunner, qtbot: QtBot
) -> None:
    shown.choose_kind("gmail")
    shown.naming.fill({"name": "support"})
    shown.form.fill({"address": ADDRESS, "client_id": "desktop"})
    secret = next(e for e in shown.form.findChildren(QLineEdit) if e.accessibleName() == tr("secret.client_secret"))
    qtbot.keyClicks(secret, "not-so-secret")
    assert not shown.sign_in.device.isVisible()
    qtbot.keyClick(shown.sign_in.browser, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    assert heading(shown)() == f"{ADDRESS} is signed in"


def test_a_code_is_shown_for_another_device(
    shown: ChannelPage, authority: Authority, runner: TaskRunner, qtbot: QtBot
) -> None:
    enter_graph(shown)
    qtbot.keyClick(shown.sign_in.device, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle or bool(shown.sign_in.code.text()))
    if shown.sign_in.code.text():
        authority.approve(shown.sign_in.code.text())
    until(qtbot, lambda: runner.is_idle)
    assert heading(shown)() == f"{ADDRESS} is signed in"


def test_a_sign_in_can_be_cancelled_and_begun_again(
    shown: ChannelPage, runner: TaskRunner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloud.QDesktopServices, "openUrl", lambda _url: False)
    enter_graph(shown)
    qtbot.keyClick(shown.sign_in.browser, Qt.Key.Key_Space)
    until(qtbot, lambda: "Open this address" in shown.sign_in.words.text())
    assert not shown.sign_in.browser.isVisible()
    qtbot.keyClick(shown.sign_in.cancel, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    assert shown.sign_in.words.text() == tr("error.sign_in.cancelled")
    assert shown.sign_in.browser.isVisible()


def test_a_closed_dialog_waits_for_nobody(
    shown: ChannelPage, runner: TaskRunner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloud.QDesktopServices, "openUrl", lambda _url: True)
    enter_graph(shown)
    qtbot.keyClick(shown.sign_in.browser, Qt.Key.Key_Space)
    until(qtbot, lambda: heading(shown)() == tr("channels.sign_in.in_browser"))
    shown.window().close()
    runner.close()  # returns only when no thread waits any more


def test_windows_signs_in_before_the_dialog_and_can_be_left_and_signed_out_of(
    shown: ChannelPage, runner: TaskRunner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = on_windows(WindowsBroker([]), monkeypatch)
    enter_graph(shown)
    qtbot.keyClick(shown.sign_in.browser, Qt.Key.Key_Space)
    until(qtbot, lambda: heading(shown)() == tr("channels.sign_in.by_windows") and windows.is_open.is_set())
    assert windows.windows == [int(shown.window().winId())]
    qtbot.keyClick(shown.sign_in.cancel, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    assert shown.sign_in.words.text() == tr("error.sign_in.cancelled")
    windows.close_dialogs()
    windows.person = ADDRESS
    qtbot.keyClick(shown.sign_in.browser, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    assert heading(shown)() == f"{ADDRESS} is signed in"
    assert "Windows keeps it" in shown.sign_in.words.text()
    qtbot.keyClick(shown.sign_in.leave, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    assert heading(shown)() == tr("channels.sign_in.nobody")
    assert windows.signed_out == [("app", f"id-of-{ADDRESS}")]


def test_a_page_that_is_set_to_the_browser_opens_it_on_windows_too(
    shown: ChannelPage, browse: list[str], runner: TaskRunner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = on_windows(WindowsBroker([ADDRESS]), monkeypatch)
    enter_graph(shown)
    shown.form.fill({"by_windows": False})
    qtbot.keyClick(shown.sign_in.browser, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    assert (len(browse), windows.asked) == (1, [])


def test_what_the_sign_in_page_refused_is_told(
    shown: ChannelPage, authority: Authority, browse: list[str], runner: TaskRunner, qtbot: QtBot
) -> None:
    authority.refuse("/authorize", "access_denied", "AADSTS90094: An administrator must grant it.")
    enter_graph(shown)
    qtbot.keyClick(shown.sign_in.browser, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    assert heading(shown)() == tr("channels.sign_in.failed")
    assert "Your organisation wants an administrator" in shown.sign_in.words.text()


def test_a_program_that_signs_in_as_itself_needs_nobody(shown: ChannelPage, runner: TaskRunner, qtbot: QtBot) -> None:
    enter_graph(shown)
    shown.form.fill({"app_only": True})
    qtbot.keyClick(shown.sign_in.browser, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    assert "Nobody needs to sign in" in shown.sign_in.words.text()


def test_a_mailbox_on_an_exchange_server_moves_to_microsoft_365(
    shown: ChannelPage, desk: Desk, browse: list[str], runner: TaskRunner, qtbot: QtBot
) -> None:
    settings = {"address": ADDRESS, "server": "mail.contoso.example", "folder": "inbox/Support", "handled": "read"}
    account = accounts.new_account("old", "exchange", ADDRESS, settings)
    desk.secrets.set(channel_secret("old", "password"), "of-the-server")
    accounts.add(desk.database, desk.actor or desk.system, account)
    dialog = shown.window()
    assert isinstance(dialog, ChannelsDialog)
    dialog._wanted = "old"
    dialog.control.look()
    until(qtbot, lambda: isinstance(dialog.page, ChannelPage) and dialog.page.known is not None)
    page = dialog.page
    assert isinstance(page, ChannelPage)
    until(qtbot, lambda: runner.is_idle)
    assert not page.sign_in.isVisible()
    assert not page.left.isVisible()
    qtbot.keyClick(page.to_cloud, Qt.Key.Key_Space)
    entered = page.form.entered()
    assert (entered["address"], entered["folder"], entered["handled"]) == (ADDRESS, "inbox/Support", "read")
    assert "nothing changes before" in page.moving.words
    page.left.tell(is_left=True)
    scrolled = page.settings.parentWidget()
    qtbot.waitUntil(lambda: scrolled.visibleRegion().boundingRect().height() > page.height() * 0.7)
    page.left.tell(is_left=False)
    qtbot.keyClick(page.to_cloud, Qt.Key.Key_Space)
    assert page.form.entered()["server"] == "mail.contoso.example"
    assert page.moving.words == ""
    qtbot.keyClick(page.to_cloud, Qt.Key.Key_Space)
    page.form.fill({"client_id": "app", "tenant": "contoso.example"})
    qtbot.keyClick(page.sign_in.browser, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    qtbot.keyClick(page.store, Qt.Key.Key_Space)
    until(qtbot, lambda: runner.is_idle)
    stored = accounts.named(desk.database, "old")
    assert (stored.id, stored.kind, stored.config["client_id"]) == (account.id, "graph", "app")
    moved = dialog.page
    assert isinstance(moved, ChannelPage)
    until(qtbot, lambda: heading(moved)() == f"{ADDRESS} is signed in")
    assert not moved.to_cloud.isVisible()
    until(qtbot, moved.left.isVisible)
    assert desk.secrets.get(channel_secret("old", "password")) == "of-the-server"
    moved.left.remove.setFocus()
    qtbot.keyClick(moved.left.remove, Qt.Key.Key_Space)
    until(qtbot, lambda: not moved.left.isVisible())
    assert desk.secrets.get(channel_secret("old", "password")) is None


def test_a_keyring_that_lets_nothing_be_removed_is_told_and_it_can_be_tried_again(
    shown: ChannelPage, desk: Desk, runner: TaskRunner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = accounts.new_account("old", "graph", ADDRESS, {"address": ADDRESS, "client_id": "app"})
    accounts.add(desk.database, desk.actor or desk.system, account)
    desk.secrets.set(channel_secret("old", "password"), "of-the-server")
    dialog = shown.window()
    assert isinstance(dialog, ChannelsDialog)
    dialog._wanted = "old"
    dialog.control.look()
    until(qtbot, lambda: isinstance(dialog.page, ChannelPage) and dialog.page.left.isVisible())
    page = dialog.page
    assert isinstance(page, ChannelPage)

    def refuse(*_told: str) -> None:
        raise KeyringLocked("locked")

    monkeypatch.setattr(keyring.get_keyring(), "delete_password", refuse)
    page.left.remove.setFocus()
    qtbot.keyClick(page.left.remove, Qt.Key.Key_Space)
    until(qtbot, lambda: dialog.told.isVisible() and runner.is_idle)
    assert page.left.isVisible()
    assert page.left.remove.isEnabled()


def test_a_mailbox_with_a_password_asks_nobody_to_sign_in(shown: ChannelPage) -> None:
    shown.choose_kind("imap")
    assert not shown.sign_in.isVisible()
