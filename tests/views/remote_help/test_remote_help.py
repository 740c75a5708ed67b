"""A script by keyboard: chosen, filled in, run on a real host, stopped; its evidence on the ticket."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.models.identifiers import new_id
from app.models.records.runs import Connection, Line, Outcome, Stream
from app.models.records.scripts import Package, Transport
from app.services.desk import Desk
from app.services.remote_help import connections, recording, registry
from app.services.remote_help.library import built_in
from app.services.secrets import Secrets
from app.views.kit.picker import Picker
from app.views.main_window import MainWindow
from app.views.remote_help.dialog import RunDialog
from app.views.remote_help.output_view import MOST, OutputView
from app.views.remote_help.part import RemoteHelpPart
from tests.fixtures.sshd import SshHost
from tests.services.remote_help.conftest import HOST, shell
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
    made = Connection(new_id(), "lab", Transport.SSH, "", ssh_host.user, (HOST,), {"port": ssh_host.port})
    connections.save(desk.database, desk.system, made)
    connections.pin(desk.database, desk.system, HOST, ssh_host.port, ssh_host.host_key)
    desk.secrets = Secrets({"FIRSTLINE_SECRET_REMOTE_LAB_KEY": ssh_host.key, "FIRSTLINE_SECRET_JOURNAL": "a key"})
    return ssh_host


def opened(window: MainWindow, name: str, qtbot: QtBot) -> RunDialog:
    """By F9 and some letters."""
    qtbot.keyClick(window, Qt.Key.Key_F9)
    picker = window.findChild(Picker)
    assert picker is not None
    until(qtbot, lambda: window.is_idle)
    qtbot.keyClicks(picker.line, name)
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    part = window.shell.part(RemoteHelpPart)
    until(qtbot, lambda: part.dialog is not None)
    dialog = part.dialog
    assert dialog is not None
    until(qtbot, dialog.isActiveWindow)
    return dialog


def ran(dialog: RunDialog, qtbot: QtBot) -> None:
    until(qtbot, lambda: bool(dialog.results.topLevelItemCount()))


def test_a_script_is_chosen_run_and_told_on_the_ticket(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, qtbot: QtBot
) -> None:
    approve(shell(b'echo "looked at $1"\n', {"name": "word", "required": True}))
    ticket = window.ticket.ticket_id
    assert ticket is not None
    dialog = opened(window, "A script", qtbot)
    until(qtbot, lambda: dialog.form.problem("word") == "word: a value is needed.")
    assert not dialog.run_.isEnabled()
    qtbot.keyClicks(dialog.form.targets_, HOST)
    word = dialog.form.entries["word"]
    assert isinstance(word, QLineEdit)
    qtbot.keyClicks(word, "it's $(id)")
    until(qtbot, dialog.run_.isEnabled)
    assert dialog.preview.text() == f"ssh {host.user}@{HOST}:{host.port}  script.sh 'it'\"'\"'s $(id)'"
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    ran(dialog, qtbot)
    assert "looked at it's $(id)" in dialog.output.toPlainText()
    assert dialog.results.topLevelItem(0).text(1) == "succeeded"
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
    qtbot.keyClicks(dialog.form.targets_, HOST)
    until(qtbot, dialog.run_.isEnabled)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: "on" in dialog.output.toPlainText())
    qtbot.keyClick(dialog, Qt.Key.Key_Period, CTRL)
    ran(dialog, qtbot)
    assert dialog.results.topLevelItem(0).text(1) == "was cancelled"
    assert host.processes("firstline-window-stop") == []


def test_what_changes_something_is_asked_about_first(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, qtbot: QtBot
) -> None:
    words = {"name": "A script", "description": "Does what a test asks.", "changes": "All.", "undo": "No."}
    text = {"en": {**words, "confirm": "Restart {word} on {target}?"}}
    approve(shell(b"echo done\n", {"name": "word"}, risk="disrupt", text=text))
    dialog = opened(window, "A script", qtbot)
    qtbot.keyClicks(dialog.form.targets_, HOST)
    word = dialog.form.entries["word"]
    qtbot.keyClicks(word, "nginx")
    until(qtbot, dialog.run_.isEnabled)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    assert dialog.told.words == f"Restart nginx on {HOST}?"
    assert dialog.middle.currentIndex() == 0
    assert recording.runs(desk.database) == []
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)
    ran(dialog, qtbot)
    assert "done" in dialog.output.toPlainText()


def test_an_unknown_host_is_asked_about_and_trusted(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, qtbot: QtBot
) -> None:
    from sqlalchemy import delete

    from app.models.tables import HostKey

    approve(shell(b"echo on\n"))
    with desk.database.write(desk.system) as work:
        work.session.execute(delete(HostKey))
    dialog = opened(window, "A script", qtbot)
    qtbot.keyClicks(dialog.form.targets_, HOST)
    until(qtbot, dialog.run_.isEnabled)
    dialog.run()
    ran(dialog, qtbot)
    assert "SHA256:" in dialog.told.words
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)
    until(qtbot, lambda: "on" in dialog.output.toPlainText())
    ran(dialog, qtbot)
    assert dialog.results.topLevelItem(0).text(1) == "succeeded"


def test_a_closed_dialog_ends_what_it_ran(
    window: MainWindow, desk: Desk, host: SshHost, approve: Approve, qtbot: QtBot
) -> None:
    approve(shell(b"export MARK=firstline-window-closed\necho on\nsleep 60\n"))
    dialog = opened(window, "A script", qtbot)
    qtbot.keyClicks(dialog.form.targets_, HOST)
    until(qtbot, dialog.run_.isEnabled)
    dialog.run()
    until(qtbot, lambda: "on" in dialog.output.toPlainText())
    dialog.close()
    until(qtbot, lambda: recording.runs(desk.database)[0].outcome is Outcome.CANCELLED)
    assert host.processes("firstline-window-closed") == []


def test_what_fits_the_ticket_comes_first_with_the_reason(
    window: MainWindow, desk: Desk, approve: Approve, qtbot: QtBot
) -> None:
    for each in built_in().values():
        approve(each)
    subject = window.ticket.ticket.row.subject if window.ticket.ticket is not None else ""
    word = max(subject.split(), key=len).strip(".,:").lower()
    approve(shell(b"true\n", key="z-last", proposed={"words": {"en": [word]}}))
    picker = window.shell.part(RemoteHelpPart).choose()
    until(qtbot, lambda: window.is_idle)
    first = picker.list.model().index(0, 0)
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    until(qtbot, lambda: window.shell.part(RemoteHelpPart).dialog is not None)
    dialog = window.shell.part(RemoteHelpPart).dialog
    assert first is not None
    assert dialog is not None
    assert dialog.manifest.id == "z-last"


def test_only_what_was_approved_is_offered(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    registry.add(desk.database, desk.system, shell(b"true\n"))
    picker = window.shell.part(RemoteHelpPart).choose()
    until(qtbot, lambda: window.is_idle)
    qtbot.keyClicks(picker.line, "A script")
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    assert window.shell.part(RemoteHelpPart).dialog is None
    picker.close()


def test_a_million_lines_are_taken_in_without_holding_up_the_window(qtbot: QtBot) -> None:
    view = OutputView()
    qtbot.addWidget(view)
    view.begin(several=False)
    for number in range(100_000):
        view.say(HOST, Line(Stream.OUT, str(number)))
    view.end()
    assert view.blockCount() <= MOST
    assert view.toPlainText().endswith("99999")
