"""The pattern that a PowerShell script of the library follows, so that it is safe to hand values to.

It begins with its param block, is strict, stops at the first error, and never makes a command out of text. What the
manifest says of parameters and of a dry run is what the script takes. A weak fence: a person approves each script.
"""

import re
from collections.abc import Iterator

from app.models.errors import KnownError
from app.models.records.scripts import Manifest, Parameter, ParameterType
from app.models.rules.powershell_source import Asked, Source, read

Found = tuple[int, KnownError]
"""A line of the script, from 1, and what is wrong there."""

_TYPES = {
    ParameterType.TEXT: ("string",),
    ParameterType.CHOICE: ("string",),
    ParameterType.HOST: ("string",),
    ParameterType.USER: ("string",),
    ParameterType.INT: ("int", "long"),
    ParameterType.FLAG: ("switch",),
    ParameterType.SECRET: ("securestring",),
    ParameterType.FILE: ("hashtable",),
}
_STRICT = ("Set-StrictMode -Version Latest", "$ErrorActionPreference = 'Stop'")
_FORBIDDEN = re.compile(
    r"(?<![\w$-])(?:Invoke-Expression|iex|Add-Type|Set-Alias|New-Alias|sal|nal|Invoke-Command|icm|Start-Job|"
    r"Invoke-WmiMethod|Read-Host|Get-Credential|pause|cmd(?:\.exe)?|powershell(?:\.exe)?|pwsh(?:\.exe)?|wscript|cscript|"
    r"mshta)(?![\w-])|\[scriptblock\]|\.Invoke\w*\s*\(|ExpandString|NewScriptBlock|EncodedCommand",
    re.IGNORECASE,
)
"""What runs text as a command or hides one, and what waits for somebody to type."""

_CALLS = re.compile(r"(?<![&\w])&\s*[$(\"{]|(?:^|[;{|(=]|\n)\s*\.(?:\s+[^\s\d]|[$(\"'])")
_STARTS = re.compile(r"(?<![\w-])(?:Start-Process|saps)(?![\w-])[^\n;|]*", re.IGNORECASE)
_BUILT = re.compile(r"\"|\s-f\s|\s\+\s|-join\b", re.IGNORECASE)
_HIDES = re.compile(r"`[^\s]")
_TYPOGRAPHIC = re.compile("[\u2018-\u201f\u2013-\u2015]")
_ASKS_FIRST = re.compile(r"\$PSCmdlet\.ShouldProcess\s*\(", re.IGNORECASE)
_CAN_BE_DRY = re.compile(r"(?<!\w)SupportsShouldProcess(?!\s*=\s*\$false)(?!\w)", re.IGNORECASE)


def parameter_name(name: str) -> str:
    """A parameter of a manifest as PowerShell writes it: `print_server` is `PrintServer`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def faults_in(text: str, manifest: Manifest) -> Iterator[Found]:
    """What of the pattern a script does not follow, with the line."""
    source = read(text)
    if source.unclosed is not None:
        yield source.line(source.unclosed), _problem("open")
        return
    yield from _of_commands(source)
    if source.asked is None:
        yield 1, _problem("no_param")
        return
    yield from _of_strictness(source)
    yield from _of_parameters(source, source.asked, manifest)
    yield from _of_dry_run(source, manifest)


def _of_commands(source: Source) -> Iterator[Found]:
    code = source.code
    for found in _FORBIDDEN.finditer(code):
        yield source.line(found.start()), _problem("forbidden", name=found[0].strip())
    for text in source.strings:
        if text.expands and "$(" in text.text and (hidden := _FORBIDDEN.search(text.text)):
            yield source.line(text.start + hidden.start()), _problem("forbidden", name=hidden[0])
        if _is_called(code, text.start) and (hidden := _FORBIDDEN.search(text.text)):
            yield source.line(text.start), _problem("forbidden", name=hidden[0])
    for found in _CALLS.finditer(code):
        yield source.line(found.end() - 1), _problem("call", text=found[0].strip())
    for found in _STARTS.finditer(code):
        if _BUILT.search(found[0]):
            yield source.line(found.start()), _problem("built")
    for found in _HIDES.finditer(code):
        yield source.line(found.start()), _problem("escape")
    for found in _TYPOGRAPHIC.finditer(code):
        yield source.line(found.start()), _problem("quotes")


def _is_called(code: str, start: int) -> bool:
    """Whether a string is run as a command: `& 'so'`."""
    place = start - 1
    while place >= 0 and code[place] in " \t":
        place -= 1
    return place >= 0 and code[place] == "&"


def _of_strictness(source: Source) -> Iterator[Found]:
    """The first two statements behind the param block."""
    lines = [each.strip() for each in _statements(source)]
    for place, wanted in enumerate(_STRICT):
        if len(lines) <= place or lines[place].casefold() != wanted.casefold():
            yield source.line(source.rest), _problem("no_strict", wanted=wanted)


def _statements(source: Source) -> Iterator[str]:
    """The lines with code, as they are written but without their comments."""
    position = source.rest
    for line in source.code[source.rest :].splitlines(keepends=True):
        if line.strip():
            yield source.text[position : position + len(line.rstrip())]
        position += len(line)


def _of_parameters(source: Source, asked: tuple[Asked, ...], manifest: Manifest) -> Iterator[Found]:
    there = {each.name.casefold(): each for each in asked}
    for parameter in manifest.parameters:
        name = parameter_name(parameter.name)
        found = there.pop(name.casefold(), None)
        if found is None:
            yield 1, _problem("parameter_missing", name=name, parameter=parameter.name)
            continue
        line = source.line(found.start)
        if found.kind not in _TYPES[parameter.type]:
            yield line, _problem("type", name=name, type=_TYPES[parameter.type][0])
        wanted = _validation(parameter)
        if wanted and wanted.casefold() not in _squeezed(found.attributes):
            yield line, _problem("validation", name=name, wanted=wanted)
    for each in there.values():
        yield source.line(each.start), _problem("parameter_more", name=each.name)


def _validation(parameter: Parameter) -> str:
    """How the param block holds the values to what the manifest says, without blanks; the script is the last fence."""
    if parameter.type is ParameterType.CHOICE and parameter.choices:
        quoted = ",".join("'" + each.replace("'", "''").replace(" ", "") + "'" for each in parameter.choices)
        return f"[ValidateSet({quoted})]"
    if parameter.type is ParameterType.INT and parameter.least is not None and parameter.most is not None:
        return f"[ValidateRange({parameter.least},{parameter.most})]"
    if parameter.pattern is not None:
        return "[ValidatePattern("
    return ""


def _squeezed(attributes: str) -> str:
    return re.sub(r"\s", "", attributes).casefold()


def _of_dry_run(source: Source, manifest: Manifest) -> Iterator[Found]:
    can = bool(_CAN_BE_DRY.search(source.binding))
    if manifest.dry_run and not (can and _ASKS_FIRST.search(source.code)):
        yield 1, _problem("no_should_process")
    if can and not manifest.dry_run:
        yield 1, _problem("no_dry_run")


def _problem(code: str, **facts: object) -> KnownError:
    return KnownError(f"script.powershell.{code}", **facts)
