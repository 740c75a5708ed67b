"""What a PowerShell script of the library looks like, and what is found in one that does not."""

import pytest

from app.models.records.scripts import Manifest
from app.models.rules.powershell import faults_in, parameter_name
from app.services.wording import tr_error

WORDS = {"name": "A script", "description": "Does what a test asks.", "changes": "Nothing.", "undo": "Nothing."}
GOOD = """\
<# Restarts a service; "quotes and $(code) in a comment are no matter. #>
# iex
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [ValidateSet('Spooler', 'W32Time')]
    [string]$ServiceName,

    [ValidateRange(1, 20)]
    [int]$Count = 5,

    [ValidatePattern('^[a-z,()]+$')]
    [string]$Words,

    [switch]$Force,

    [securestring]$Word
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$said = 'Invoke-Expression in a string is a string, `too'
$more = @"
& $said and "more" of it
"@
if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, "Restart $ServiceName")) {
    Restart-Service -Name $ServiceName -Force:$Force
    Start-Process -FilePath 'gpupdate.exe' -ArgumentList @('/force', $Words) -Wait
    Write-Output ('{0} of {1}' -f $said.Length, $more) `
        | Out-String
}
"""


def manifest(**more: object) -> Manifest:
    asked = [
        {"name": "service_name", "type": "choice", "choices": ["Spooler", "W32Time"]},
        {"name": "count", "type": "int", "least": 1, "most": 20},
        {"name": "words", "type": "text", "pattern": "[a-z,()]+"},
        {"name": "force", "type": "flag"},
        {"name": "word", "type": "secret"},
    ]
    told = {
        "id": "a-script",
        "version": "1.0",
        "category": "workstation",
        "risk": "read",
        "timeout": 60,
        "dry_run": True,
    }
    parameters = [{"label": {"en": each["name"]}, **each} for each in asked]
    return Manifest.model_validate(
        {**told, "program": {"transport": "winrm"}, "parameters": parameters, "text": {"en": WORDS}, **more}
    )


def found(text: str, **more: object) -> list[tuple[int, str]]:
    faults = list(faults_in(text, manifest(**more)))
    assert all(tr_error(problem) for _, problem in faults)
    return sorted((line, problem.code.removeprefix("script.powershell.")) for line, problem in faults)


def test_a_script_that_follows_the_pattern_is_in_order() -> None:
    assert found(GOOD) == []


def test_a_name_is_written_as_powershell_writes_names() -> None:
    assert parameter_name("print_server") == "PrintServer"


BODY = "$said = 'Invoke"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Invoke-Expression $Words", "forbidden"),
        ("iex $Words", "forbidden"),
        ("$x = $Words | IEX", "forbidden"),
        ("[ScriptBlock]::Create($Words)", "forbidden"),
        ("$ExecutionContext.InvokeCommand.InvokeScript($Words)", "forbidden"),
        ("$ExecutionContext.InvokeCommand.ExpandString($Words)", "forbidden"),
        ("Set-Alias x Get-Item", "forbidden"),
        ("cmd /c dir", "forbidden"),
        ("powershell.exe -File x.ps1", "forbidden"),
        ('Write-Output "so $(iex $Words)"', "forbidden"),
        ("$x = Read-Host", "forbidden"),
        ("& $Words", "call"),
        ("& (Get-Command $Words)", "call"),
        ('& "$Words"', "call"),
        (". .\\more.ps1", "call"),
        (".('i' + 'ex') $Words", "call"),
        ("& 'iex' $Words", "forbidden"),
        ("Microsoft.PowerShell.Utility\\Invoke-Expression $Words", "forbidden"),
        ("[PowerShell]::Create().AddScript($Words).Invoke()", "forbidden"),
        ("$block = { . $Words }", "call"),
        ('Start-Process x.exe -ArgumentList "/q $Words"', "built"),
        ("Start-Process x.exe -ArgumentList ('/q ' + $Words)", "built"),
        ("Start-Process x.exe -ArgumentList ('/q {0}' -f $Words)", "built"),
        ("i`ex $Words", "escape"),
        ("Write-Output \u2018so\u2019", "quotes"),
        ("Get-Item \u2013Path x", "quotes"),
        ("Write-Output 'so", "open"),
        ("<# so", "open"),
    ],
)
def test_what_can_run_text_as_a_command_is_found(line: str, code: str) -> None:
    place = GOOD[: GOOD.index(BODY)].count("\n") + 1
    told = found(GOOD.replace(BODY, f"{line}\n{BODY}"))
    assert code in {each for at, each in told if at == place} or (code == "open" and {c for _, c in told} == {"open"})


@pytest.mark.parametrize(
    "line",
    [
        "& 'C:\\Program Files\\x.exe' $Words",
        "Get-Item .\\here",
        "$a = $b -band 3 # & $Words",
        "$Words.Trim() | ForEach-Object { $_.Length }",
        "Stop-Process -Name 'cmd'",
        "Get-Command -Name 'iex'",
    ],
)
def test_what_only_looks_like_it_is_let_be(line: str) -> None:
    assert found(GOOD.replace(BODY, f"{line}\n{BODY}")) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[CmdletBinding", "Get-Item .\n[CmdletBinding", {"no_param"}),
        ("Set-StrictMode -Version Latest\n", "", {"no_strict"}),
        ("$ErrorActionPreference = 'Stop'\n", "", {"no_strict"}),
        ("[string]$ServiceName", "[string]$Service", {"parameter_missing", "parameter_more"}),
        ("[string]$ServiceName", "$ServiceName", {"type"}),
        ("[securestring]$Word", "[string]$Word", {"type"}),
        ("[switch]$Force", "[bool]$Force", {"type"}),
        ("'Spooler', 'W32Time'", "'Spooler'", {"validation"}),
        ("ValidateRange(1, 20)", "ValidateRange(1, 2000)", {"validation"}),
        ("    [ValidatePattern('^[a-z,()]+$')]\n", "", {"validation"}),
        ("[CmdletBinding(SupportsShouldProcess)]", "[CmdletBinding()]", {"no_should_process"}),
        ("if ($PSCmdlet.ShouldProcess($env:COMPUTERNAME, \"Restart $ServiceName\"))", "if ($true)",
         {"no_should_process"}),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_manifest_is_found(old: str, new: str, expected: set[str]) -> None:
    assert old in GOOD
    assert {code for _, code in found(GOOD.replace(old, new))} == expected


def test_a_dry_run_that_the_manifest_does_not_tell_of_is_found() -> None:
    assert found(GOOD, dry_run=False) == [(1, "no_dry_run")]


def test_a_script_without_parameters_has_an_empty_block() -> None:
    text = "param()\nSet-StrictMode -Version Latest\n$ErrorActionPreference = 'Stop'\nGet-Date\n"
    assert found(text, dry_run=False, parameters=[]) == []
