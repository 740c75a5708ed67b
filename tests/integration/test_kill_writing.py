"""A desk killed in the middle of an answer: opened again, the text is there with its formatting, picture and file."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.clock import SystemClock
from app.models.records.desk import Role
from app.services import staff
from app.services.database import open_database, upgrade
from app.services.desk import Desk
from app.services.mail.html.rich import write_rich
from app.services.secrets import Secrets
from app.services.settings import Profile, Settings
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from tests.fixtures.channels import no_credentials
from tests.fixtures.databases import SYSTEM
from tests.views.conftest import settle_files

SOON = 20_000
WRITES = textwrap.dedent(
    """
    import sys
    from pathlib import Path

    import app.views
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtGui import QColor, QImage
    from PySide6.QtTest import QTest

    from app.models.clock import SystemClock
    from app.services import staff
    from app.services.database import open_database
    from app.services.desk import Desk
    from app.services.drafts import Drafts
    from app.services.secrets import Secrets
    from app.services.settings import Profile, Settings
    from app.views.kit.application import application
    from app.views.kit.appearance import Appearance
    from app.views.kit.task_runner import TaskRunner
    from app.views.main_window import MainWindow
    from app.views.writing.answering import Form

    url, folder, file = sys.argv[1:4]
    running, clock = application(), SystemClock()
    database = open_database(url, clock)
    secrets = Secrets({"FIRSTLINE_SECRET_JOURNAL": "a key"})
    desk = Desk(Profile(Path(folder)), Settings(), clock, database, secrets, staff.sign_in(database, None))
    window = MainWindow(desk, TaskRunner(lambda bug: print("BUG", bug, flush=True)), Appearance(running, "light"))
    window.show()
    window.start()

    def begin():
        if window.ticket.ticket is None or not window.isActiveWindow():
            QTimer.singleShot(50, begin)
            return
        window.writing.open(Form.ANSWER)
        write()

    def write():
        composer = window.layout_.composer
        if not composer.text.hasFocus():
            QTimer.singleShot(50, write)
            return
        QTest.keyClicks(composer.text, "Precious ")
        embolden()

    def embolden():
        # a key that comes while another window is active does nothing: go on once the words are bold
        composer = window.layout_.composer
        if window.isActiveWindow() and composer.text.hasFocus():
            QTest.keyClick(composer.text, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        if not composer.text.has("bold"):
            QTimer.singleShot(50, embolden)
            return
        QTest.keyClicks(composer.text, "words")
        composer.add_files([file])
        picture = QImage(8, 8, QImage.Format.Format_RGB32)
        picture.fill(QColor("green"))
        composer.picture_given.emit(picture)
        look()

    def look():
        kept = Drafts(desk.profile.drafts, desk.journal).unfinished()
        if kept and any("cid:" in str(each) for each in kept[0]):
            print("kept", flush=True)
        QTimer.singleShot(50, look)

    QTimer.singleShot(0, begin)
    running.exec()
    """
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A desk with one ticket and one person."""
    from app.services import accounts
    from app.services.work.rounds import ChannelRounds
    from tests.fixtures.rounds import eml

    address, inbox = f"sqlite:///{tmp_path / 'desk.db'}", tmp_path / "in"
    inbox.mkdir()
    (inbox / "1.eml").write_bytes(eml(mail_id="a@acme.example"))
    settle_files(inbox)
    database = open_database(address, SystemClock())
    upgrade(database)
    staff.add_agent(database, SYSTEM, "Lena Vogt", "lena@desk.example", Role.AGENT)
    accounts.add(database, SYSTEM, accounts.new_account("in", "folder", "support@desk.example", {"path": str(inbox)}))
    ChannelRounds(database, SYSTEM, "desk", no_credentials, 10**6).run(accounts.named(database, "in"))
    database.close()
    return address


def write_and_be_killed(url: str, profile: Path, file: Path) -> None:
    command = [sys.executable, "-c", WRITES, url, str(profile), str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as writing:
        assert writing.stdout is not None
        assert writing.stdout.readline() == "kept\n"
        writing.send_signal(signal.SIGKILL)
        assert writing.wait() == -signal.SIGKILL


def test_what_was_written_is_back_after_a_kill(url: str, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    file = tmp_path / "log.txt"
    file.write_text("a log", encoding="utf-8")
    write_and_be_killed(url, tmp_path / "profile", file)

    clock = SystemClock()
    database = open_database(url, clock)
    desk = Desk(
        Profile(tmp_path / "profile"),
        Settings(),
        clock,
        database,
        Secrets({"FIRSTLINE_SECRET_JOURNAL": "a key"}),
        staff.sign_in(database, None),
    )
    bugs: list[Exception] = []
    runner = TaskRunner(bugs.append)
    window = MainWindow(desk, runner, Appearance(qapp, "light"))
    qtbot.addWidget(window)
    window.show()
    window.start()
    composer = window.layout_.composer
    qtbot.waitUntil(composer.isVisible, timeout=SOON)
    html = write_rich(composer.text.paragraphs())
    assert html.startswith('<p>Precious <b>words</b><img src="cid:')
    assert composer.draft().attachments == (str(file),)
    (name,) = composer.draft().pictures
    assert set(composer.text.pictures([name])) == {name}
    assert "anna@acme.example" in composer.to.text()
    window.close()
    runner.close()
    database.close()
    assert bugs == []
