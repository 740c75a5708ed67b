"""Choosing a script by keyboard: proposed with the reason, on shelves, or found by a word; from the palette too."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.records.runs import Connection
from app.services.desk import Desk
from app.services.remote_help import registry
from app.views.kit.picker import Picker
from app.views.main_window import MainWindow
from app.views.remote_help.chooser import ScriptChooser
from app.views.remote_help.part import RemoteHelpPart
from tests.services.remote_help.conftest import shell
from tests.views.conftest import until
from tests.views.remote_help.conftest import CTRL, Approve

WORDS = {"description": "Does what a test asks.", "changes": "Nothing.", "undo": "Nothing."}


def named(name: str) -> dict[str, dict[str, str]]:
    return {"en": {"name": name, **WORDS}}


def chosen(window: MainWindow, qtbot: QtBot) -> ScriptChooser:
    part = window.shell.part(RemoteHelpPart)
    until(qtbot, window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F9)
    until(qtbot, lambda: part.chooser is not None and window.is_idle)
    assert part.chooser is not None
    return part.chooser


def subject_word(window: MainWindow) -> str:
    subject = window.ticket.ticket.row.subject if window.ticket.ticket is not None else ""
    return max(subject.split(), key=len).strip(".,:").lower()


def test_what_fits_the_ticket_comes_first_with_the_reason_and_is_a_click_away(
    window: MainWindow, lab: Connection, approve: Approve, qtbot: QtBot
) -> None:
    word = subject_word(window)
    approve(shell(b"true\n", key="a-first", text=named("The first")))
    approve(shell(b"true\n", key="z-fits", text=named("The fitting"), proposed={"words": {"en": [word]}}))
    chooser = chosen(window, qtbot)
    assert [each.name for each in chooser.lines] == ["The fitting"]  # the shelf of what is proposed
    assert chooser.lines[0].detail.lower().startswith(f"for “{word}”")
    assert chooser.lines[0].risk == "Only reads"
    qtbot.keyClick(chooser.line, Qt.Key.Key_Down, CTRL)
    assert [each.name for each in chooser.lines] == ["The fitting", "The first"]
    qtbot.keyClick(chooser.line, Qt.Key.Key_Escape)
    part = window.shell.part(RemoteHelpPart)
    window.ticket.reload()
    until(qtbot, lambda: bool(part.row.buttons) and window.is_idle)
    [button] = part.row.buttons
    assert "Only reads" in button.accessibleName()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    until(qtbot, lambda: part.dialog is not None)
    assert part.dialog is not None
    assert part.dialog.manifest.id == "z-fits"
    assert word in part.dialog.layout_.why.text().lower()


def test_a_shelf_holds_its_category_and_typing_looks_on_all(
    window: MainWindow, lab: Connection, approve: Approve, qtbot: QtBot
) -> None:
    approve(shell(b"true\n", key="one", text=named("Spooler"), category="printing"))
    approve(shell(b"true\n", key="two", text=named("Trace"), category="network"))
    chooser = chosen(window, qtbot)
    qtbot.keyClick(chooser.line, Qt.Key.Key_Down, CTRL)
    assert [each.name for each in chooser.lines] == ["Spooler"]
    qtbot.keyClicks(chooser.line, "trac")
    assert [each.name for each in chooser.lines] == ["Trace"]
    qtbot.keyClicks(chooser.line, "xyz")
    assert chooser.lines == []
    assert chooser.state.words.startswith("No script fits")


def test_a_script_is_found_by_other_words_for_what_it_does(
    window: MainWindow, lab: Connection, approve: Approve, qtbot: QtBot
) -> None:
    approve(shell(b"true\n", key="reset", text=named("Reset"), proposed={"words": {"en": ["watchword"]}}))
    approve(shell(b"true\n", key="other", text=named("Trace")))
    chooser = chosen(window, qtbot)
    qtbot.keyClicks(chooser.line, "watchw")
    assert [each.name for each in chooser.lines] == ["Reset"]


def test_what_may_not_be_run_is_shown_with_why_and_is_not_opened(
    window: MainWindow, desk: Desk, approve: Approve, qtbot: QtBot
) -> None:
    approve(shell(b"true\n"))  # no connection reaches anything
    chooser = chosen(window, qtbot)
    assert "no connection" in chooser.lines[0].why_not.lower()
    qtbot.keyClick(chooser.line, Qt.Key.Key_Return)
    assert chooser.isVisible()
    assert window.shell.part(RemoteHelpPart).dialog is None


def test_where_nothing_is_approved_it_says_who_can(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    chooser = chosen(window, qtbot)
    assert chooser.state.words.startswith("There are no scripts yet")
    chooser.close()
    until(qtbot, lambda: window.shell.part(RemoteHelpPart).chooser is None)
    registry.add(desk.database, desk.system, shell(b"true\n"))
    chooser = chosen(window, qtbot)
    assert chooser.state.words.startswith("No script is approved yet 1 wait")


def test_the_palette_finds_scripts_too(window: MainWindow, lab: Connection, approve: Approve, qtbot: QtBot) -> None:
    approve(shell(b"true\n", text=named("Clear the spooler")))
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    until(qtbot, lambda: window.findChild(Picker) is not None and window.is_idle)
    picker = window.findChild(Picker)
    assert isinstance(picker, Picker)
    qtbot.keyClicks(picker.line, "!spool")
    until(qtbot, lambda: [each.words for each in picker.items] == ["Clear the spooler"])
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    part = window.shell.part(RemoteHelpPart)
    until(qtbot, lambda: part.dialog is not None)
    assert part.dialog is not None
    assert part.dialog.manifest.id == "a-script"
