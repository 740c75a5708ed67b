"""A manifest as TOML: in the same order always, so that two versions of a script differ only where they do."""

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import Item, String, StringType, Table, Trivia

from app.models.records.scripts import Manifest, Parameter

_SHORT = ("label", "hint", "choices_from")
"""What of a parameter stands on one line, though it has parts."""
_ORDER = (*(name for name in Manifest.model_fields if name != "text"), "text")
_OF_PARAMETER = tuple(field.alias or name for name, field in Parameter.model_fields.items())


def told_of(manifest: Manifest) -> dict[str, Any]:
    """What a manifest says besides what goes without saying, as TOML and JSON can hold it."""
    told: dict[str, Any] = manifest.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return told


def toml_of(told: Mapping[str, Any]) -> str:
    """A manifest's text, valid or not: what stands by itself first, then the tables, each after the other.

    Nothing is written where there is nothing: TOML knows no null.
    """
    document = tomlkit.document()
    parts = {name: value for name, value in _ordered(told, _ORDER).items() if value is not None}
    for name, value in parts.items():
        if not _is_table(value):
            document.add(name, _item(value))
    for name, value in parts.items():
        if name == "parameters" and _is_table(value):
            entries = tomlkit.aot()
            for each in value:
                entries.append(_table(_ordered(each, _OF_PARAMETER), _SHORT))
            document.add(name, entries)
        elif _is_table(value):
            document.add(name, _table(value))
    return tomlkit.dumps(document)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _ordered(told: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    known = {name: told[name] for name in names if name in told}
    return known | {name: value for name, value in told.items() if name not in known}


def _table(told: Mapping[str, Any], short: tuple[str, ...] = ()) -> Table:
    table = tomlkit.table(is_super_table=bool(told) and all(isinstance(each, Mapping) for each in told.values()))
    for name, value in told.items():
        if value is not None and (name in short or not isinstance(value, Mapping)):
            table.add(tomlkit.key([name]), _item(value))
    for name, value in told.items():
        if isinstance(value, Mapping) and name not in short:
            table.add(tomlkit.key([name]), _table(value))
    return table


def _item(value: Any) -> Item:
    if isinstance(value, Mapping):
        inline = tomlkit.inline_table()
        for name, each in value.items():
            inline.add(tomlkit.key([name]), _item(each))
        return inline
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        for each in value:
            array.append(_item(each))
        return array
    if isinstance(value, str) and "\n" in value and "\r" not in value:
        return _lines(value)
    item: Item = tomlkit.item(value)
    return item


def _lines(text: str) -> String:
    """Several lines that begin below the quotes; a reader leaves out the line feed behind these."""
    inner = tomlkit.string(text, multiline=True).as_string()[3:-3]
    return String(StringType.MLB, text, inner if text.startswith("\n") else f"\n{inner}", Trivia())
