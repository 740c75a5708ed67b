"""What is sent to a host: a fixed command, and all the rest on its standard input.

No value is ever part of a command line: others on the host could read it there, and a shell would.
"""

import base64
import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from app.models.errors import KnownError
from app.models.records.runs import UploadedFile, Value
from app.models.records.scripts import SshProgram
from app.services.remote_help.transports.interface import Job

_SHELL = "exec sh -s"
_PYTHON = (
    "import json,os,sys;d=json.loads(sys.stdin.buffer.read().decode());"
    "sys.stderr.write('%s %d\\n'%(d['token'],os.getpid()));sys.stderr.flush();sys.stdin=open(os.devnull);"
    "exec(compile(d['source'],d['file'],'exec'),"
    "{'__name__':'__main__','target':d['target'],'values':d['values'],'dry_run':d['dry_run']})"
)


@dataclass(frozen=True, slots=True)
class Sending:
    """`command` is what the host is asked to run, `stdin` what that reads.

    `exec` lets the process take the place of the login shell, which sshd made the leader of a process group of its
    own; it tells its number first, on standard error, behind a token that nobody else knows.
    """

    command: str
    stdin: bytes


def sending(job: Job, program: SshProgram, token: str) -> Sending:
    """`KnownError` `ssh.value_nul` for a value that no argument can hold."""
    source = job.package.files[program.file]
    if program.shell == "sh":
        return Sending(_SHELL, _shell_text(job, source, token))
    document = {
        "token": token,
        "file": program.file,
        "source": source.decode("utf-8"),
        "target": job.target,
        "values": {name: _plain(value) for name, value in job.values.items()},
        "dry_run": job.dry_run,
    }
    return Sending(f"exec python3 -c {shlex.quote(_PYTHON)}", json.dumps(document).encode())


def arguments(job: Job) -> Sequence[str]:
    """The values as a shell script gets them: in the order of its parameters, empty where there is none."""
    found = []
    for each in job.package.manifest.parameters:
        value = job.values.get(each.name)
        text = "" if value is None else str(int(value)) if isinstance(value, bool) else str(value)
        if "\0" in text:
            raise KnownError("ssh.value_nul", name=each.name)
        found.append(text)
    return found


def _shell_text(job: Job, source: bytes, token: str) -> bytes:
    """The values are set by a line that the shell reads, not the kernel: so they may be of any length.

    The script is read to its end before it begins, so that nothing it starts can read the rest of it.
    """
    head = [
        f"set -- {' '.join(map(shlex.quote, arguments(job)))}",
        f"printf '%s %s\\n' {token} \"$$\" >&2",
        f"FIRSTLINE_DRY_RUN={int(job.dry_run)}; FIRSTLINE_TARGET={shlex.quote(job.target)}",
        "export FIRSTLINE_DRY_RUN FIRSTLINE_TARGET",
        "{",
    ]
    return "\n".join(head).encode() + b"\n" + source + b"\n} </dev/null\n"


def _plain(value: Value) -> object:
    if isinstance(value, UploadedFile):
        return {"name": value.name, "content": base64.b64encode(value.content).decode()}
    return value
