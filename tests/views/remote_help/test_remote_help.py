"""A script by keyboard: chosen, filled in, run on a real host, stopped; its evidence on the ticket."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.models.records.runs import Outcome
from app.services.desk import Desk
from app.services.remote_help import host_keys, recording
from app.views.main_window import MainWindow
from app.views.remote_help.part import RemoteHelpPart
from tests.fixtures.sshd import SshHost
from tests.services.remote_help.conftest import HOST, shell
from tests.views.conftest import until
from tests.views.remote_help.conftest import CTRL, Approve, opened, ran, state


def test_a_script_is_chosen_run_and_told_on_the_ticket(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, qtbot: QtBot
) -> None:
    approve(shell(b'echo "looked at $1"\n', {"name": "word", "required": True}))
    ticket = window.ticket.ticket_id
    assert ticket is not None
    dialog = opened(window, "A script", qtbot)
    assert dialog.form.problem("word") == ""  # nobody was there yet
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    assert dialog.form.problem("word") == "word: a value is needed."
    assert recording.runs(desk.database) == []
    qtbot.keyClicks(dialog.form.hosts.text, HOST)
    word = dialog.form.entries["word"]
    assert isinstance(word, QLineEdit)
    qtbot.keyClicks(word, "it's $(id)")
    preview = dialog.layout_.preview
    until(qtbot, lambda: "ssh" in preview.toPlainText())
    assert preview.toPlainText() == f"ssh {host.user}@{HOST}:{host.port}  script.sh 'it'\"'\"'s $(id)'"
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    ran(dialog, qtbot)
    assert "looked at it's $(id)" in dialog.page.output.toPlainText()
    assert state(dialog)[:3] == [HOST, "succeeded", "0"]
    [run] = recording.runs(desk.database, ticket)
    assert (run.outcome, run.agent) == (Outcome.SUCCEEDED, "Sam Okafor")
    until(qtbot, lambda: any("looked at it's $(id)" in each.text for each in _messages(window)))
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert word.text() == "it's $(id)"
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.shell.part(RemoteHelpPart).dialog is None


def _messages(window: MainWindow) -> tuple[object, ...]:
    ticket = window.ticket.ticket
    return ticket.messages if ticket is not None else ()


def test_a_run_is_stopped_by_a_key_and_leaves_nothing_behind(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, qtbot: QtBot
) -> None:
    approve(shell(b"export MARK=firstline-window-stop\necho on\nsleep 60\n"))
    dialog = opened(window, "A script", qtbot)
    qtbot.keyClicks(dialog.form.hosts.text, HOST)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: "on" in dialog.page.output.toPlainText())
    qtbot.keyClick(dialog, Qt.Key.Key_Period, CTRL)
    ran(dialog, qtbot)
    assert state(dialog)[1] == "was cancelled"
    assert host.processes("firstline-window-stop") == []


def test_what_changes_something_is_asked_about_first(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, qtbot: QtBot
) -> None:
    words = {"name": "A script", "description": "Does what a test asks.", "changes": "All.", "undo": "No."}
    text = {"en": {**words, "confirm": "Restart {word} on {target}?"}}
    approve(shell(b"echo done\n", {"name": "word"}, risk="disrupt", text=text))
    dialog = opened(window, "A script", qtbot)
    assert dialog.layout_.risk.words.text() == "Interrupts work"
    qtbot.keyClicks(dialog.form.hosts.text, HOST)
    qtbot.keyClicks(dialog.form.entries["word"], "nginx")
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    assert dialog.told.words == f"Restart nginx on {HOST}?"
    assert recording.runs(desk.database) == []
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)
    ran(dialog, qtbot)
    assert "done" in dialog.page.output.toPlainText()


def test_an_unknown_host_is_asked_about_and_trusted(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, qtbot: QtBot
) -> None:
    from sqlalchemy import delete

    from app.models.tables import HostKey

    approve(shell(b"echo on\n"))
    with desk.database.write(desk.system) as work:
        work.session.execute(delete(HostKey))
    dialog = opened(window, "A script", qtbot)
    qtbot.keyClicks(dialog.form.hosts.text, HOST)
    dialog.run()
    ran(dialog, qtbot)
    assert "SHA256:" in dialog.told.words
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)
    until(qtbot, lambda: "on" in dialog.page.output.toPlainText())
    ran(dialog, qtbot)
    assert state(dialog)[1] == "succeeded"


def test_a_dialog_is_put_aside_while_the_desk_is_used_and_brought_back(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, qtbot: QtBot
) -> None:
    approve(shell(b"export MARK=firstline-window-aside\necho on\nsleep 60\n"))
    dialog = opened(window, "A script", qtbot)
    qtbot.keyClicks(dialog.form.hosts.text, HOST)
    dialog.run()
    until(qtbot, lambda: "on" in dialog.page.output.toPlainText())
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    open_runs = window.shell.part(RemoteHelpPart).open_runs
    assert dialog.isHidden()
    assert open_runs.strip.words.text() == "1 running: A script."
    first = window.ticket.ticket_id
    window.commands.run("next")
    until(qtbot, lambda: window.ticket.ticket_id != first)
    until(qtbot, window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F9, Qt.KeyboardModifier.AltModifier)
    until(qtbot, dialog.isActiveWindow)
    assert open_runs.strip.isHidden()
    qtbot.keyClick(dialog, Qt.Key.Key_Period, CTRL)
    ran(dialog, qtbot)
    assert host.processes("firstline-window-aside") == []


def test_who_closes_the_window_is_asked_and_what_was_stopped_is_written_down(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, qtbot: QtBot
) -> None:
    approve(shell(b"export MARK=firstline-window-closed\necho on\nsleep 60\n"))
    dialog = opened(window, "A script", qtbot)
    qtbot.keyClicks(dialog.form.hosts.text, HOST)
    dialog.run()
    until(qtbot, lambda: "on" in dialog.page.output.toPlainText())
    window.close()
    assert window.isVisible()
    open_runs = window.shell.part(RemoteHelpPart).open_runs
    assert open_runs.question is not None
    qtbot.keyClick(open_runs.question, Qt.Key.Key_Escape)
    until(qtbot, lambda: open_runs.question is None)
    assert dialog.is_running
    window.close()
    leave = next(each for each in open_runs.question.buttons() if each.text() == "Stop and close")
    qtbot.keyClick(leave, Qt.Key.Key_Space)
    until(qtbot, lambda: not window.isVisible())
    assert recording.runs(desk.database)[0].outcome is Outcome.CANCELLED
    assert host.processes("firstline-window-closed") == []


def test_several_hosts_run_side_by_side_each_with_its_own_output(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, qtbot: QtBot
) -> None:
    host_keys.pin(desk.database, desk.system, "localhost", host.port, host.host_key)
    approve(shell(b'echo "this is $1"\n', {"name": "word"}))
    dialog = opened(window, "A script", qtbot)
    QApplication.clipboard().setText("127.0.0.1, nowhere.invalid\nLocalhost")
    dialog.form.hosts.text.paste()
    assert dialog.form.hosts.hosts == ["127.0.0.1", "nowhere.invalid", "Localhost"]
    qtbot.keyClicks(dialog.form.entries["word"], "it")
    dialog.run()
    ran(dialog, qtbot)
    told = [state(dialog, row) for row in range(3)]
    assert [each[:2] for each in told] == [
        ["127.0.0.1", "succeeded"],
        ["nowhere.invalid", "failed"],
        ["localhost", "succeeded"],
    ]
    assert told[0][4] == "this is it"
    assert "no host named nowhere.invalid" in told[1][4]
    assert dialog.told.words.startswith("It succeeded on 2 of 3 hosts.")
    results, output = dialog.page.results, dialog.page.output
    results.setFocus()
    qtbot.keyClick(results, Qt.Key.Key_Down)
    qtbot.keyClick(results, Qt.Key.Key_Up)
    until(qtbot, lambda: results.current == "127.0.0.1")
    assert output.toPlainText() == "this is it"
    qtbot.mouseClick(dialog.page.all, Qt.MouseButton.LeftButton)
    assert sorted(output.toPlainText().split("\n")) == ["127.0.0.1  this is it", "localhost  this is it"]


@pytest.mark.parametrize("again", ["history", "form"])
def test_a_run_is_run_once_more_with_the_same_values(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, qtbot: QtBot, again: str
) -> None:
    approve(shell(b'echo "looked at $1"\n', {"name": "word"}))
    dialog = opened(window, "A script", qtbot)
    qtbot.keyClicks(dialog.form.hosts.text, HOST)
    qtbot.keyClicks(dialog.form.entries["word"], "this")
    dialog.run()
    ran(dialog, qtbot)
    part = window.shell.part(RemoteHelpPart)
    if again == "form":
        qtbot.mouseClick(dialog.layout_.back, Qt.MouseButton.LeftButton)
    else:
        dialog.close()
        until(qtbot, lambda: window.is_idle and part.dialog is None)
        qtbot.keyClick(window, Qt.Key.Key_F9, CTRL)
        until(qtbot, lambda: part.history is not None)
        assert part.history is not None
        assert "With word: this" in part.history.facts.text()
        assert "looked at this" in part.history.output.toPlainText()
        qtbot.keyClick(part.history.list, Qt.Key.Key_Return)
        until(qtbot, lambda: part.dialog is not None)
        assert part.dialog is not None
        dialog = part.dialog
    assert dialog.form.filled().given == {"word": "this"}
    assert dialog.form.hosts.hosts == [HOST]
    dialog.run()
    until(qtbot, lambda: len(recording.runs(desk.database)) == 2)
    ran(dialog, qtbot)
