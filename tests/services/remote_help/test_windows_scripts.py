"""The Windows scripts that ship: they parse, and each runs through all of the desk with its values bound."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import tree_sitter
import tree_sitter_pwsh
from psrpcore.types import HostMethodIdentifier

from app.models.identifiers import new_id
from app.models.records.runs import Connection, Outcome, RemoteState, Run
from app.models.records.scripts import OutputKind, Package, ParameterType, Risk, Transport, WinrmProgram
from app.models.rules.powershell import parameter_name
from app.models.rules.script_values import checked
from app.services.remote_help import connections, recording, registry
from app.services.remote_help.library import BrokenScript, built_in, package_of
from app.services.remote_help.preparing import Wanted, prepare
from app.services.remote_help.running import Running
from app.services.secrets import Secrets
from app.services.tickets import reading
from app.services.wording import catalogue
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk
from tests.fixtures.winrm import HOST, WinrmHost
from tests.peers.winrm import Play

WINDOWS = {name: each for name, each in built_in().items() if isinstance(each.manifest.program, WinrmProgram)}
EXAMPLES: Mapping[ParameterType, str] = {
    ParameterType.TEXT: "notepad",
    ParameterType.USER: "ann",
    ParameterType.FLAG: "yes",
}
"""For what has no default: a value of each type."""


def source(name: str) -> bytes:
    program = WINDOWS[name].manifest.program
    assert isinstance(program, WinrmProgram)
    return WINDOWS[name].files[program.file]


def broken(text: bytes) -> list[int]:
    """The lines that the grammar cannot make sense of."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_pwsh.language()))
    found, waiting = [], [parser.parse(text).root_node]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            found.append(node.start_point[0] + 1)
        waiting += node.children
    return found


@pytest.mark.parametrize("name", WINDOWS)
def test_each_parses(name: str) -> None:
    assert broken(source(name)) == []


@pytest.mark.parametrize("cut", [b"param(", b"    }\n", b"')"])
def test_one_that_is_damaged_does_not_parse(cut: bytes) -> None:
    text = source("win-print-queue-clear").replace(cut, b"", 1)
    assert text != source("win-print-queue-clear")
    assert broken(text)


@pytest.mark.parametrize("name", WINDOWS)
def test_each_is_plain_ascii_and_carries_no_name_of_a_company(name: str) -> None:
    """PowerShell 5.1 reads a file without a mark in the encoding of the host; over the wire it is the same bytes."""
    source(name).decode("ascii")


@pytest.mark.parametrize("name", WINDOWS)
def test_what_changes_something_can_be_tried_dry_and_what_reads_changes_nothing(name: str) -> None:
    manifest = WINDOWS[name].manifest
    assert manifest.dry_run == (manifest.risk is not Risk.READ)
    if manifest.risk is not Risk.READ:
        return
    verbs = {word.partition("-")[0] for word in source(name).decode().split() if "-" in word and word[0].isalpha()}
    assert not verbs & {"Stop", "Restart", "Start", "Clear", "Unregister", "Register", "Disable", "Enable", "Rename"}


@pytest.mark.parametrize("name", [name for name in WINDOWS if WINDOWS[name].manifest.output is OutputKind.TABLE])
def test_each_column_of_a_table_has_words(name: str) -> None:
    rows = re.findall(r"\[pscustomobject\]@\{\n(.*?)\n    *\}\n", source(name).decode(), re.DOTALL)
    columns = re.findall(r"^ +(\w+) +=", rows[-1], re.MULTILINE)
    assert len(columns) >= 3
    for language in ("en", "de"):
        assert [each for each in columns if f"run_column.{each}" not in catalogue(language)] == []


def test_what_choices_come_from_is_a_column_that_the_other_script_tells() -> None:
    found = [(each, source(each.script).decode()) for package in WINDOWS.values()
             for parameter in package.manifest.parameters if (each := parameter.choices_from)]  # fmt: skip
    assert found
    assert [each for each, text in found if not re.search(rf"^ +{each.column} +=", text, re.MULTILINE)] == []


def test_a_script_that_leaves_the_pattern_is_no_part_of_a_library() -> None:
    package = WINDOWS["win-services"]
    files = dict(package.files)
    files["script.ps1"] += b"Invoke-Expression $Word\n"
    with pytest.raises(BrokenScript) as told:
        package_of("win-services", files)
    [field] = told.value.fields
    lines = files["script.ps1"].count(b"\n")
    assert (field.line, field.field, field.problem.code) == (lines, "script.ps1", "script.powershell.forbidden")


def given(package: Package) -> dict[str, Any]:
    """The values of a form that somebody filled in: each default, else the first choice, else an example."""
    found: dict[str, Any] = {}
    for each in package.manifest.parameters:
        value: object = each.default
        if value is None:
            value = each.choices[0] if each.choices else EXAMPLES.get(each.type, each.least)
        found[each.name] = value
    return found


def played(kind: OutputKind) -> Any:
    def play(on: Play) -> None:
        on.output("a line")
        if kind is OutputKind.TABLE:
            on.row(Name="first", Value=1)
            on.row(Name="second", Value=2)
        if kind is OutputKind.FILE:
            on.row(FileName="bundle.zip", Content=b"PK")
            on.row(FileName="bundle.zip", Content=b"\x03\x04")

    return play


class Windows:
    """A desk at which all Windows scripts are approved, and a host to run them on."""

    def __init__(self, desk: SharedDesk, host: WinrmHost) -> None:
        self.desk, self.host = desk, host
        self.secrets = Secrets({"FIRSTLINE_SECRET_REMOTE_WINDOWS_PASSWORD": host.password})
        tom = desk.as_("tom")
        reached = Connection(new_id(), "windows", Transport.WINRM, "", host.user, (HOST,), host.options)
        connections.save(*tom, reached)
        for package in WINDOWS.values():
            registry.approve(*tom, registry.add(desk.owner, SYSTEM, package))

    def run(self, name: str, *, dry_run: bool = False, who: str = "ada") -> Run:
        """As Ada of the second level, on Ann's ticket."""
        manifest = WINDOWS[name].manifest
        self.host.server.scenario = played(manifest.output)
        database, actor = self.desk.as_(who)
        consent = "on the phone" if manifest.consent else ""
        wanted = Wanted(name, [HOST], given(WINDOWS[name]), self.desk.tickets["mine"], dry_run, consent)
        prepared = prepare(database, actor, self.secrets, wanted)
        return Running(database, actor, prepared, recording.ask(database, actor, prepared)).run()


@pytest.fixture
def windows(any_desk: SharedDesk, winrm_host: WinrmHost) -> Windows:
    return Windows(any_desk, winrm_host)


def test_each_runs_with_its_values_bound_and_its_output_kept(windows: Windows) -> None:
    for name, package in WINDOWS.items():
        found = windows.run(name, dry_run=package.manifest.dry_run)
        [result] = found.results
        assert (found.outcome, result.remote) == (Outcome.SUCCEEDED, RemoteState.FINISHED), name
        heard = windows.host.server.heard[-1]
        assert heard.script == source(name).decode()
        bound = {
            parameter_name(parameter): value
            for parameter, value in checked(package.manifest, given(package)).items()
            if value is not None
        }
        assert dict(heard.parameters) == bound | ({"WhatIf": True} if package.manifest.dry_run else {}), name
        assert "a line" in result.head
        table = {"columns": ["Name", "Value"], "rows": [["first", "1"], ["second", "2"]]}
        assert result.document == (table if package.manifest.output is OutputKind.TABLE else None), name


def test_the_diagnostics_are_a_file_of_the_ticket(windows: Windows) -> None:
    windows.run("win-diagnostics")
    desk = windows.desk
    [file] = reading.show(desk.owner, desk.tickets["mine"]).messages[-1].attachments
    assert (file.name, reading.attachment_content(desk.owner, file.sha256)) == ("bundle.zip", b"PK\x03\x04")


def test_a_table_stands_in_the_note_on_the_ticket(windows: Windows) -> None:
    windows.run("win-services")
    desk = windows.desk
    note = reading.show(desk.owner, desk.tickets["mine"]).messages[-1].text
    assert note.splitlines()[-4:] == ["a line", "Name    Value", "first   1", "second  2"]


def test_what_a_dry_run_would_do_is_read(windows: Windows) -> None:
    def play(on: Play) -> None:
        assert on.told.parameters["WhatIf"] is True
        on.host(
            HostMethodIdentifier.WriteLine2, 'What if: Performing the operation "Restart Spooler" on target "PC-7".'
        )

    desk, name = windows.desk, "win-service-restart"
    windows.host.server.scenario = play
    database, ann = desk.as_("ann")
    wanted = Wanted(name, [HOST], {"service": "Spooler"}, None, True)
    prepared = prepare(database, ann, windows.secrets, wanted)
    [result] = Running(database, ann, prepared, recording.ask(database, ann, prepared)).run().results
    assert 'Performing the operation "Restart Spooler"' in result.head
