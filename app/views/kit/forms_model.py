"""A settings form from the fields of a pydantic model. Pure: it needs no widget."""

import types
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from app.services.channels.interface import NOT_ASKED
from app.services.wording import tr, tr_or


class Kind(StrEnum):
    """How a field is asked for."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    FOLDER = "folder"
    FILE = "file"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form. `optional` ones may stay empty and are then the field's own default.

    `choices` are the values that there are, with their words.
    """

    name: str
    title: str
    description: str
    kind: Kind
    optional: bool
    default: Any
    choices: tuple[tuple[str, str], ...] = ()
    lowest: float | None = None
    highest: float | None = None


def fields_of(model: type[BaseModel], area: str = "") -> list[Field]:
    """The lines of a form, in the order of the model.

    The model's own titles and descriptions are English. Other languages have theirs under `setting.<area>.<field>` and
    `hint.<area>.<field>`; every language has what a choice is called under `choice.<area>.<field>.<value>`. A field
    that is marked `NOT_ASKED` is for the command line alone.
    """
    return [_field(name, info, area) for name, info in _asked(model).items()]


def read(model: type[BaseModel], entered: Mapping[str, Any]) -> tuple[BaseModel | None, dict[str, str]]:
    """The settings, or what is wrong with each field, in words. A problem of the whole stands under its last field."""
    given = {name: value for name, value in entered.items() if value not in ("", None)}
    try:
        return model.model_validate(given), {}
    except ValidationError as error:
        names = list(_asked(model))
        problems: dict[str, str] = {}
        for each in error.errors(include_url=False):
            name = str(each["loc"][0]) if each["loc"] else names[-1]
            problems.setdefault(name, _words(each["type"], each.get("ctx", {}), each["msg"]))
        return None, problems


def _asked(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {name: info for name, info in model.model_fields.items() if info.json_schema_extra != NOT_ASKED}


def _field(name: str, info: FieldInfo, area: str) -> Field:
    base, optional = _bare(info.annotation)
    lowest, highest = _limits(info)
    return Field(
        name=name,
        title=tr_or(f"setting.{area}.{name}", info.title or name.replace("_", " ").capitalize()),
        description=tr_or(f"hint.{area}.{name}", info.description or ""),
        kind=_kind(name, base),
        optional=optional or not info.is_required(),
        default=None if info.is_required() else info.get_default(call_default_factory=False),
        choices=tuple((each, tr_or(f"choice.{area}.{name}.{each}", each)) for each in _choices(base)),
        lowest=lowest,
        highest=highest,
    )


def _bare(annotation: Any) -> tuple[Any, bool]:
    """The type without `Annotated` and without `| None`, and whether it had that."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [each for each in get_args(annotation) if each is not type(None)]
        return _bare(parts[0])[0], len(parts) < len(get_args(annotation))
    return annotation, False


def _kind(name: str, base: Any) -> Kind:
    """A path is a folder's, unless its name says that it is a file's (`ca_file`). A certificate as text has lines."""
    if get_origin(base) is Literal or (isinstance(base, type) and issubclass(base, Enum)):
        return Kind.CHOICE
    if base is bool:
        return Kind.SWITCH
    if base is int:
        return Kind.WHOLE
    if base is float:
        return Kind.NUMBER
    if isinstance(base, type) and issubclass(base, Path):
        return Kind.FILE if name.endswith("file") else Kind.FOLDER
    return Kind.LINES if name == "ca" else Kind.TEXT


def _choices(base: Any) -> tuple[str, ...]:
    if get_origin(base) is Literal:
        return tuple(map(str, get_args(base)))
    if isinstance(base, type) and issubclass(base, Enum):
        return tuple(str(each.value) for each in base)
    return ()


def _limits(info: FieldInfo) -> tuple[float | None, float | None]:
    lowest = highest = None
    for rule in info.metadata:
        lowest = getattr(rule, "ge", None) if lowest is None else lowest
        highest = getattr(rule, "le", None) if highest is None else highest
    return lowest, highest


def _words(kind: str, facts: Mapping[str, Any], message: str) -> str:
    match kind:
        case "missing" | "string_too_short":
            return tr("form.required")
        case "string_too_long":
            return tr("form.too_long", limit=facts["max_length"])
        case "int_parsing" | "int_type" | "int_from_float":
            return tr("form.whole_number")
        case "float_parsing" | "float_type":
            return tr("form.number")
        case "greater_than_equal":
            return tr("form.at_least", limit=facts["ge"])
        case "less_than_equal":
            return tr("form.at_most", limit=facts["le"])
        case "value_error":
            words = str(facts.get("error", message))
            return f"{words[:1].upper()}{words[1:]}."
        case _:
            return message
