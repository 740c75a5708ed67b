"""A script while it is edited: its draft, what is wrong with it by field, and where in the form that is. Pure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.models.errors import KnownError
from app.models.records.scripts import Manifest, Transport
from app.services.remote_help import authoring
from app.services.remote_help.authoring import ScriptDraft
from app.services.remote_help.library import MANIFEST, BrokenField, BrokenScript, toml_fault
from app.services.wording import languages, tr_error
from app.views.script_library import manifest_lines
from app.views.script_library.manifest_lines import Line, Path, entered, get, put, shown

SECTIONS = ("general", "texts", "program", "parameters", "safety", "proposals", "text")
"""The editor's pages; `text` is the manifest as TOML."""

_OF_TABLES = {
    "text": "texts",
    "program": "program",
    "parameters": "parameters",
    "proposed": "proposals",
    "follow_up": "proposals",
}


@dataclass
class EditorModel:
    """`others` are the scripts that it may name. `problems` are by field, dotted as `BrokenField` has them."""

    draft: ScriptDraft
    others: Mapping[str, Manifest] = field(default_factory=dict)
    problems: Sequence[BrokenField] = ()

    @property
    def transport(self) -> Transport:
        told = get(self.draft.told, ("program", "transport"))
        return Transport(told) if told in list(Transport) else Transport.SSH

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that the desk speaks, English first, and those that the script speaks besides."""
        told = get(self.draft.told, ("text",)) or {}
        return tuple(dict.fromkeys(("en", *languages(), *told)))

    @property
    def parameters(self) -> list[Mapping[str, Any]]:
        return list(self.draft.told.get("parameters", []))

    def value(self, line: Line) -> str | bool:
        """What stands in the form."""
        return shown(line, get(self.draft.told, line.path))

    def enter(self, line: Line, typed: str | bool) -> None:
        self._put(line.path, entered(line, typed))

    def choose_transport(self, transport: Transport) -> None:
        """Another kind of program: what both know stays."""
        before = get(self.draft.told, ("program",)) or {}
        known = {each.path[-1] for each in manifest_lines.program(transport)}
        kept = {name: value for name, value in before.items() if name in known and name not in ("file", "shell")}
        self._put(("program",), {"transport": transport.value, **kept})

    def add_parameter(self) -> int:
        """One more at the end; its place."""
        there = self.parameters
        taken = {each.get("name") for each in there}
        name = next(name for place in range(1, len(there) + 2) if (name := f"value{place}") not in taken)
        self._put(("parameters",), [*there, {"name": name, "type": "text", "label": {"en": ""}}])
        return len(there)

    def remove_parameter(self, place: int) -> None:
        there = self.parameters
        del there[place]
        self._put(("parameters",), there or None)

    def move_parameter(self, place: int, by: int) -> int:
        """Further up (-1) or down; where it is then. A shell script gets them in their order."""
        there = self.parameters
        to = min(max(place + by, 0), len(there) - 1)
        there.insert(to, there.pop(place))
        self._put(("parameters",), there)
        return to

    def put_file(self, name: str, content: bytes) -> None:
        self.draft = replace(self.draft, files={**self.draft.files, name: content})

    def remove_file(self, name: str) -> None:
        self.draft = replace(self.draft, files={each: it for each, it in self.draft.files.items() if each != name})

    def take_text(self, text: str) -> BrokenField | None:
        """The manifest as TOML that was typed; what is wrong where it cannot be read, and nothing is changed then."""
        try:
            told = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            return toml_fault(error)
        self.draft = replace(self.draft, told=_plain(told))
        return None

    def check(self) -> bool:
        """Whether it could be stored as it is; `problems` tells what is wrong."""
        try:
            authoring.checked(self.draft, self.others)
        except BrokenScript as error:
            self.problems = error.fields
        else:
            self.problems = ()
        return not self.problems

    def words(self, wanted: Line) -> str:
        """What is wrong with a line; empty where nothing is. What is wrong deeper within it counts as its own."""
        for each in self.problems:
            if each.field == wanted.field or each.field.startswith(f"{wanted.field}."):
                return tr_error(each.problem)
        return ""

    def section_of(self, broken: BrokenField) -> str:
        """The page on which a field is asked for."""
        if not broken.field:
            return "general"
        head = broken.field.split(".", maxsplit=1)[0]
        if head in manifest_lines.SAFETY:
            return "safety"
        return _OF_TABLES.get(head, "general" if head in manifest_lines.GENERAL else "text")

    def sections_with_problems(self) -> set[str]:
        return {self.section_of(each) for each in self.problems}

    def elsewhere(self) -> str:
        """What is wrong with the whole, or with what no line asks for: told above all pages."""
        for each in self.problems:
            if not each.field or self.section_of(each) == "text" or each.field in ("parameters", "program", "text"):
                return tr_error(each.problem)
        return ""

    def _put(self, path: Path, value: Any) -> None:
        self.draft = replace(self.draft, told=put(self.draft.told, path, value))


def is_text(content: bytes) -> bool:
    """Whether a file can be shown and typed into."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


def file_problem(name: str, there: Mapping[str, bytes]) -> KnownError | None:
    """Why a new file cannot have that name."""
    if not name or name == MANIFEST or name.startswith((".", "__")) or "/" in name or "\\" in name:
        return KnownError("script.bad_file_name", name=name)
    return KnownError("script.file_there", name=name) if name in there else None


def _plain(value: Any) -> Any:
    """As the journal can hold it: TOML knows dates, which no manifest has."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool) else str(value)
