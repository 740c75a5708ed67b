"""Scripts as folders: read whole, checked, and known by the digest of all their bytes."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import ValidationError

from app.models.errors import KnownError
from app.models.records.scripts import Manifest, Package, WinrmProgram
from app.models.rules import powershell
from app.models.rules.scripts import Fault, faults_between, faults_of
from app.services.remote_help.places import line_of, lines_of
from app.services.resources import resources

MANIFEST = "script.toml"
_MOST_FILES, _MOST_BYTES = 50, 5_000_000
_NOT_OURS = (".", "__")
_KNOWN = frozenset(
    {
        "missing",
        "extra_forbidden",
        "string_pattern_mismatch",
        "string_too_short",
        "string_too_long",
        "string_type",
        "int_type",
        "int_parsing",
        "bool_type",
        "bool_parsing",
        "tuple_type",
        "mapping_type",
        "greater_than_equal",
        "less_than_equal",
        "enum",
        "literal_error",
        "union_tag_invalid",
        "union_tag_not_found",
        "value_error",
    }
)
"""What pydantic may find of which there are words of ours."""


@dataclass(frozen=True, slots=True)
class BrokenField:
    """What is wrong with one field; `line` is that in the manifest, `field` dotted. `problem` has the words."""

    line: int
    field: str
    problem: KnownError


class BrokenScript(KnownError):
    """A folder that is no script. Facts: script, file, line and field of the first of its `fields`."""

    def __init__(self, script: str, fields: Iterable[BrokenField]) -> None:
        self.fields = tuple(fields)
        first = self.fields[0]
        super().__init__(
            "script.broken", script=script, file=MANIFEST, line=first.line, field=first.field, more=len(self.fields) - 1
        )


def built_in() -> Mapping[str, Package]:
    """The scripts that ship with the desk, by id. They were all checked when it was built."""
    found = {each.name: read(each) for each in _folders(resources().joinpath("scripts"))}
    return dict(sorted(found.items()))


@cache
def built_in_digests() -> frozenset[str]:
    """Those of the scripts that ship with the desk."""
    return frozenset(each.sha256 for each in built_in().values())


def read_all(folder: Traversable) -> tuple[Mapping[str, Package], tuple[BrokenScript, ...]]:
    """The scripts in the folders of `folder` by id, checked against each other as well, and those that are broken."""
    packages: dict[str, Package] = {}
    broken: list[BrokenScript] = []
    for each in _folders(folder):
        try:
            packages[each.name] = read(each)
        except BrokenScript as error:
            broken.append(error)
    manifests = {name: each.manifest for name, each in packages.items()}
    for name, faults in faults_between(manifests).items():
        broken.append(BrokenScript(name, placed(packages.pop(name).files[MANIFEST].decode(), faults)))
    return packages, tuple(broken)


def read_any(folder: Traversable) -> tuple[list[Package], tuple[BrokenScript, ...]]:
    """The script that a folder is, or those in the folders of it; and those that are broken."""
    if not folder.joinpath(MANIFEST).is_file():
        packages, broken = read_all(folder)
        return list(packages.values()), broken
    try:
        return [read(folder)], ()
    except BrokenScript as error:
        return [], (error,)


def read(folder: Traversable) -> Package:
    """The script in a folder. `BrokenScript` with the line and field of each thing that is wrong."""
    files = _files(folder)
    if MANIFEST not in files:
        raise BrokenScript(folder.name, (_whole("script.no_manifest", file=MANIFEST),))
    return package_of(folder.name, files)


def package_of(name: str, files: Mapping[str, bytes]) -> Package:
    """The script that these files are, `script.toml` among them. `BrokenScript` as above."""
    try:
        text = files[MANIFEST].decode("utf-8")
        told = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise BrokenScript(name, (_whole("script.not_utf8", file=MANIFEST),)) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BrokenScript(name, (toml_fault(error),)) from error
    manifest = _manifest(name, text, told)
    faults = faults_of(manifest, name, frozenset(files))
    fields = [*placed(text, faults), *_of_source(manifest, files)]
    if fields:
        raise BrokenScript(name, fields)
    return Package(manifest, dict(files), digest(files))


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 in hex over the names and bytes of all files, each with its length, in the order of their names."""
    whole = hashlib.sha256()
    for name, content in sorted(files.items()):
        for part in (name.encode(), content):
            whole.update(len(part).to_bytes(8, "big"))
            whole.update(part)
    return whole.hexdigest()


def _of_source(manifest: Manifest, files: Mapping[str, bytes]) -> Iterable[BrokenField]:
    """What is wrong in the program itself; the field is its file."""
    program = manifest.program
    if not isinstance(program, WinrmProgram) or program.file not in files:
        return
    try:
        text = files[program.file].decode("utf-8-sig")
    except UnicodeDecodeError:
        yield BrokenField(1, program.file, KnownError("script.not_utf8", file=program.file))
        return
    for line, problem in sorted(powershell.faults_in(text, manifest), key=lambda each: each[0]):
        yield BrokenField(line, program.file, problem)


def _manifest(name: str, text: str, told: Mapping[str, Any]) -> Manifest:
    try:
        return Manifest.model_validate(told)
    except ValidationError as error:
        lines = lines_of(text)
        fields = []
        for each in error.errors(include_url=False, include_input=False):
            path = _within(told, each["loc"])
            code = each["type"] if each["type"] in _KNOWN else "other"
            facts = {key: str(value) for key, value in each.get("ctx", {}).items()}
            problem = KnownError(f"script.field.{code}", **{"message": each["msg"], **facts})
            fields.append(BrokenField(line_of(lines, path), ".".join(map(str, path)), problem))
        raise BrokenScript(name, sorted(fields, key=lambda each: each.line)) from error


def _within(told: Any, location: Iterable[str | int]) -> tuple[str | int, ...]:
    """The way to a field as it stands in the text: without the names that pydantic gives to the kinds of a union."""
    path: list[str | int] = []
    parts = list(location)
    for position, part in enumerate(parts):
        inside = part in told if isinstance(told, dict) else isinstance(told, list) and part in range(len(told))
        if inside:
            told = told[part]
        elif position < len(parts) - 1:
            continue
        path.append(part)
    return tuple(path)


def placed(text: str, faults: Iterable[Fault]) -> list[BrokenField]:
    """The faults with the lines that they stand on in the manifest's text."""
    lines = lines_of(text)
    found = [BrokenField(line_of(lines, each.path), ".".join(map(str, each.path)), each.problem) for each in faults]
    return sorted(found, key=lambda each: each.line)


def toml_fault(error: Exception) -> BrokenField:
    """Where a text is no TOML: what the reader of TOML says ends with `(at line 3, column 5)`."""
    said = str(error)
    number = said.rpartition("line ")[2].split(",")[0]
    return BrokenField(int(number) if number.isdigit() else 1, "", KnownError("script.no_toml", message=said))


def _whole(code: str, **facts: object) -> BrokenField:
    return BrokenField(1, "", KnownError(code, **facts))


def _folders(folder: Traversable) -> list[Traversable]:
    found = (each for each in folder.iterdir() if each.is_dir() and not each.name.startswith(_NOT_OURS))
    return sorted(found, key=lambda each: each.name)


def _files(folder: Traversable) -> dict[str, bytes]:
    """By name. What begins with a dot or `__` is no part of the script; no other folder may be in it."""
    found: dict[str, bytes] = {}
    size = 0
    try:
        for each in folder.iterdir():
            if each.name.startswith(_NOT_OURS):
                continue
            if not each.is_file():
                raise BrokenScript(folder.name, (_whole("script.folder_inside", name=each.name),))
            found[each.name] = each.read_bytes()
            size += len(found[each.name])
            if len(found) > _MOST_FILES or size > _MOST_BYTES:
                raise BrokenScript(folder.name, (_whole("script.too_big", files=_MOST_FILES, bytes=_MOST_BYTES),))
    except OSError as error:
        raise KnownError("script.unreadable", script=folder.name, problem=error.strerror or "") from error
    return found
