"""What of a remote-help script must fit together, besides the form of its manifest."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.models.errors import KnownError
from app.models.records.scripts import (
    DirectoryProgram,
    HttpProgram,
    LocalProgram,
    Manifest,
    Parameter,
    ParameterType,
    Risk,
    SessionProgram,
    SqlProgram,
    SshProgram,
    WinrmProgram,
)
from app.models.rules.script_values import accepted

_NAMED = re.compile(r"\{(\w*)\}")
_BOUND = re.compile(r"(?<![:\w]):([a-zA-Z_]\w*)")
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
TARGET = "target"
_OF_OPERATION: Mapping[str, frozenset[str]] = {
    "find_user": frozenset({"text"}),
    "add_group": frozenset({"group"}),
    "remove_group": frozenset({"group"}),
}
"""The parameters of the operations on a directory; the others have none. All but the search are about their target."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`path` is the way to the field in the manifest."""

    path: tuple[str | int, ...]
    problem: KnownError


def faults_of(manifest: Manifest, folder: str, files: frozenset[str]) -> tuple[Fault, ...]:
    """What does not fit in a script that lies in `folder` with these files."""
    found = [*_of_program(manifest, files), *_of_words(manifest)]
    if manifest.id != folder:
        found.append(_fault(("id",), "script.other_id", id=manifest.id, folder=folder))
    for position, parameter in enumerate(manifest.parameters):
        found.extend(_of_parameter(position, parameter))
    return tuple(found)


def faults_between(manifests: Mapping[str, Manifest]) -> Mapping[str, tuple[Fault, ...]]:
    """What does not fit between the scripts of a library, by the id of the script that is wrong."""
    found: dict[str, list[Fault]] = {}
    for name, manifest in manifests.items():
        for each in manifest.follow_up.scripts:
            if each not in manifests:
                found.setdefault(name, []).append(_fault(("follow_up", "scripts"), "script.no_such", id=each))
        for position, parameter in enumerate(manifest.parameters):
            found.setdefault(name, []).extend(_of_source(position, parameter, manifests))
    return {name: tuple(faults) for name, faults in found.items() if faults}


def _of_source(position: int, parameter: Parameter, manifests: Mapping[str, Manifest]) -> Iterator[Fault]:
    if parameter.choices_from is None:
        return
    path = ("parameters", position, "choices_from")
    source = manifests.get(parameter.choices_from.script)
    if source is None:
        yield _fault(path, "script.no_such", id=parameter.choices_from.script)
    elif source.risk is not Risk.READ:
        yield _fault(path, "script.source_changes", id=source.id)


def _of_program(manifest: Manifest, files: frozenset[str]) -> Iterator[Fault]:
    program = manifest.program
    names = {each.name for each in manifest.parameters}
    if isinstance(program, LocalProgram | SshProgram | WinrmProgram) and program.file not in files:
        yield _fault(("program", "file"), "script.no_file", file=program.file)
    if isinstance(program, HttpProgram):
        yield from _unknown(("program", "path"), (program.path,), names)
        yield from _unknown(("program", "query"), tuple(program.query.values()), names)
        yield from _unknown(("program", "headers"), tuple(program.headers.values()), names)
        yield from _unknown(("program", "form"), tuple(program.form.values()), names)
        body = tuple(each for each in (program.body or {}).values() if isinstance(each, str))
        yield from _unknown(("program", "body"), body, names)
    if isinstance(program, SessionProgram):
        for platform, forms in program.start.items():
            words = tuple(word for form in forms for word in form)
            yield from _unknown(("program", "start", platform), words, names | {TARGET})
    if isinstance(program, DirectoryProgram):
        yield from _of_operation(manifest, program.operation, names)
    if isinstance(program, SqlProgram):
        for name in sorted(set(_BOUND.findall(_QUOTED.sub("", program.statement))) - names):
            yield _fault(("program", "statement"), "script.no_parameter", name=name)


def _of_operation(manifest: Manifest, operation: str, names: set[str]) -> Iterator[Fault]:
    known = _OF_OPERATION.get(operation, frozenset())
    if names != known:
        told = ", ".join(sorted(known)) or "-"
        yield _fault(("parameters",), "script.operation_parameters", operation=operation, names=told)
    about_target = operation != "find_user"
    if manifest.takes_target != about_target:
        wanted = str(about_target).lower()
        yield _fault(("takes_target",), "script.operation_target", operation=operation, wanted=wanted)


def _of_words(manifest: Manifest) -> Iterator[Fault]:
    names = {each.name for each in manifest.parameters if each.type is not ParameterType.SECRET} | {TARGET}
    for language, words in manifest.text.items():
        for field in ("confirm", "note"):
            yield from _unknown(("text", language, field), (getattr(words, field),), names)


def _unknown(path: tuple[str | int, ...], texts: Sequence[str], names: set[str]) -> Iterator[Fault]:
    for text in texts:
        for name in _NAMED.findall(text):
            if name not in names:
                yield _fault(path, "script.no_parameter", name=name)


def _of_parameter(position: int, parameter: Parameter) -> Iterator[Fault]:
    path = ("parameters", position)
    if parameter.least is not None and parameter.most is not None and parameter.least > parameter.most:
        yield _fault((*path, "least"), "script.least_over_most", least=parameter.least, most=parameter.most)
    if parameter.default is not None:
        try:
            accepted(parameter, parameter.default)
        except KnownError as error:
            yield Fault((*path, "default"), error)


def _fault(path: tuple[str | int, ...], code: str, **facts: object) -> Fault:
    return Fault(path, KnownError(code, **facts))
