"""Which values a remote-help script takes: checked before anything is started anywhere."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address

from app.models.errors import KnownError
from app.models.records.runs import UploadedFile, Value
from app.models.records.scripts import Known, Manifest, Parameter, ParameterType

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_LONGEST_HOST = 253
_DIGEST = 16
_NO_ACCOUNT = re.compile(r"[\x00-\x1f\x7f\"/\\\[\]:;|=,+*?<>]")
"""What an account of Active Directory has never in its name; a user principal name's `@` is let through.
https://learn.microsoft.com/windows/win32/adschema/a-samaccountname"""
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, those that turn the letters after them round, so that a preview would show another value than
runs, and halves of letters, which UTF-8 cannot write."""

_ZONE = re.compile(r"[A-Za-z0-9._-]{1,32}")
"""Of an IPv6 address, after its `%`; Python lets anything through there."""


def checked(manifest: Manifest, given: Mapping[str, object]) -> Mapping[str, Value]:
    """A value for each parameter, of its type; None where one that need not be there is left out.

    `KnownError`: `script.no_parameter` for a name the script does not know, and those of `accepted`.
    """
    names = {each.name for each in manifest.parameters}
    for name in given:
        if name not in names:
            raise KnownError("script.no_parameter", name=name)
    return {each.name: accepted(each, given.get(each.name, each.default)) for each in manifest.parameters}


def accepted(parameter: Parameter, value: object) -> Value:
    """The value in the parameter's type. What was typed may be text for every type but a file.

    `KnownError` with the fact `name`: `script.value_missing`, `script.value_no_int`, `script.value_too_small`,
    `script.value_too_great`, `script.value_no_flag`, `script.value_no_choice`, `script.value_no_host`,
    `script.value_no_account`, `script.value_too_long`, `script.value_control`, `script.value_form`,
    `script.value_no_file`, `script.value_file_too_big`.
    """
    if value is None or value == "":
        if parameter.required and parameter.type is not ParameterType.FLAG:
            raise KnownError("script.value_missing", name=parameter.name)
        return False if parameter.type is ParameterType.FLAG else None
    match parameter.type:
        case ParameterType.INT:
            return _int(parameter, value)
        case ParameterType.FLAG:
            return _flag(parameter, value)
        case ParameterType.FILE:
            return _file(parameter, value)
        case _:
            return _text(parameter, value)


def offered(parameter: Parameter, told: Sequence[str]) -> list[str]:
    """What may be chosen of what a host told: all of it, or the parameter's own choices that are among it.

    A host may write them in other letters than the script does: Windows does not tell them apart.
    """
    if not parameter.choices:
        return list(told)
    there = {each.casefold() for each in told}
    return [each for each in parameter.choices if each.casefold() in there]


def filled_in(manifest: Manifest, known: Mapping[Known, str]) -> Mapping[str, Value]:
    """What the form begins with: what is known of the ticket where it fits, else the default."""
    found: dict[str, Value] = {}
    for each in manifest.parameters:
        found[each.name] = each.default
        if each.known is not None and known.get(each.known):
            try:
                found[each.name] = accepted(each, known[each.known])
            except KnownError:  # a ticket may tell what this script does not take: then a person types it
                continue
    return found


def masked(manifest: Manifest, values: Mapping[str, Value]) -> Mapping[str, str | int | bool | None]:
    """As they are written down: a secret as dots, a file as its name, size and digest."""
    secret = {each.name for each in manifest.parameters if each.type is ParameterType.SECRET}
    found: dict[str, str | int | bool | None] = {}
    for name, value in values.items():
        if isinstance(value, UploadedFile):
            digest = hashlib.sha256(value.content).hexdigest()[:_DIGEST]
            found[name] = f"{value.name} ({len(value.content)} B, SHA-256 {digest})"
        else:
            found[name] = "•••" if name in secret and value is not None else value
    return found


def is_host(text: str) -> bool:
    """A name of DNS in ASCII, or an address of IP."""
    try:
        zone = getattr(ip_address(text), "scope_id", None)
    except ValueError:
        labels = text.removesuffix(".").split(".")
        return len(text) <= _LONGEST_HOST and not labels[-1].isdigit() and all(map(_LABEL.fullmatch, labels))
    return zone is None or _ZONE.fullmatch(zone) is not None


def _int(parameter: Parameter, value: object) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise KnownError("script.value_no_int", name=parameter.name) from None
    if parameter.least is not None and number < parameter.least:
        raise KnownError("script.value_too_small", name=parameter.name, least=parameter.least)
    if parameter.most is not None and number > parameter.most:
        raise KnownError("script.value_too_great", name=parameter.name, most=parameter.most)
    return number


def _flag(parameter: Parameter, value: object) -> bool:
    told = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(str(value).lower())
    if told is None:
        raise KnownError("script.value_no_flag", name=parameter.name)
    return told


def _file(parameter: Parameter, value: object) -> UploadedFile:
    if not isinstance(value, UploadedFile):
        raise KnownError("script.value_no_file", name=parameter.name)
    if len(value.content) > parameter.max_bytes:
        raise KnownError("script.value_file_too_big", name=parameter.name, most=parameter.max_bytes)
    return value


def _text(parameter: Parameter, value: object) -> str:
    text = str(value)
    name = parameter.name
    if len(text) > parameter.max_length:
        raise KnownError("script.value_too_long", name=name, most=parameter.max_length)
    if _NO_TEXT.search(text):
        raise KnownError("script.value_control", name=name)
    if parameter.type is ParameterType.CHOICE and parameter.choices and text not in parameter.choices:
        raise KnownError("script.value_no_choice", name=name, choices=", ".join(parameter.choices))
    if parameter.type is ParameterType.HOST and not is_host(text):
        raise KnownError("script.value_no_host", name=name)
    if parameter.type is ParameterType.USER and _NO_ACCOUNT.search(text):
        raise KnownError("script.value_no_account", name=name)
    if parameter.pattern is not None and not re.fullmatch(parameter.pattern, text):
        raise KnownError("script.value_form", name=name, pattern=parameter.pattern)
    return text
