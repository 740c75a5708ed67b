"""A request as its parts: no value can leave the place that the manifest gives it."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from app.models.errors import KnownError
from app.models.records.runs import UploadedFile, Value
from app.models.records.scripts import HttpProgram

_NAMED = re.compile(r"\{(\w+|secret:\w+)\}")
_VISIBLE = re.compile(r"[\x20-\x7e]*")
_SECRET = "secret:"  # noqa: S105 - how one is named
_LONGEST = 32_000
"""Letters of path and query; most services take no more than 8,000."""

Secret = Callable[[str], str | None]


@dataclass(frozen=True)
class Asked:
    """`place` is path and query as they go over the wire. Its repr tells neither headers nor content."""

    method: str
    place: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


def asked(program: HttpProgram, base: str, values: Mapping[str, Value], secret: Secret) -> Asked:
    """The request. `base` is the path of the connection's address.

    `KnownError` `http.bad_segment`, `http.bad_header`, `http.no_secret`, `http.file_value`, `http.too_long`.
    """
    filling = _Filling(values, secret)
    segments = [filling.segment(each) for each in program.path.split("/")[1:]]
    place = base.rstrip("/") + "/" + "/".join(segments)
    query = filling.pairs(program.query)
    headers = {"Accept": "application/json, */*;q=0.5"}
    headers |= {name: filling.header(name, text) for name, text in program.headers.items()}
    content = b""
    if program.body is not None:
        content = json.dumps({name: filling.value(each) for name, each in program.body.items()}).encode()
        headers.setdefault("Content-Type", "application/json")
    elif program.form:
        content = urlencode(filling.pairs(program.form), quote_via=quote).encode()
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    place += "?" + urlencode(query, quote_via=quote) if query else ""
    if len(place) > _LONGEST:
        raise KnownError("http.too_long", most=_LONGEST)
    return Asked(program.method, place, headers, content)


@dataclass(frozen=True)
class _Filling:
    values: Mapping[str, Value]
    secret: Secret

    def segment(self, text: str) -> str:
        """One part of a path, in which no value can be more than one, or the way up."""
        if not _NAMED.search(text):
            return text
        found = self.text(text)
        if found in ("", ".", ".."):
            raise KnownError("http.bad_segment", value=found)
        return quote(found, safe="")

    def header(self, name: str, text: str) -> str:
        found = self.text(text)
        if not _VISIBLE.fullmatch(found):
            raise KnownError("http.bad_header", name=name)
        return found

    def pairs(self, told: Mapping[str, str]) -> list[tuple[str, str]]:
        """Those that have a value."""
        found = ((name, self.value(text)) for name, text in told.items())
        return [(name, _written(value)) for name, value in found if value is not None]

    def value(self, template: str | int | bool | None) -> str | int | bool | None:
        """A parameter's own value where it stands alone, with its type; else text with the values in it."""
        if not isinstance(template, str):
            return template
        alone = _NAMED.fullmatch(template)
        return self._named(alone[1]) if alone else self.text(template)

    def text(self, template: str) -> str:
        return _NAMED.sub(lambda each: _written(self._named(each[1])), template)

    def _named(self, name: str) -> str | int | bool | None:
        if name.startswith(_SECRET):
            found = self.secret(name.removeprefix(_SECRET))
            if found is None:
                raise KnownError("http.no_secret", name=name.removeprefix(_SECRET))
            return found
        value = self.values.get(name)
        if isinstance(value, UploadedFile):
            raise KnownError("http.file_value", name=name)
        return value


def _written(value: str | int | bool | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
