"""Opens a session: starts the tool that is there, and leaves it to whoever uses it."""

import asyncio
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState, Stream
from app.models.records.scripts import SessionProgram
from app.services.remote_help.transports.interface import Asked, Job, Options, Output, Probe, Reach, Stop
from app.services.remote_help.transports.session.choosing import Opening, opening
from app.services.wording import FALLBACK, language

_AT_ONCE = 2.0
"""Seconds within which a tool that cannot open the session ends again."""

_SECRETS = "FIRSTLINE_SECRET_"
_open: list["subprocess.Popen[bytes]"] = []
"""Tools that were started and may be in use: kept here so that their end is taken note of."""


class SessionOptions(Options):
    """There is nothing to say: a tool is as whoever sits at the desk set it up."""


class SessionCarrier:
    """See `SessionProgram`. The run is over when the session is open; the tool goes on."""

    options: type[Options] = SessionOptions
    asks: frozenset[Asked] = frozenset({"targets"})
    secrets: tuple[str, ...] = ()

    def preview(self, job: Job) -> str:
        found = opening(_program(job), job.target, job.values)
        return _hint(job) if found is None else _shown(found)

    async def run(self, job: Job, output: Output, stop: Stop) -> Ended:
        found = opening(_program(job), job.target, job.values)
        if found is None:
            output.write(Stream.OUT, _hint(job).encode() + b"\n")
            return Ended(Outcome.SUCCEEDED, RemoteState.NEVER_STARTED)
        output.write(Stream.OUT, _shown(found).encode() + b"\n")
        if sys.platform == "win32" and found.is_address:
            try:
                os.startfile(found.words[0])  # noqa: S606 - the system's own way to open an address
            except OSError as error:
                raise KnownError("session.cannot_start", reason=error.strerror or str(error)) from error
            return Ended(Outcome.SUCCEEDED, RemoteState.FINISHED)
        process = _started(found)
        ending, stopping = asyncio.create_task(_ended_at_once(process)), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({ending, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if stop.is_asked and process.poll() is None:
                process.kill()
                await ending
                return Ended(stop.reason, RemoteState.STOPPED)
            return _opened(job, await ending)
        finally:
            stopping.cancel()

    async def probe(self, reach: Reach) -> Sequence[Probe]:  # noqa: ARG002 - each tool reaches by itself
        """There is nothing to reach: which tool is there shows when a session is opened."""
        return [Probe("session.by_tool")]


def _started(found: Opening) -> "subprocess.Popen[bytes]":
    """In the surroundings of whoever sits here, without the desk's secrets, and for itself."""
    _open[:] = [each for each in _open if each.poll() is None]
    words, own = found.words, dict[str, Any]()
    if found.is_address:
        words = ("open" if sys.platform == "darwin" else "xdg-open", *words)
    if sys.platform == "win32":
        own["creationflags"] = subprocess.CREATE_NEW_CONSOLE
    else:
        own["start_new_session"] = True
    nothing = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603 - a list of words, which no shell reads
            words, stdin=nothing, stdout=nothing, stderr=nothing, env=_surroundings(os.environ), **own
        )
    except OSError as error:
        raise KnownError("session.cannot_start", reason=error.strerror or str(error)) from error
    _open.append(process)
    return process


def _surroundings(around: Mapping[str, str]) -> dict[str, str]:
    """A frozen program looks for libraries in itself first; other programs must not."""
    kept = {name: value for name, value in around.items() if not name.upper().startswith(_SECRETS)}
    original = kept.pop("LD_LIBRARY_PATH_ORIG", None)
    if getattr(sys, "frozen", False):
        kept.pop("LD_LIBRARY_PATH", None)
    return kept if original is None else {**kept, "LD_LIBRARY_PATH": original}


async def _ended_at_once(process: "subprocess.Popen[bytes]") -> int | None:
    """With which code; None where it goes on."""
    try:
        return await asyncio.to_thread(process.wait, _AT_ONCE)
    except subprocess.TimeoutExpired:
        return None


def _opened(job: Job, code: int | None) -> Ended:
    """A tool that hands over to one that is open already ends at once, and well."""
    if code is None:
        return Ended(Outcome.SUCCEEDED, RemoteState.STILL_RUNNING)
    if code in job.package.manifest.success_codes:
        return Ended(Outcome.SUCCEEDED, RemoteState.FINISHED, code)
    problem = KnownError("session.ended_at_once", tool=_program(job).tool, exit_code=code)
    return Ended(Outcome.FAILED, RemoteState.FINISHED, code, problem)


def _shown(found: Opening) -> str:
    return subprocess.list2cmdline(found.words) if sys.platform == "win32" else shlex.join(found.words)


def _hint(job: Job) -> str:
    hint = _program(job).hint
    return hint.get(language()) or hint[FALLBACK]


def _program(job: Job) -> SessionProgram:
    program = job.package.manifest.program
    assert isinstance(program, SessionProgram)
    return program
