"""Runs a file of Python on the desk, in a process of its own, and ends it with all that it started."""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from asyncio.subprocess import PIPE, SubprocessStreamProtocol
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState, Stream
from app.models.records.scripts import LocalProgram, OutputKind
from app.services.remote_help.transports.documents import tell_document
from app.services.remote_help.transports.interface import (
    Asked,
    Job,
    Options,
    Output,
    Probe,
    Reach,
    Stop,
    shown_values,
)
from app.services.remote_help.transports.local.family import Family, Group, end, kill
from app.services.remote_help.transports.local.starting import command, environment, told

_CHUNK = 64 * 1024
_TRIAL = "trial.py"
_MOST_DOCUMENT = 10_000_000
"""Bytes of a table or document; a script that says more is at fault."""


class LocalOptions(Options):
    """There is nothing to say of the desk itself."""


class LocalCarrier:
    """See `LocalProgram`. Where its output is a table or a document, its standard output is that as JSON."""

    options: type[Options] = LocalOptions
    asks: frozenset[Asked] = frozenset({"targets"})
    secrets: tuple[str, ...] = ()

    def preview(self, job: Job) -> str:
        values = " ".join(f"{name}={words}" for name, words in shown_values(job))
        return f"python {_program(job).file}  {job.target}  {values}".rstrip() + ("  (dry run)" if job.dry_run else "")

    async def run(self, job: Job, output: Output, stop: Stop) -> Ended:
        with tempfile.TemporaryDirectory(prefix="firstline-", ignore_cleanup_errors=True) as folder:
            _lay_out(Path(folder), job.package.files)
            async with _started(Path(folder), _program(job).file) as (transport, process, family):
                return await _Running(transport, process, family, output).until_over(job, stop)

    async def probe(self, reach: Reach) -> Sequence[Probe]:  # noqa: ARG002 - the desk is always there
        """Whether this program can run a script here at all."""
        with tempfile.TemporaryDirectory(prefix="firstline-", ignore_cleanup_errors=True) as folder:
            _lay_out(Path(folder), {_TRIAL: b""})
            async with _started(Path(folder), _TRIAL) as (transport, process, _):
                assert process.stdin is not None
                process.stdin.write(b"\n")
                process.stdin.close()
                await process.over.wait()
                code = transport.get_returncode()
        if code:
            raise KnownError("local.cannot_start", reason=str(code))
        return [Probe("local.runs")]


def _lay_out(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        folder.joinpath(name).write_bytes(content)


class _Process(SubprocessStreamProtocol):
    """`over` is set when it has ended, also where what it started still holds its output open."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(_CHUNK, loop)
        self.over = asyncio.Event()

    def process_exited(self) -> None:
        super().process_exited()
        self.over.set()


@asynccontextmanager
async def _started(folder: Path, file: str) -> AsyncIterator[tuple[asyncio.SubprocessTransport, _Process, Family]]:
    """The process, which waits for its first byte, and with it all that it will start. `KnownError`."""
    mark, loop = secrets.token_hex(16), asyncio.get_running_loop()
    reading, lifeline = os.pipe()
    try:
        wanted, own = [*command(folder / file)], _own_group(reading)
        if "pass_fds" in own:
            wanted.append(str(reading))
        own |= {"cwd": folder, "env": environment(mark), "stdin": PIPE, "stdout": PIPE, "stderr": PIPE}
        try:
            transport, process = await loop.subprocess_exec(lambda: _Process(loop), *wanted, **own)
        except OSError as error:
            raise KnownError("local.cannot_start", reason=error.strerror or str(error)) from error
        try:
            family = _family(transport.get_pid(), mark)
            try:
                yield transport, process, family
            finally:
                family.close()
                await process.over.wait()
        finally:
            transport.close()
            await asyncio.sleep(0)
    finally:
        os.close(reading)
        os.close(lifeline)


def _own_group(reading: int) -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True, "pass_fds": (reading,)}


def _family(process: int, mark: str) -> Family:
    if sys.platform == "win32":
        from app.services.remote_help.transports.local.job_object import JobObject  # noqa: PLC0415 - there only here

        try:
            return JobObject(process)
        except OSError as error:
            raise KnownError("local.cannot_start", reason=str(error)) from error
    else:
        return Group(process, mark)


@dataclass
class _Running:
    transport: asyncio.SubprocessTransport
    process: _Process
    family: Family
    output: Output
    document: bytearray | None = field(default=None, init=False)

    async def until_over(self, job: Job, stop: Stop) -> Ended:
        kind = job.package.manifest.output
        self.document = bytearray() if kind in (OutputKind.TABLE, OutputKind.JSON) else None
        hearing = asyncio.gather(self._feed(told(job)), self._hear(Stream.OUT), self._hear(Stream.ERROR))
        exiting, stopping = asyncio.create_task(self.process.over.wait()), asyncio.create_task(stop.wait())
        try:
            ends: set[asyncio.Future[Any]] = {exiting, stopping}
            await asyncio.wait(ends | {hearing}, return_when=asyncio.FIRST_COMPLETED)
            if hearing.done():
                hearing.result()
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if stop.is_asked and not exiting.done():
                gone = await end(self.family)
                if gone:
                    await hearing
                return Ended(stop.reason, RemoteState.STOPPED if gone else RemoteState.STILL_RUNNING)
            await kill(self.family)  # what it left behind would hold its output open
            await hearing
        finally:
            for task in (exiting, stopping, hearing):
                task.cancel()
            await asyncio.gather(exiting, stopping, hearing, return_exceptions=True)
        return self._ended(job, self.transport.get_returncode() or 0)

    def _ended(self, job: Job, code: int) -> Ended:
        if code < 0:
            problem = KnownError("local.killed", signal=signal.Signals(-code).name)
            return Ended(Outcome.FAILED, RemoteState.FINISHED, problem=problem)
        succeeded = code in job.package.manifest.success_codes
        wrong = self._told(job.package.manifest.output)
        wrong = wrong if succeeded else None  # that it failed says more
        outcome = Outcome.SUCCEEDED if succeeded and wrong is None else Outcome.FAILED
        return Ended(outcome, RemoteState.FINISHED, code, wrong)

    def _told(self, kind: OutputKind) -> KnownError | None:
        """What is wrong with the document that it said."""
        if self.document is None:
            return None
        if len(self.document) > _MOST_DOCUMENT:
            return KnownError("remote.document_too_big", most=_MOST_DOCUMENT)
        try:
            return tell_document(kind, json.loads(self.document.decode("utf-8")), self.output)
        except (ValueError, RecursionError):
            return KnownError("remote.no_document")

    async def _feed(self, stdin: bytes) -> None:
        assert self.process.stdin is not None
        writer = self.process.stdin
        try:
            writer.write(b"\n" + stdin)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        except (BrokenPipeError, ConnectionResetError):
            return  # it ended before it had read all

    async def _hear(self, stream: Stream) -> None:
        reader = self.process.stdout if stream is Stream.OUT else self.process.stderr
        assert reader is not None
        while data := await reader.read(_CHUNK):
            if stream is Stream.ERROR or self.document is None:
                self.output.write(stream, data)
            elif len(self.document) <= _MOST_DOCUMENT:
                self.document += data


def _program(job: Job) -> LocalProgram:
    program = job.package.manifest.program
    assert isinstance(program, LocalProgram)
    return program
