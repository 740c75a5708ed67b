"""What opens a session on this desk: the first of a script's forms whose program is here, with its words filled in.

A value is a word, or a part of one, and never an option, a path or more than one word: its letters are few and its
first one is no mark.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from app.models.errors import KnownError
from app.models.records.runs import Value
from app.models.records.scripts import SessionProgram

TARGET = "target"
_NAMED = re.compile(r"\{(\w+)\}")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):")
_PATIENCE = 10.0
"""Seconds for the desktop to say what it opens an address with."""

_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,252}")


@dataclass(frozen=True, slots=True)
class Opening:
    """`words` are program and arguments; of an address it is that alone."""

    words: tuple[str, ...]
    is_address: bool = False


def opening(program: SessionProgram, target: str, values: Mapping[str, Value]) -> Opening | None:
    """None where the tool has no command line here, and its hint is all there is.

    `KnownError` `session.bad_value`, `session.no_tool`, `session.other_platform`.
    """
    forms = next((forms for platform, forms in program.start.items() if platform == sys.platform), ())
    if not forms:
        if program.hint:
            return None
        raise KnownError("session.other_platform", tool=program.tool)
    told = {TARGET: target, **values}
    for form in forms:
        scheme = _SCHEME.match(form[0]) if len(form) == 1 else None
        if scheme is not None:
            if _has_handler(scheme[1]):
                return Opening((_filled(form[0], told, in_address=True),), is_address=True)
            continue
        found = shutil.which(form[0])
        if found is not None:
            return Opening((found, *(_filled(each, told) for each in form[1:])))
    raise KnownError("session.no_tool", tool=program.tool)


def _filled(word: str, values: Mapping[str, Value], *, in_address: bool = False) -> str:
    def one(named: re.Match[str]) -> str:
        value = str(values.get(named[1]) or "")
        if not _VALUE.fullmatch(value):
            raise KnownError("session.bad_value", name=named[1])
        return quote(value, safe="@") if in_address else value

    return _NAMED.sub(one, word)


def _has_handler(scheme: str) -> bool:
    """Whether something on this desk opens addresses of that kind."""
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - there only here

        try:
            with winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, scheme) as key:
                winreg.QueryValueEx(key, "URL Protocol")
        except OSError:
            return False
        return True
    if sys.platform == "darwin":
        return True
    asking = shutil.which("xdg-mime")
    if asking is None or shutil.which("xdg-open") is None:
        return False
    try:
        told = subprocess.run(  # noqa: S603 - a list of words, which no shell reads
            [asking, "query", "default", f"x-scheme-handler/{scheme}"],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(told.stdout.strip())
