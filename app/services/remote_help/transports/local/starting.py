"""What is started for a script on the desk: with which program, and with how little around it."""

import base64
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import app
from app.models.records.runs import UploadedFile, Value
from app.script_host import ENTRY
from app.services.remote_help.transports.interface import Job

MARK = "FIRSTLINE_RUN"
"""In the environment of all that a script starts: by it is found what left the process group."""

_KEPT = frozenset(
    {
        *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"),
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "APPDATA"),
        *("LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES"),
    }
)
_CONSOLE_PROGRAM = "firstline-cli.exe"
"""The one of the two frozen programs on Windows that has a standard input."""


def command(file: Path) -> Sequence[str]:
    """What runs a file of Python: this interpreter, by itself; a frozen program is one, too."""
    if not getattr(sys, "frozen", False):
        host = Path(app.__file__).with_name("script_host.py")
        return [sys.executable, "-I", "-X", "utf8", str(host), str(file)]
    program = Path(sys.executable)
    if sys.platform == "win32":
        program = program.with_name(_CONSOLE_PROGRAM)
    return [str(program), ENTRY, str(file)]


def environment(mark: str, around: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What programs need to find their way, and nothing else: the desk's own secrets may be in the rest."""
    return {name: value for name, value in around.items() if name.upper() in _KEPT} | {MARK: mark}


def told(job: Job) -> bytes:
    """What the script reads from its standard input; see `LocalProgram`."""
    values = {name: _plain(value) for name, value in job.values.items()}
    return json.dumps({"target": job.target, "values": values, "dry_run": job.dry_run}).encode()


def _plain(value: Value) -> object:
    if isinstance(value, UploadedFile):
        return {"name": value.name, "content": base64.b64encode(value.content).decode()}
    return value
