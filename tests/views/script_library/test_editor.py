"""A script written by keyboard: by form and as TOML, kept while it is typed, stored as a version that waits."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.runs import Connection
from app.models.records.scripts import Transport
from app.services.desk import Desk
from app.services.journal import Journal
from app.services.remote_help import authoring, connections, host_keys, recording, registry
from app.services.remote_help.authoring import ScriptDrafts
from app.services.remote_help.library import built_in
from app.services.secrets import Secrets
from app.views.main_window import MainWindow
from app.views.remote_help.dialog import RunDialog
from app.views.script_library.dialog import LibraryDialog
from app.views.script_library.editor import ScriptEditor
from app.views.script_library.manifest_form import ManifestForm
from app.views.script_library.parameters_page import ParametersPage
from app.views.script_library.part import ScriptLibraryPart
from app.views.script_library.program_page import ProgramPage
from app.views.script_library.toml_page import TomlPage
from app.views.script_library.trying import open_test
from tests.fixtures.sshd import SshHost
from tests.views.conftest import until
from tests.views.script_library.test_library import press

CTRL = Qt.KeyboardModifier.ControlModifier
HOST = "127.0.0.1"


@pytest.fixture
def part(opened: LibraryDialog, window: MainWindow) -> ScriptLibraryPart:
    return window.shell.part(ScriptLibraryPart)


def type_into(editor: ScriptEditor, section: str, field: str, words: str, qtbot: QtBot) -> None:
    editor.show_page(section)
    page = editor.page(section)
    form = page.form if isinstance(page, ParametersPage) else page
    assert isinstance(form, ManifestForm)
    entry = form.entries[field]
    assert isinstance(entry, QLineEdit | QPlainTextEdit)
    entry.clear()
    if isinstance(entry, QLineEdit):
        entry.textEdited.emit("")
    qtbot.keyClicks(entry, words)


def test_a_new_script_is_written_checked_and_stored(
    part: ScriptLibraryPart, desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    editor = part.edit(authoring.blank())
    until(qtbot, editor.isActiveWindow)
    qtbot.keyClick(editor, Qt.Key.Key_S, CTRL)
    assert "5 fields" in editor.told.words
    type_into(editor, "general", "id", "say-hello", qtbot)
    for name, words in (("name", "Say hello"), ("description", "Says hello to a host."), ("changes", "Nothing."),
                        ("undo", "Nothing to undo.")):  # fmt: skip
        type_into(editor, "texts", f"text.en.{name}", words, qtbot)
    editor.show_page("parameters")
    page = editor.page("parameters")
    assert isinstance(page, ParametersPage)
    press(page.buttons["add"], qtbot)
    type_into(editor, "parameters", "parameters.0.name", "word", qtbot)
    type_into(editor, "parameters", "parameters.0.label", "en = Word", qtbot)
    editor.show_page("program")
    program = editor.page("program")
    assert isinstance(program, ProgramPage)
    program.text.setPlainText('echo "hello $1"\n')
    type_into(editor, "safety", "timeout", "soon", qtbot)
    editor.save()
    until(qtbot, lambda: editor.tabs.currentIndex() == 4)
    safety = editor.page("safety")
    assert isinstance(safety, ManifestForm)
    assert safety.problem("timeout") == "This must be a whole number."
    type_into(editor, "safety", "timeout", "30", qtbot)
    assert safety.problem("timeout") == ""
    qtbot.keyClick(editor, Qt.Key.Key_S, CTRL)
    until(qtbot, lambda: any(each.manifest.id == "say-hello" for each in registry.listed(desk.database)))
    stored = registry.found(desk.database, "say-hello")
    assert (stored.author, stored.may_run, stored.manifest.timeout) == ("Sam Okafor", False, 30)
    assert [each.name for each in stored.manifest.parameters] == ["word"]
    assert registry.package_of_version(desk.database, stored.id).files["script.sh"] == b'echo "hello $1"\n'
    until(qtbot, lambda: window.is_idle and not part.editors)
    assert ScriptDrafts(desk.journal).all() == []


def test_what_is_typed_survives_the_desk_and_is_offered_again(
    part: ScriptLibraryPart, opened: LibraryDialog, desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    editor = part.edit(authoring.blank())
    type_into(editor, "general", "id", "half-done", qtbot)
    until(qtbot, lambda: reopened(desk))
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    until(qtbot, lambda: "You have not finished half-done." in opened.told.words)
    draft = opened.drafts[0]
    again = part.edit(draft)
    assert again.windowTitle() == "Edit half-done"
    press(again.discard_, qtbot)
    qtbot.keyClick(again.focusWidget(), Qt.Key.Key_Space)
    until(qtbot, lambda: ScriptDrafts(desk.journal).all() == [])


def reopened(desk: Desk) -> bool:
    """What another process would find."""
    found = ScriptDrafts(Journal(desk.profile.journal, desk.secrets)).all()
    return [each.key for each in found] == ["half-done"]


def test_the_toml_and_the_forms_say_the_same(part: ScriptLibraryPart, qtbot: QtBot) -> None:
    editor = part.edit(authoring.begun(built_in()["linux-disk"]))
    editor.show_page("text")
    page = editor.page("text")
    assert isinstance(page, TomlPage)
    text = page.text.toPlainText()
    page.text.setPlainText(text.replace("timeout = 180", "timeout = 181"))
    editor.show_page("safety")
    safety = editor.page("safety")
    assert isinstance(safety, ManifestForm)
    timeout = safety.entries["timeout"]
    assert isinstance(timeout, QLineEdit)
    assert timeout.text() == "181"
    editor.show_page("text")
    page.text.setPlainText(text + "\nrisk = ")
    page.take()
    assert page.unread is not None
    assert page.list.isVisible()
    editor.save()
    assert editor.model.draft.told["timeout"] == 181
    assert part.editors == [editor]


def test_another_transport_asks_for_other_things(part: ScriptLibraryPart, qtbot: QtBot) -> None:
    editor = part.edit(authoring.begun(built_in()["linux-disk"]))
    editor.show_page("program")
    page = editor.page("program")
    assert isinstance(page, ProgramPage)
    page.transport.setCurrentIndex(page.transport.findData(Transport.SQL))
    page.transport.activated.emit(page.transport.currentIndex())
    assert set(page.form.entries) == {"program.statement", "program.most_rows"}
    assert editor.model.draft.told["program"] == {"transport": "sql"}


def test_a_version_stored_by_somebody_else_in_the_meantime_is_told(
    part: ScriptLibraryPart, desk: Desk, admin: Actor, colleague: Actor, window: MainWindow, qtbot: QtBot
) -> None:
    first = authoring.save(desk.database, admin, authoring.begun(built_in()["linux-disk"]))
    draft = authoring.begun(registry.package_of_version(desk.database, first.id), first)
    editor = part.edit(draft)
    theirs = replace(authoring.begun(registry.package_of_version(desk.database, first.id), first), id=new_id())
    authoring.save(desk.database, colleague, replace(theirs, files={"script.sh": b"echo theirs\n"}))
    until(qtbot, editor.isActiveWindow)
    qtbot.keyClick(editor, Qt.Key.Key_S, CTRL)
    until(qtbot, lambda: f"{colleague.name} stored version 1.2" in editor.told.words)
    qtbot.keyClick(editor.focusWidget(), Qt.Key.Key_Space)
    until(qtbot, lambda: registry.found(desk.database, "linux-disk").manifest.version == "1.3")


def test_an_author_tries_a_script_before_it_is_approved(
    part: ScriptLibraryPart, desk: Desk, admin: Actor, ssh_host: SshHost, window: MainWindow, qtbot: QtBot
) -> None:
    desk.secrets = Secrets({"FIRSTLINE_SECRET_REMOTE_LAB_KEY": ssh_host.key, "FIRSTLINE_SECRET_JOURNAL": "a key"})
    lab = Connection(
        new_id(), "lab", Transport.SSH, "", ssh_host.user, (HOST,), {"port": ssh_host.port}, for_tests=True
    )
    connections.save(desk.database, desk.system, lab)
    host_keys.pin(desk.database, desk.system, HOST, ssh_host.port, ssh_host.host_key)
    draft = authoring.begun(built_in()["linux-disk"])
    mine = authoring.save(desk.database, admin, replace(draft, files={"script.sh": b"echo tried\n"}))
    dialog = open_test(window.shell, mine)
    assert isinstance(dialog, RunDialog)
    assert dialog.windowTitle() == "Test run: linux-disk 1.1"
    qtbot.keyClicks(dialog.form.hosts.text, HOST)
    until(qtbot, lambda: "ssh" in dialog.layout_.preview.toPlainText())
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: any(each.test and each.results[0].outcome.is_over for each in recording.runs(desk.database)))
    until(qtbot, lambda: window.is_idle)
    assert "tried" in dialog.page.output.toPlainText()
    dialog.close()
