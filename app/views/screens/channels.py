"""Pictures of the channels' dialog."""

from PySide6.QtWidgets import QWidget

from app.models.records.desk import Role
from app.services import accounts
from app.services.mailbox_discovery import Evidence, Found, Proposal
from app.services.sign_in import DeviceCode, SignedIn
from app.views.channels.dialog import ChannelsDialog
from app.views.channels.page import ChannelPage
from app.views.channels.part import ChannelsPart
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle

ADDRESS, TENANT = "support@firstline.example", "8f9c2a1e-41c7-4b0e-9f55-5d3c2b1a0f9e"


def _channels(window: MainWindow) -> QWidget:
    """A channel that was just tested."""
    dialog = window.shell.part(ChannelsPart).open()
    settle(window)
    if isinstance(dialog.page, ChannelPage):
        dialog.page.test.click()
    return dialog


def _new_channel(window: MainWindow) -> QWidget:
    """A mailbox that does not let the desk in."""
    dialog = window.shell.part(ChannelsPart).open()
    settle(window)
    dialog.new.click()
    if isinstance(dialog.page, ChannelPage):
        dialog.page.choose_kind("imap")
        dialog.page.naming.fill({"name": "support"})
        dialog.page.form.fill({"address": "support@firstline.example", "host": "localhost", "port": 1})
        dialog.page.test.click()
    return dialog


def _found(window: MainWindow) -> QWidget:
    """A mailbox whose place was found out, with somebody signed in for it."""
    dialog = window.shell.part(ChannelsPart).open()
    settle(window)
    dialog.new.click()
    if isinstance(dialog.page, ChannelPage):
        proposal = Proposal("graph", {"address": ADDRESS, "tenant": TENANT}, "microsoft", is_sure=True)
        hosts = {"domain": "firstline.example", "hosts": "firstline-example.mail.protection.outlook.com"}
        tenant = {"domain": "firstline.example", "tenant": TENANT}
        seen = (Evidence("mail_hosts", hosts), Evidence("tenant", tenant))
        dialog.page.finder.address.setText(ADDRESS)
        dialog.page.finder.found(Found(ADDRESS, proposal, seen))
        dialog.page.take(proposal)
    return dialog


def _signing_in(window: MainWindow) -> QWidget:
    """A code is to be entered on another device."""
    dialog = _found(window)
    if isinstance(dialog, ChannelsDialog) and isinstance(dialog.page, ChannelPage):
        dialog.page.finder.findings.clear()
        dialog.page.sign_in.with_code(DeviceCode("QX7K-MWRP", "https://microsoft.com/devicelogin", 900, 5, {}))
    return dialog


def _signed_in(window: MainWindow) -> QWidget:
    dialog = _found(window)
    if isinstance(dialog, ChannelsDialog) and isinstance(dialog.page, ChannelPage):
        dialog.page.finder.findings.clear()
        dialog.page.sign_in.signed_in(SignedIn("sam.okafor@firstline.example", window.shell.desk.clock.now()))
    return dialog


def _moving(window: MainWindow) -> QWidget:
    """A mailbox on an Exchange server is about to move to the cloud."""
    desk = window.shell.desk
    settings = {"address": ADDRESS, "server": "exchange.firstline.example", "folder": "inbox/Support"}
    account = accounts.new_account("exchange", "exchange", ADDRESS, settings, active=False)
    accounts.add(desk.database, desk.system, account)
    dialog = window.shell.part(ChannelsPart).open()
    settle(window)
    dialog.list.setCurrentRow(0)
    if isinstance(dialog.page, ChannelPage):
        dialog.page.move_to("graph")
    return dialog


def _left(window: MainWindow) -> QWidget:
    """A mailbox that moved, whose old password is still kept."""
    desk = window.shell.desk
    settings = {"address": ADDRESS, "client_id": TENANT}
    if "cloud" not in {each.name for each in accounts.listed(desk.database)}:  # both pictures are of one desk
        account = accounts.new_account("cloud", "graph", ADDRESS, settings, active=False)
        accounts.add(desk.database, desk.system, account)
    dialog = window.shell.part(ChannelsPart).open()
    settle(window)
    dialog.list.setCurrentRow(0)
    settle(window)
    if isinstance(dialog.page, ChannelPage):
        dialog.page.left.tell(is_left=True)
    return dialog


SCREENS = (
    Screen("channels-light", _channels, role=Role.ADMINISTRATOR),
    Screen("channels-dark", _channels, "dark", role=Role.ADMINISTRATOR),
    Screen("channel-new", _new_channel, role=Role.ADMINISTRATOR),
    Screen("channel-found", _found, role=Role.ADMINISTRATOR),
    Screen("channel-found-dark", _found, "dark", role=Role.ADMINISTRATOR),
    Screen("channel-sign-in-code", _signing_in, role=Role.ADMINISTRATOR),
    Screen("channel-signed-in-dark", _signed_in, "dark", role=Role.ADMINISTRATOR),
    Screen("channel-sign-in-german", _signing_in, role=Role.ADMINISTRATOR, language="de"),
    Screen("channel-moving", _moving, role=Role.ADMINISTRATOR),
    Screen("channel-left", _left, role=Role.ADMINISTRATOR),
    Screen("channel-left-german", _left, "dark", role=Role.ADMINISTRATOR, language="de"),
    Screen("channels-german", _channels, language="de"),
)
