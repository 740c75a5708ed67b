"""Connections and host keys in the window: entered, tried on a real host, stored, removed, told when they are stale."""

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.runs import Connection
from app.models.records.scripts import Transport
from app.services.desk import Desk
from app.services.remote_help import connections, host_keys
from app.services.remote_help.transports.carriers import carried
from app.services.secrets import Secrets
from app.services.wording import catalogue
from app.views.main_window import MainWindow
from app.views.script_library.connection_form import ConnectionForm
from app.views.script_library.connection_model import asks, doubts_of, options_of, secret_hint, secrets_of
from app.views.script_library.dialog import LibraryDialog
from tests.fixtures.sshd import SshHost
from tests.views.conftest import until
from tests.views.script_library.test_library import confirm, press

HOST = "127.0.0.1"


def form_of(dialog: LibraryDialog) -> ConnectionForm:
    form = dialog.connections.form
    assert isinstance(form, ConnectionForm)
    return form


def test_a_connection_is_entered_tried_and_stored(
    opened: LibraryDialog, desk: Desk, ssh_host: SshHost, window: MainWindow, qtbot: QtBot
) -> None:
    desk.secrets = Secrets({"FIRSTLINE_SECRET_REMOTE_LAB_KEY": ssh_host.key, "FIRSTLINE_SECRET_JOURNAL": "a key"})
    opened.show_page("connections")
    press(opened.connections.new, qtbot)
    form = form_of(opened)
    form.choose_transport(Transport.SSH)
    press(form.ending.save, qtbot)
    assert form.lines.problem("name")
    assert form.lines.problem("targets")
    qtbot.keyClicks(form.name, "lab")
    qtbot.keyClicks(form.user, ssh_host.user)
    qtbot.keyClicks(form.targets, HOST)
    port = form.options.entry("port")
    port.clear()  # type: ignore[attr-defined]
    qtbot.keyClicks(port, str(ssh_host.port))
    qtbot.keyClicks(form.host, HOST)
    press(form.test, qtbot)
    until(qtbot, lambda: "shows a key that nobody has confirmed" in form.findings.words)
    confirm(opened, qtbot)
    until(qtbot, lambda: f"Signed in to {HOST} as {ssh_host.user}." in form.findings.words)
    press(form.ending.save, qtbot)
    until(qtbot, lambda: [each.name for each in connections.listed(desk.database)] == ["lab"])
    [stored] = connections.listed(desk.database)
    assert (stored.targets, stored.options) == ((HOST,), {"port": ssh_host.port})
    until(qtbot, lambda: window.is_idle)
    opened.show_page("keys")
    assert opened.keys.list.topLevelItemCount() == 1
    press(opened.keys.forget, qtbot)
    confirm(opened, qtbot)
    until(qtbot, lambda: host_keys.listed(desk.database) == [])


def test_a_stale_edit_is_told_and_what_was_typed_stays(
    opened: LibraryDialog, desk: Desk, colleague: Actor, window: MainWindow, qtbot: QtBot
) -> None:
    made = Connection(new_id(), "lab", Transport.SSH, "", "help", ("*.lab.example",), {})
    connections.save(desk.database, colleague, made)
    window.shell.bus.look()
    until(qtbot, lambda: opened.connections.list.count() == 1 and window.is_idle)
    opened.show_page("connections")
    form = form_of(opened)
    qtbot.keyClicks(form.user, "er")
    [seen] = connections.listed(desk.database)
    connections.save(desk.database, colleague, replace(seen, targets=("a.lab.example",)), seen)
    press(form.ending.save, qtbot)
    until(qtbot, lambda: f"{colleague.name} changed the connection lab" in opened.told.words)
    assert form_of(opened).user.text() == "helper"
    assert connections.listed(desk.database)[0].user_name == "help"


def test_a_removal_is_asked_about(
    opened: LibraryDialog, desk: Desk, admin: Actor, window: MainWindow, qtbot: QtBot
) -> None:
    connections.save(desk.database, admin, Connection(new_id(), "lab", Transport.SSH, "", "help", ("a.example",), {}))
    window.shell.bus.look()
    until(qtbot, lambda: opened.connections.list.count() == 1 and window.is_idle)
    opened.show_page("connections")
    press(form_of(opened).ending.remove, qtbot)
    assert "Remove the connection lab?" in opened.told.words
    assert len(connections.listed(desk.database)) == 1
    confirm(opened, qtbot)
    until(qtbot, lambda: connections.listed(desk.database) == [])


def test_each_transport_draws_its_own_form(opened: LibraryDialog, qtbot: QtBot) -> None:
    opened.show_page("connections")
    qtbot.keyClick(opened.connections.new, Qt.Key.Key_Space)
    form = form_of(opened)
    for each in carried():
        form.choose_transport(each)
        assert set(form.options.entered()) == set(options_of(each).model_fields)
        assert tuple(form.secrets) == secrets_of(each)
        assert form.address.isVisibleTo(form) == ("address" in asks(each))
        assert form.targets.isVisibleTo(form) == ("targets" in asks(each))


def test_a_list_that_allows_everything_is_doubted_and_a_secret_is_never_told() -> None:
    assert "lets a script reach everything" in doubts_of(["*.lab.example", "*"])
    assert doubts_of(["*.lab.example", "10.0.0.0/8"]) == ""
    kept = frozenset({"remote/lab/key"})
    assert secret_hint("lab", "key", kept, keyring=True).startswith("Set on this computer")
    assert "FIRSTLINE_SECRET_REMOTE_LAB_PASSWORD" in secret_hint("lab", "password", kept, keyring=False)


def test_a_certificate_keeps_its_lines_and_each_option_has_words(opened: LibraryDialog, qtbot: QtBot) -> None:
    pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    opened.show_page("connections")
    qtbot.keyClick(opened.connections.new, Qt.Key.Key_Space)
    form = form_of(opened)
    form.choose_transport(Transport.DIRECTORY)
    form.options.fill({"ca": pem})
    found = form.options.settings()
    assert found is not None
    assert found.model_dump()["ca"] == pem
    english = catalogue("en")
    options = [(each.value, name) for each in carried() for name in options_of(each).model_fields]
    assert [each for each in options if "setting.remote-{}.{}".format(*each) not in english] == []
