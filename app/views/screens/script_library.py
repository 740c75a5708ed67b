"""Pictures of what administrators see of remote help: scripts, connections, and host keys."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.models.identifiers import new_id
from app.models.records.desk import Actor, Role
from app.models.records.runs import Connection
from app.models.records.scripts import Transport
from app.services import staff
from app.services.desk import Desk
from app.services.remote_help import authoring, connections, host_keys, registry
from app.services.remote_help.library import BrokenScript, built_in, package_of
from app.services.sample.scripts import arrange_scripts
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle
from app.views.script_library.broken_dialog import BrokenDialog
from app.views.script_library.connection_form import ConnectionForm
from app.views.script_library.dialog import LibraryDialog
from app.views.script_library.editor import ScriptEditor
from app.views.script_library.part import ScriptLibraryPart
from app.views.script_library.toml_page import TomlPage
from app.views.script_library.trying import open_test

_KEYS = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAMKERgfJi00O0JJUFdeZWxzeoGIj5adpKuyucDHztXc",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFphaG92fYSLkpmgp661vMPK0djf5u30+wIJEBceJSwz",
)


def provide(desk: Desk) -> None:
    """What ships is approved; one script has a version that waits, and one is retired."""
    if not registry.listed(desk.database):
        arrange_scripts(desk.database, desk.system)
    if any(each.approved_at is None for each in registry.listed(desk.database)):
        return
    assert desk.actor is not None
    sam, other = desk.actor, next(each for each in staff.agents(desk.database) if each.id != desk.actor.id)
    hers = replace(desk.system, name=other.name, id=other.id, role=Role.ADMINISTRATOR)
    _another_version(desk, "linux-disk", hers)
    _another_version(desk, "linux-health", replace(sam, role=Role.ADMINISTRATOR))
    registry.retire(desk.database, desk.system, registry.found(desk.database, "linux-journal").id)
    test = Connection(new_id(), "sandbox", Transport.SSH, "", "try", ("*.test.example",), {}, for_tests=True)
    connections.save(desk.database, desk.system, test)
    for host, key in zip(("web-1.lab.example", "db-1.lab.example"), _KEYS, strict=True):
        host_keys.pin(desk.database, sam, host, 22, key)


def _another_version(desk: Desk, key: str, author: Actor) -> None:
    """One that waits, with another timeout and a line more."""
    found = registry.found(desk.database, key)
    draft = authoring.begun(registry.package_of_version(desk.database, found.id), found)
    script = draft.files["script.sh"].replace(b"set -u", b"set -u\numask 077")
    told = {**draft.told, "timeout": 240}
    authoring.save(desk.database, author, replace(draft, told=told, files={**draft.files, "script.sh": script}))


def _opened(window: MainWindow, page: str = "scripts") -> LibraryDialog:
    provide(window.shell.desk)
    dialog = window.shell.part(ScriptLibraryPart).open(page)
    assert dialog is not None
    settle(window)
    return dialog


def _page(page: str) -> Callable[[MainWindow], QWidget]:
    return lambda window: _opened(window, page)


def _asked(window: MainWindow) -> QWidget:
    dialog = _opened(window)
    dialog.scripts.choose("linux-disk")
    settle(window)
    dialog.scripts.details.deeds["approve"].click()
    return dialog


def _nothing_fits(window: MainWindow) -> QWidget:
    dialog = _opened(window)
    dialog.scripts.search.setText("toaster")
    return dialog


def _new_connection(window: MainWindow) -> QWidget:
    dialog = _opened(window, "connections")
    dialog.connections.ask_for_new()
    form = dialog.connections.form
    assert isinstance(form, ConnectionForm)
    form.targets.setPlainText("*")
    form.ending.save.click()
    return dialog


def _editor(page: str, key: str = "linux-service-restart") -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        editor = window.shell.part(ScriptLibraryPart).edit(authoring.begun(built_in()[key]))
        settle(window)
        editor.show_page(page)
        return editor

    return show


def _wrong(window: MainWindow) -> QWidget:
    """What is missing of a new script stands beside it."""
    editor = window.shell.part(ScriptLibraryPart).edit(authoring.blank())
    settle(window)
    editor.save()
    return editor


def _wrong_text(window: MainWindow) -> QWidget:
    editor = _editor("text")(window)
    assert isinstance(editor, ScriptEditor)
    page = editor.page("text")
    assert isinstance(page, TomlPage)
    page.text.setPlainText(page.text.toPlainText().replace('risk = "disrupt"', 'risk = "much"'))
    page.take()
    page.tell_problems(move=True)
    return editor


def _broken(window: MainWindow) -> QWidget:
    """A folder that is no script, as an import tells it."""
    text = authoring.begun(built_in()["linux-service-restart"]).text
    text = text.replace("timeout = 120", 'timeout = "two minutes"').replace('risk = "disrupt"', 'risk = "much"')
    try:
        package_of("linux-service-restart", {"script.toml": text.encode(), "script.sh": b"exit 0"})
    except BrokenScript as error:
        dialog = BrokenDialog([(error, text)], window.appearance, window)
        dialog.open()
        return dialog
    raise AssertionError


def _try(window: MainWindow) -> QWidget:
    dialog = _opened(window)
    dialog.scripts.choose("linux-health")
    settle(window)
    version = dialog.scripts.details.version
    assert version is not None
    return open_test(window.shell, version)


SCREENS = (
    Screen("library-scripts-light", _page("scripts"), role=Role.ADMINISTRATOR),
    Screen("library-scripts-german", _page("scripts"), "dark", "de", role=Role.ADMINISTRATOR),
    Screen("library-approve", _asked, role=Role.ADMINISTRATOR),
    Screen("library-none", _nothing_fits, "dark", role=Role.ADMINISTRATOR),
    Screen("library-connections-light", _page("connections"), role=Role.ADMINISTRATOR),
    Screen("library-connections-german", _page("connections"), "dark", "de", role=Role.ADMINISTRATOR),
    Screen("library-connection-new", _new_connection, role=Role.ADMINISTRATOR),
    Screen("library-keys-light", _page("keys"), role=Role.ADMINISTRATOR),
    Screen("library-editor-general", _editor("general"), role=Role.ADMINISTRATOR),
    Screen("library-editor-texts", _editor("texts"), "dark", "de", role=Role.ADMINISTRATOR),
    Screen("library-editor-program", _editor("program"), role=Role.ADMINISTRATOR),
    Screen("library-editor-parameters", _editor("parameters"), role=Role.ADMINISTRATOR),
    Screen("library-editor-safety", _editor("safety"), "dark", role=Role.ADMINISTRATOR),
    Screen("library-editor-proposals", _editor("proposals", "linux-disk"), role=Role.ADMINISTRATOR),
    Screen("library-editor-wrong", _wrong, role=Role.ADMINISTRATOR),
    Screen("library-editor-toml", _wrong_text, role=Role.ADMINISTRATOR),
    Screen("library-broken", _broken, "dark", role=Role.ADMINISTRATOR),
    Screen("library-try", _try, role=Role.ADMINISTRATOR),
    Screen("library-keys-german", _page("keys"), "dark", "de", role=Role.ADMINISTRATOR),
)
