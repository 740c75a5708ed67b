"""A second person by keyboard: asked, agreeing or refusing; and who asked hears of it and starts just that."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.records.desk import Actor
from app.models.records.runs import Outcome
from app.services import staff
from app.services.desk import Desk
from app.services.remote_help import agreeing, recording
from app.services.remote_help.agreeing import Answer
from app.services.remote_help.preparing import Wanted, prepare
from app.views.main_window import MainWindow
from app.views.remote_help.part import RemoteHelpPart
from app.views.remote_help.requests_dialog import RequestsDialog
from app.views.remote_help.requests_part import RequestsPart
from tests.fixtures.sshd import SshHost
from tests.services.remote_help.conftest import HOST, shell
from tests.views.conftest import until
from tests.views.remote_help.conftest import CTRL, Approve, opened, ran, state

WORD = {"name": "word"}


@pytest.fixture
def aiko(desk: Desk) -> Actor:
    """Somebody else of the desk."""
    return staff.sign_in(desk.database, "aiko.tanaka@firstline.example")


def asked(desk: Desk, who: Actor) -> None:
    wanted = Wanted("a-script", [HOST], {"word": "it's"})
    recording.ask(desk.database, who, prepare(desk.database, who, desk.secrets, wanted))


def page(window: MainWindow, qtbot: QtBot) -> RequestsDialog:
    part = window.shell.part(RequestsPart)
    until(qtbot, lambda: bool(part.requests) and window.isActiveWindow())
    qtbot.keyClick(window, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, lambda: part.dialog is not None)
    dialog = part.dialog
    assert dialog is not None
    until(qtbot, dialog.isActiveWindow)
    return dialog


def test_who_is_asked_hears_of_it_sees_what_would_run_and_agrees(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, aiko: Actor, qtbot: QtBot
) -> None:
    approve(shell(b"echo on\n", WORD, approval=True))
    asked(desk, aiko)
    window.bus.look()
    part = window.shell.part(RequestsPart)
    until(qtbot, part.counted.isVisible)
    assert "Aiko Tanaka asks to run “A script”" in window.layout_.told.words
    dialog = page(window, qtbot)
    assert "it'\"'\"'s" in dialog.preview.toPlainText()
    assert HOST in dialog.preview.toPlainText()
    assert "With word: it's" in dialog.facts.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)  # no slip of the hand agrees
    assert agreeing.requests(desk.database, aiko)[0].answer is Answer.AWAITED
    qtbot.keyClick(dialog.agree, Qt.Key.Key_Space)
    until(qtbot, lambda: part.requests == ())
    assert agreeing.requests(desk.database, aiko)[0].answer is Answer.AGREED
    assert not part.counted.isVisible()


def test_who_refuses_says_why(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, aiko: Actor, qtbot: QtBot
) -> None:
    approve(shell(b"echo on\n", WORD, approval=True))
    asked(desk, aiko)
    window.bus.look()
    dialog, part = page(window, qtbot), window.shell.part(RequestsPart)
    qtbot.keyClick(dialog.refuse, Qt.Key.Key_Space)
    assert part.reason is not None
    until(qtbot, part.reason.isActiveWindow)
    qtbot.keyClicks(part.reason.words, "Not before the backup.")
    qtbot.keyClick(part.reason.words, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: part.requests == ())
    [request] = agreeing.requests(desk.database, aiko)
    assert (request.answer, request.run.refusal) == (Answer.REFUSED, "Not before the backup.")


def test_who_asked_waits_hears_the_answer_and_starts_just_that(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, aiko: Actor, qtbot: QtBot
) -> None:
    approve(shell(b'echo "did $1"\n', WORD, approval=True))
    dialog = opened(window, "A script", qtbot)
    qtbot.keyClicks(dialog.form.hosts.text, HOST)
    qtbot.keyClicks(dialog.form.entries["word"], "this")
    dialog.run()
    until(qtbot, lambda: dialog.told.words.startswith("A second person is asked now."))
    dialog.close()
    [request] = agreeing.requests(desk.database, aiko)
    agreeing.agree(desk.database, aiko, request.run.id)
    window.bus.look()
    until(qtbot, lambda: "Aiko Tanaka agreed to “A script”" in window.layout_.told.words)
    waiting = page(window, qtbot)
    qtbot.keyClick(waiting, Qt.Key.Key_Return, CTRL)
    part = window.shell.part(RemoteHelpPart)
    until(qtbot, lambda: part.dialog is not None)
    assert part.dialog is not None
    assert not part.dialog.form.entries["word"].isEnabled()
    part.dialog.run()
    ran(part.dialog, qtbot)
    assert state(part.dialog)[1] == "succeeded"
    [run] = recording.runs(desk.database)
    assert (run.id, run.outcome, run.second) == (request.run.id, Outcome.SUCCEEDED, "Aiko Tanaka")
