"""Pictures of the channels' dialog."""

from PySide6.QtWidgets import QWidget

from app.models.records.desk import Role
from app.views.channels.page import ChannelPage
from app.views.channels.part import ChannelsPart
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle


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


SCREENS = (
    Screen("channels-light", _channels, role=Role.ADMINISTRATOR),
    Screen("channels-dark", _channels, "dark", role=Role.ADMINISTRATOR),
    Screen("channel-new", _new_channel, role=Role.ADMINISTRATOR),
    Screen("channels-german", _channels, language="de"),
)
