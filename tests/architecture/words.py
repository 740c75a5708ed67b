"""Which words the code asks for, found in its syntax trees."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.architecture.source import Module, dotted

GROUPS = {
    "tr": "",
    "KnownError": "error.",
    "ChannelError": "error.",
    "DatabaseError": "error.",
    "Conflict": "error.",
    "NotAllowed": "error.",
    "place.error": "error.",
    "Probe": "probe.",
    "Reason": "reason.",
}
"""What takes a key as its first argument, and the group of keys that it belongs to."""

PROBLEMS = {"Incoming": 3, "Read": 2}
"""What takes the code of a quarantine's problem, and as which argument."""

OF_CHANNELS = {"passing", "about_message"}
"""What a `ChannelError` is told beside its facts."""

ADDED = {"place.error": {"address", "server", "user", "folder"}}
"""Facts that a place adds by itself."""

_CODE = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_FILES = (".toml", ".svg", ".png", ".ini", ".eml", ".qss")
_FACES = ("app/views/", "app/commands/")
_ERROR_TABLES = ("app/services/channels/", "app/services/database/")


@dataclass(frozen=True)
class Use:
    """A key used somewhere; `facts` are the names given with it, None where they are not told in the call.

    `otherwise` is a second key that is as good: a code may be an error's or a probe's.
    """

    key: str
    where: str
    is_prefix: bool = False
    otherwise: str = ""
    facts: frozenset[str] | None = None


def uses(module: Module, english: Mapping[str, str]) -> Iterator[Use]:
    """Every key that `module` asks for. A key or code in a table is known by the groups that `english` has."""
    for call in module.calls():
        name = dotted(call.func)
        if name in GROUPS and call.args:
            yield from _asked(module, call.args[0], GROUPS[name], _facts(call, name))
        if name in PROBLEMS:
            position = PROBLEMS[name]
            told = [
                *call.args[position : position + 1],
                *(each.value for each in call.keywords if each.arg == "problem"),
            ]
            for each in told:
                yield from _asked(module, each, "quarantine.", None)
    if module.path.startswith(_ERROR_TABLES) and "Error(" in module.text:
        yield from _codes(module, frozenset(key.split(".")[1] for key in english if key.startswith("error.")))
    if module.path.startswith(_FACES):
        yield from _keys(module, frozenset(key.split(".")[0] for key in english) - {"error"})


def _asked(module: Module, key: ast.expr, group: str, facts: frozenset[str] | None) -> Iterator[Use]:
    match key:
        case ast.Constant(value=str(text)):
            yield Use(group + text, module.at(key, ""), facts=facts)
        case ast.IfExp():
            yield from _asked(module, key.body, group, facts)
            yield from _asked(module, key.orelse, group, facts)
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            yield Use(group + text, module.at(key, ""), is_prefix=True)


def _facts(call: ast.Call, name: str) -> frozenset[str] | None:
    if any(each.arg is None for each in call.keywords):
        return None
    if name in ("Probe", "Reason"):
        return _names(call.args[1]) if len(call.args) > 1 else frozenset()
    return frozenset(each.arg for each in call.keywords if each.arg) - OF_CHANNELS | ADDED.get(name, set())


def _names(facts: ast.expr) -> frozenset[str] | None:
    if isinstance(facts, ast.Dict) and all(isinstance(key, ast.Constant) for key in facts.keys):
        return frozenset(str(key.value) for key in facts.keys if isinstance(key, ast.Constant))
    return None


def _codes(module: Module, groups: frozenset[str]) -> Iterator[Use]:
    """Codes in tables from foreign errors to ours, and those that a condition picks for an error or a probe."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and _is_key(node.value, groups):
            yield Use(f"error.{node.value}", module.at(node, ""), otherwise=f"probe.{node.value}")


def _keys(module: Module, groups: frozenset[str]) -> Iterator[Use]:
    """Keys that a condition or a table picks before they are translated."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and _is_key(node.value, groups):
            yield Use(node.value, module.at(node, ""), otherwise=f"error.{node.value}")


def _is_key(value: object, groups: frozenset[str]) -> bool:
    if not isinstance(value, str) or not _CODE.fullmatch(value) or value.endswith(_FILES):
        return False
    return value.split(".")[0] in groups
