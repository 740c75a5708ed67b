"""The fields of a manifest as lines of a form, drawn from its schema, and how each is written in a line. Pure."""

import json
import re
import shlex
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.models.records.scripts import (
    ChoicesFrom,
    DirectoryProgram,
    FollowUp,
    HttpProgram,
    LocalProgram,
    Manifest,
    Parameter,
    Proposed,
    SessionProgram,
    SqlProgram,
    SshProgram,
    Transport,
    WinrmProgram,
    Words,
)

Path = tuple[str | int, ...]


class Kind(StrEnum):
    """How a field is asked for. Of those that several lines are for, each line is an entry: of PAIRS a name and its
    text, of VALUES a name and a text, number, true or false, of LISTS a name and several texts, of FORMS a platform and
    a command."""

    TEXT = "text"
    LONG = "long"
    WHOLE = "whole"
    SWITCH = "switch"
    CHOICE = "choice"
    VALUE = "value"
    LIST = "list"
    NUMBERS = "numbers"
    PAIRS = "pairs"
    VALUES = "values"
    LISTS = "lists"
    FORMS = "forms"


MANY = frozenset({Kind.LONG, Kind.LIST, Kind.NUMBERS, Kind.PAIRS, Kind.VALUES, Kind.LISTS, Kind.FORMS})
"""Those that take several lines."""

PROGRAMS: Mapping[Transport, type[BaseModel]] = {
    Transport.LOCAL: LocalProgram,
    Transport.SSH: SshProgram,
    Transport.WINRM: WinrmProgram,
    Transport.DIRECTORY: DirectoryProgram,
    Transport.HTTP: HttpProgram,
    Transport.SQL: SqlProgram,
    Transport.SESSION: SessionProgram,
}
GENERAL = (
    "id", "version", "category", "risk", "level", "role", "platforms", "takes_target", "target_from", "run_as",
)  # fmt: skip
SAFETY = ("approval", "consent", "dry_run", "timeout", "success_codes", "concurrency", "output")
_LONG = frozenset({"description", "changes", "undo", "confirm", "note", "statement"})
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True)
class Line:
    """`path` is the way to the field in what the manifest says. What stands at `default` need not be written down;
    `needed` ones are written even if they are empty, so that it is told that they are."""

    path: Path
    kind: Kind
    choices: tuple[str, ...] = ()
    default: Any = None
    needed: bool = False

    @property
    def name(self) -> str:
        """Its words' key: `parameters.label` for the label of any parameter."""
        parts = [str(each) for each in self.path if not isinstance(each, int)]
        if parts[0] == "text":
            parts.pop(1)
        return ".".join(parts)

    @property
    def field(self) -> str:
        """As a `BrokenField` calls it."""
        return ".".join(map(str, self.path))


def general() -> list[Line]:
    return _lines(Manifest, (), GENERAL)


def safety() -> list[Line]:
    return _lines(Manifest, (), SAFETY)


def texts(language: str) -> list[Line]:
    return _lines(Words, ("text", language))


def program(transport: Transport) -> list[Line]:
    """What a script of that transport says of how it runs, but for the transport itself."""
    model = PROGRAMS[transport]
    return _lines(model, ("program",), tuple(name for name in model.model_fields if name != "transport"))


def parameter(place: int) -> list[Line]:
    path = ("parameters", place)
    found = _lines(Parameter, path, tuple(name for name in Parameter.model_fields if name != "choices_from"))
    return [*found, *_lines(ChoicesFrom, (*path, "choices_from"), needed=False)]


def proposals() -> list[Line]:
    return [*_lines(Proposed, ("proposed",)), *_lines(FollowUp, ("follow_up",))]


def get(told: Mapping[str, Any], path: Path) -> Any:
    """What stands at a path; None where nothing does."""
    found: Any = told
    for part in path:
        if isinstance(found, Mapping):
            found = found.get(str(part))
        elif isinstance(found, list) and isinstance(part, int) and part < len(found):
            found = found[part]
        else:
            return None
    return found


def put(told: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The same with something else at a path; None takes away what stands there, and tables that are empty then."""
    head, rest = str(path[0]), path[1:]
    changed = dict(told)
    inner = changed.get(head)
    if not rest:
        changed[head] = value
    elif isinstance(rest[0], int):
        entries = list(inner) if isinstance(inner, list) else []
        entries[rest[0]] = put(entries[rest[0]], rest[1:], value)
        changed[head] = entries
    else:
        changed[head] = put(inner if isinstance(inner, Mapping) else {}, rest, value) or None
    if changed[head] is None:
        del changed[head]
    return changed


def shown(line: Line, value: Any) -> str | bool:
    """What stands in the form for a value; for one that is missing what goes without saying."""
    if line.kind is Kind.SWITCH:
        return bool(line.default if value is None else value)
    told = line.default if value is None else value
    if told is None:
        return ""
    match line.kind:
        case Kind.VALUE:
            return _scalar(told)
        case Kind.LIST | Kind.NUMBERS:
            return "\n".join(map(_entry, told)) if isinstance(told, list | tuple) else str(told)
        case Kind.PAIRS | Kind.VALUES | Kind.LISTS | Kind.FORMS:
            return "\n".join(_rows(line.kind, told)) if isinstance(told, Mapping) else str(told)
        case _:
            return str(told)


def entered(line: Line, typed: str | bool) -> Any:
    """The value that was typed; None where it need not be written down. What is no number stays as it was typed."""
    value = typed if isinstance(typed, bool) else _entered(line.kind, typed)
    if value in ("", [], {}) and not line.needed:
        return None if line.default in (None, "", (), [], {}) else value
    plain = list(line.default) if isinstance(line.default, tuple) else line.default
    return None if value == plain and type(value) is type(plain) and not line.needed else value


def _entered(kind: Kind, typed: str) -> Any:
    match kind:
        case Kind.WHOLE:
            return _whole(typed.strip())
        case Kind.VALUE:
            return _value(typed)
        case Kind.LIST:
            return [_unquoted(each) for each in typed.split("\n") if each]
        case Kind.NUMBERS:
            return [_whole(each.strip()) for each in re.split(r"[\n,]", typed) if each.strip()]
        case Kind.PAIRS:
            return {name: _unquoted(text) for name, text in _named(typed)}
        case Kind.VALUES:
            return {name: _value(text) for name, text in _named(typed)}
        case Kind.LISTS:
            return {name: _texts(text) for name, text in _named(typed)}
        case Kind.FORMS:
            return _forms(typed)
        case Kind.LONG:
            return typed
        case _:
            return typed.strip()


def _lines(model: type[BaseModel], path: Path, names: tuple[str, ...] = (), *, needed: bool = True) -> list[Line]:
    fields = model.model_fields
    found = []
    for name in names or tuple(fields):
        info = fields[name]
        kind, choices = _kind(name, info)
        is_needed = needed and info.is_required()
        default = None if info.is_required() else info.get_default(call_default_factory=True)
        plain = default.value if isinstance(default, Enum) else default
        found.append(Line((*path, info.alias or name), kind, choices, plain, is_needed))
    return found


def _kind(name: str, info: FieldInfo) -> tuple[Kind, tuple[str, ...]]:
    base = _bare(info.annotation)
    if isinstance(base, tuple):
        return Kind.VALUE, ()
    if get_origin(base) is Literal:
        return Kind.CHOICE, tuple(map(str, get_args(base)))
    if isinstance(base, type) and issubclass(base, Enum):
        return Kind.CHOICE, tuple(str(each.value) for each in base)
    if base in (bool, int):
        return (Kind.SWITCH if base is bool else Kind.WHOLE), ()
    if get_origin(base) is tuple:
        of = get_args(base)[0]
        return (Kind.NUMBERS, ()) if of is int else (Kind.LIST, tuple(map(str, get_args(of))))
    if base is not str:
        return _of_mapping(get_args(base)[1]), ()
    return (Kind.LONG if name in _LONG else Kind.TEXT), ()


def _of_mapping(of: Any) -> Kind:
    if of is str:
        return Kind.PAIRS
    if get_origin(of) is tuple:
        return Kind.FORMS if get_origin(_bare(get_args(of)[0])) is tuple else Kind.LISTS
    return Kind.VALUES


def _bare(annotation: Any) -> Any:
    """Without `| None` and what is annotated; a tuple of types where there are several."""
    if get_origin(annotation) is Annotated:
        return get_args(annotation)[0]
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    parts = tuple(each for each in get_args(annotation) if each is not type(None))
    return parts[0] if len(parts) == 1 else parts


def _rows(kind: Kind, told: Mapping[str, Any]) -> Iterator[str]:
    for name, value in told.items():
        head = _entry(name, also="=")
        if kind is Kind.FORMS:
            yield from (f"{head} = {_command(each)}" for each in value or ((),))
        elif kind is Kind.LISTS:
            yield f"{head} = {', '.join(_entry(each, also=',') for each in value)}"
        else:
            yield f"{head} = {_entry(value) if kind is Kind.PAIRS else _scalar(value)}"


def _entry(text: object, also: str = "") -> str:
    """As it is, or in quotes where it would not be read as the same."""
    plain = str(text)
    fits = plain == plain.strip() and plain and not re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", plain)
    return plain if fits and not plain.startswith('"') and not (also and also in plain) else json.dumps(plain)


def _scalar(value: Any) -> str:
    """Quotes tell a text from what reads as a number, true or false."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return json.dumps(value) if _value(_entry(value)) != value else _entry(value)


def _value(text: str) -> Any:
    plain = text.strip()
    if plain in ("true", "false"):
        return plain == "true"
    return int(plain) if re.fullmatch(r"-?\d{1,18}", plain, re.ASCII) else _unquoted(text)


def _unquoted(text: str) -> str:
    plain = text.strip()
    if _QUOTED.fullmatch(plain):
        try:
            return str(json.loads(plain, strict=False))
        except ValueError:
            return plain
    return plain


def _named(typed: str) -> Iterator[tuple[str, str]]:
    """Each line's name and what stands behind its sign; a line without one has a name alone."""
    for each in typed.split("\n"):
        if not each.strip():
            continue
        quoted = _QUOTED.match(each.lstrip())
        if quoted and (rest := each.lstrip()[quoted.end() :].lstrip()).startswith("="):
            yield _unquoted(quoted[0]), rest[1:]
        else:
            name, _, text = each.partition("=")
            yield name.strip(), text


def _texts(text: str) -> list[str]:
    """What stands between commas, quotes aside."""
    found, rest = list[str](), text.strip()
    while rest:
        quoted = _QUOTED.match(rest)
        if quoted and (not rest[quoted.end() :].strip() or rest[quoted.end() :].lstrip().startswith(",")):
            found.append(_unquoted(quoted[0]))
            rest = rest[quoted.end() :].lstrip()[1:].lstrip()
        else:
            first, _, rest = rest.partition(",")
            found.append(first.strip())
            rest = rest.lstrip()
    return found


def _command(words: Any) -> str:
    return shlex.join(map(str, words)) if not any("\n" in str(each) for each in words) else json.dumps(list(words))


def _forms(typed: str) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for name, text in _named(typed):
        found.setdefault(name, []).append(_words(text))
    return found


def _words(text: str) -> list[str]:
    if text.strip().startswith("["):
        try:
            return [str(each) for each in json.loads(text)]
        except ValueError:
            return [text.strip()]
    try:
        return shlex.split(text)
    except ValueError:
        return [text.strip()]


def _whole(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?\d{1,18}", text, re.ASCII) else text
