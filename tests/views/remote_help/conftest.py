"""A desk that reaches the loopback host, and scripts by keyboard."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.identifiers import new_id
from app.models.records.runs import Connection
from app.models.records.scripts import Package, Transport
from app.services.desk import Desk
from app.services.remote_help import connections, host_keys, registry
from app.services.secrets import Secrets
from app.views.main_window import MainWindow
from app.views.remote_help.dialog import RunDialog
from app.views.remote_help.part import RemoteHelpPart
from tests.fixtures.sshd import SshHost
from tests.views.conftest import until

CTRL = Qt.KeyboardModifier.ControlModifier
Approve = Callable[[Package], None]


@pytest.fixture
def approve(desk: Desk) -> Approve:
    def approving(package: Package) -> None:
        registry.approve(desk.database, desk.system, registry.add(desk.database, desk.system, package))

    return approving


@pytest.fixture
def host(desk: Desk, ssh_host: SshHost) -> SshHost:
    reached = ("127.0.0.0/8", "localhost", "*.invalid")
    made = Connection(new_id(), "lab", Transport.SSH, "", ssh_host.user, reached, {"port": ssh_host.port})
    connections.save(desk.database, desk.system, made)
    host_keys.pin(desk.database, desk.system, "127.0.0.1", ssh_host.port, ssh_host.host_key)
    desk.secrets = Secrets({"FIRSTLINE_SECRET_REMOTE_LAB_KEY": ssh_host.key, "FIRSTLINE_SECRET_JOURNAL": "a key"})
    return ssh_host


@pytest.fixture
def lab(desk: Desk) -> Connection:
    """A connection that nothing answers at: for what stops before."""
    made = Connection(new_id(), "lab", Transport.SSH, "", "help", ("*.lab.example", "127.0.0.0/8"), {})
    connections.save(desk.database, desk.system, made)
    return made


def opened(window: MainWindow, name: str, qtbot: QtBot) -> RunDialog:
    """By F9 and some letters."""
    part = window.shell.part(RemoteHelpPart)
    until(qtbot, window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F9)
    until(qtbot, lambda: part.chooser is not None and bool(part.chooser.lines))
    chooser = part.chooser
    assert chooser is not None
    qtbot.keyClicks(chooser.line, name)
    qtbot.keyClick(chooser.line, Qt.Key.Key_Return)
    until(qtbot, lambda: part.dialog is not None)
    dialog = part.dialog
    assert dialog is not None
    until(qtbot, dialog.isActiveWindow)
    return dialog


def ran(dialog: RunDialog, qtbot: QtBot) -> None:
    until(qtbot, lambda: dialog.run_ is not None and not dialog.is_running)


def state(dialog: RunDialog, row: int = 0) -> list[str]:
    return dialog.page.results.line(row)
