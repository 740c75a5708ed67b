"""The main job through the window, by keyboard: a real mail arrives, is answered, and the customer's reply joins."""

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.clock import SystemClock
from app.models.records.desk import Role
from app.models.records.tickets import Delivery
from app.services import accounts, staff
from app.services.database import Database, open_database
from app.services.desk import Desk
from app.services.secrets import Secrets
from app.services.settings import Profile, Settings
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import eml
from tests.peers.mail_server import MailServer

DESK, CUSTOMER = "support@desk.example", "anna@acme.example"
SOON = 30_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with MailServer(tmp_path) as running:
        yield running


@pytest.fixture
def desk(database: Database, engine_url: str, server: MailServer, tmp_path: Path) -> Iterator[Desk]:
    """A desk with one IMAP mailbox and Lena at it; its clock is the real one."""
    accounts.add(database, SYSTEM, accounts.new_account("support", "imap", DESK, server.settings(DESK)))
    staff.add_agent(database, SYSTEM, "Lena Vogt", "lena@desk.example", Role.AGENT)
    clock = SystemClock()
    opened = open_database(engine_url, clock)
    secrets = Secrets({"FIRSTLINE_SECRET_CHANNEL_SUPPORT_PASSWORD": server.password, "FIRSTLINE_SECRET_JOURNAL": "x"})
    settings = Settings(poll_seconds=1, undo_send_seconds=2)
    yield Desk(Profile(tmp_path / "profile"), settings, clock, opened, secrets, staff.sign_in(opened, None))
    opened.close()


@pytest.fixture
def window(desk: Desk, qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    """The desk's window with its worker, as `run_desk` has them."""
    bugs: list[Exception] = []
    runner, worker = TaskRunner(bugs.append), desk.worker()
    shown = MainWindow(desk, runner, Appearance(qapp, "light"))
    qtbot.addWidget(shown)
    shown.writing.changed.connect(worker.wake)
    shown.show()
    shown.start()
    worker.start()
    yield shown
    shown.close()
    runner.close()
    worker.stop()
    assert bugs == []


def test_a_mail_is_answered_by_keyboard_and_the_reply_joins(
    window: MainWindow, server: MailServer, qtbot: QtBot
) -> None:
    server.deliver(eml("VPN is slow", "It is slow since Monday.", mail_id="first@acme.example"), DESK)
    qtbot.waitUntil(lambda: window.ticket.ticket is not None, timeout=SOON)  # without a click
    assert window.layout_.title.text() == "VPN is slow"

    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    composer = window.layout_.composer
    qtbot.waitUntil(lambda: composer.isVisible() and composer.to.text() != "", timeout=SOON)
    qtbot.keyClicks(composer.text, "Please try ")
    qtbot.keyClick(composer.text, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(composer.text, "agian")
    qtbot.keyClick(composer.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not composer.isVisible(), timeout=SOON)

    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # it was misspelt
    qtbot.waitUntil(composer.isVisible, timeout=SOON)
    for _ in range(4):
        qtbot.keyClick(composer.text, Qt.Key.Key_Backspace)
    qtbot.keyClicks(composer.text, "gain")
    qtbot.keyClick(composer.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: len(server.messages(CUSTOMER)) == 1, timeout=SOON)
    (raw,) = server.messages(CUSTOMER)
    arrived = message_from_bytes(raw, policy=default)
    assert arrived["In-Reply-To"] == "<first@acme.example>"
    plain, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().startswith("Please try again")
    assert html.get_content().startswith("<p>Please try <b>again</b></p>")

    reply_to = str(arrived["Message-ID"]).strip("<>")
    server.deliver(eml("Re: VPN is slow", "Still slow.", mail_id="second@acme.example", answers=reply_to), DESK)

    def joined() -> bool:
        ticket = window.ticket.ticket
        return ticket is not None and len(ticket.messages) == 3 and ticket.messages[1].delivery is Delivery.SENT

    qtbot.waitUntil(joined, timeout=SOON)
    assert window.ticket.ticket is not None
    assert window.ticket.ticket.messages[2].text.strip() == "Still slow."
    assert window.ticket.ticket.row.assignee == "Lena Vogt"
    assert len(server.messages(CUSTOMER)) == 1
