"""A script's form: each type, what is wrong at its line, what a host is asked for."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.models.identifiers import new_id
from app.models.records.runs import Connection, UploadedFile
from app.models.records.scripts import Manifest, Transport
from app.views.remote_help.entries import AskedChoice, FileEntry
from app.views.remote_help.form import ScriptForm
from app.views.remote_help.form_model import Filled, hosts_in, kept, problems
from tests.services.remote_help.transports.carrying import manifest

PYTHON = {"transport": "ssh", "shell": "python", "file": "script.py"}


def script(*parameters: dict[str, Any], **more: Any) -> Manifest:
    return manifest(PYTHON, parameters, **more)


def form(qtbot: QtBot, script_: Manifest, *by: Connection) -> ScriptForm:
    made = ScriptForm(script_, {each.name: each.default for each in script_.parameters}, by, ("pc-17", "pc-18"))
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_type_has_its_entry_and_its_value(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"1,2")
    made = form(
        qtbot,
        script(
            {"name": "text"},
            {"name": "count", "type": "int", "least": 1, "most": 9},
            {"name": "flag", "type": "flag"},
            {"name": "which", "type": "choice", "choices": ["a", "b"]},
            {"name": "code", "type": "secret"},
            {"name": "list", "type": "file"},
        ),
    )
    text, flag, which, code = (made.entries[each] for each in ("text", "flag", "which", "code"))
    assert isinstance(text, QLineEdit)
    assert isinstance(code, QLineEdit)
    assert isinstance(flag, QCheckBox)
    assert isinstance(which, QComboBox)
    assert code.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClicks(text, "it's")
    qtbot.keyClicks(code, "Sesame")
    qtbot.keyClick(flag, Qt.Key.Key_Space)
    qtbot.keyClick(which, Qt.Key.Key_Down)
    entry = made.entries["list"]
    assert isinstance(entry, FileEntry)
    entry.choose(file)
    given = made.filled().given
    assert given == {
        "text": "it's", "count": "", "flag": True, "which": "b", "code": "Sesame",
        "list": UploadedFile("list.csv", b"1,2"),
    }  # fmt: skip
    assert "Sesame" not in repr(made.filled())
    made.forget_secrets()
    assert made.filled().given["code"] == ""


def test_what_is_wrong_stands_at_its_line_in_the_words_that_are_seen(qtbot: QtBot) -> None:
    count = {"name": "count", "type": "int", "most": 3, "label": {"en": "How many"}, "required": True}
    made = form(qtbot, script(count))
    assert made.look(made.filled(), dry_run=False) is False
    assert made.problem("count") == ""
    assert made.insist(dry_run=False) is False
    assert made.problem("count") == "How many: a value is needed."
    entry = made.entries["count"]
    qtbot.keyClicks(entry, "4")
    made.look(made.filled(), dry_run=False)
    assert made.problem("count") == "How many: at most 3."
    made.hosts.fill(["pc-17"])
    qtbot.keyClick(entry, Qt.Key.Key_Backspace)
    qtbot.keyClicks(entry, "2")
    assert made.look(made.filled(), dry_run=False)


@pytest.mark.parametrize(
    ("pasted", "hosts"),
    [
        ("a b,c;d\n e \n\n", ["a", "b", "c", "d", "e"]),
        ("pc-1\r\npc-2\tpc-1", ["pc-1", "pc-2"]),
        ("", []),
    ],
)
def test_hosts_are_pasted_as_they_come(pasted: str, hosts: list[str]) -> None:
    assert hosts_in(pasted) == hosts


def test_a_host_that_is_none_is_named(qtbot: QtBot) -> None:
    made = form(qtbot, script())
    made.hosts.fill(["pc-17", "not_a$host"])
    made.look(made.filled(), dry_run=False)
    assert made.problem("target ").startswith("not_a$host:")


def test_a_likely_host_is_a_click_away(qtbot: QtBot) -> None:
    made = form(qtbot, script())
    qtbot.mouseClick(made.hosts.offers[1], Qt.MouseButton.LeftButton)
    assert made.hosts.hosts == ["pc-18"]
    assert made.hosts.offers[1].isHidden()


def test_consent_is_ticked_and_its_words_are_kept(qtbot: QtBot) -> None:
    asks = script(consent=True)
    made = form(qtbot, asks)
    made.hosts.fill(["pc-17"])
    assert "consent " in problems(asks, made.filled(), dry_run=False)
    assert problems(asks, made.filled(), dry_run=True) == {}
    qtbot.keyClicks(made.consent.words, "by phone")
    assert made.consent.tick.isChecked()
    assert made.filled().wanted(asks, None, dry_run=False).consent == "by phone"
    made.consent.tick.setChecked(False)
    assert made.filled().wanted(asks, None, dry_run=False).consent == ""


def test_a_connection_that_asks_for_its_password_gets_a_line_for_it(qtbot: QtBot) -> None:
    by = Connection(new_id(), "lab", Transport.SSH, "", "help", ("*.example",), {}, asks_password=True)
    plain = script()
    made = form(qtbot, plain, by)
    made.hosts.fill(["pc-17"])
    assert list(problems(plain, made.filled(), [by], dry_run=False)) == ["password lab"]
    qtbot.keyClicks(made.passwords["lab"], "Sesame")
    wanted = made.filled().wanted(plain, None, dry_run=False)
    assert wanted.passwords == {"lab": "Sesame"}
    assert "Sesame" not in repr(wanted)


def test_choices_come_from_the_host_when_it_is_asked(qtbot: QtBot) -> None:
    which = {"name": "which", "type": "choice", "choices_from": {"script": "services", "column": "name"}}
    made = form(qtbot, script(which))
    entry = made.entries["which"]
    assert isinstance(entry, AskedChoice)
    with qtbot.waitSignal(made.asked) as asked:
        qtbot.keyClick(entry.ask, Qt.Key.Key_Space)
    assert asked.args is not None
    assert asked.args[1].script == "services"
    entry.wait("Asking pc-17…")
    assert not entry.ask.isEnabled()
    entry.offer(["nginx", "cron"])
    assert made.filled().given == {"which": "nginx"}
    entry.refuse("It did not work.")
    assert entry.told.text() == "It did not work."
    assert made.filled().given == {"which": "nginx"}


def test_a_host_narrows_the_choices_of_a_script_and_adds_none(qtbot: QtBot) -> None:
    source = {"script": "win-services", "column": "Name"}
    which = {"name": "which", "type": "choice", "choices": ["Spooler", "BITS", "WSearch"], "choices_from": source}
    made = form(qtbot, script(which))
    entry = made.entries["which"]
    assert isinstance(entry, AskedChoice)
    assert not entry.box.isEditable()

    def there() -> list[str]:
        return [entry.box.itemText(each) for each in range(entry.box.count())]

    assert there() == ["Spooler", "BITS", "WSearch"]
    qtbot.keyClick(entry.box, Qt.Key.Key_End)
    assert made.filled().given == {"which": "WSearch"}
    entry.offer(["wsearch", "LSASS", "bits"])
    assert there() == ["BITS", "WSearch"]
    assert made.filled().given == {"which": "WSearch"}
    entry.offer(["Spooler"])
    assert made.filled().given == {"which": "Spooler"}
    entry.offer(["LSASS"])
    assert entry.told.text() == "The host told none that may be chosen here."
    assert there() == ["Spooler"]
    made.hosts.fill(["pc-18"])
    assert there() == ["Spooler", "BITS", "WSearch"]
    assert entry.told.isHidden()


def test_what_was_typed_stays_when_another_host_is_named(qtbot: QtBot) -> None:
    source = {"script": "services", "column": "name"}
    which = {"name": "which", "type": "choice", "choices_from": source, "required": True}
    made = form(qtbot, script(which))
    entry = made.entries["which"]
    assert isinstance(entry, AskedChoice)
    made.hosts.fill(["pc-17"])
    made.look(made.filled(), dry_run=False)
    assert made.problem("which") == ""  # nobody was there yet
    qtbot.keyClicks(entry.box, "sshd")
    made.hosts.fill(["pc-18"])
    assert made.filled().given == {"which": "sshd"}


def test_a_run_is_filled_in_again_but_for_what_nobody_keeps() -> None:
    told = script({"name": "code", "type": "secret"}, {"name": "list", "type": "file"}, {"name": "n", "type": "int"})
    assert kept(told, {"code": "•••", "list": "a.csv (3 B)", "n": 4}) == {"code": None, "list": None, "n": 4}


def test_what_was_agreed_to_cannot_be_changed(qtbot: QtBot) -> None:
    made = form(qtbot, script({"name": "text"}, {"name": "code", "type": "secret"}))
    made.hold(["pc-17"])
    assert not made.hosts.isEnabled()
    assert (made.entries["text"].isEnabled(), made.entries["code"].isEnabled()) == (False, True)
    assert isinstance(made.filled(), Filled)
