"""Runs a script on a host over SSH, and ends it there when it is asked to.

A channel that is closed leaves what runs at its other end alone, and so does a timeout: the process group is sent its
signals through a second channel, and looked at until it is gone.
"""

import asyncio
import secrets
import shlex
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncssh

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState, Stream
from app.models.records.scripts import ParameterType, SshProgram
from app.services.remote_help.transports.interface import Asked, Job, Options, Output, Probe, Reach, Stop
from app.services.remote_help.transports.ssh.connecting import SshOptions, connect
from app.services.remote_help.transports.ssh.writing import arguments, sending

_CHUNK = 64 * 1024
_GRACE, _AFTER_KILL, _LOOK_EVERY = 5.0, 3.0, 0.1
"""Seconds: between the two signals, after the second, and between looks."""

_NOT_FOUND = 127


class SshCarrier:
    """Shell and Python scripts; see `SshProgram`."""

    options: type[Options] = SshOptions
    asks: frozenset[Asked] = frozenset({"user_name", "targets", "asks_password"})
    secrets: tuple[str, ...] = ("password", "key", "passphrase")

    def preview(self, job: Job) -> str:
        program = _program(job)
        port = SshOptions.model_validate(job.connection.options).port
        where = f"{job.connection.user_name}@{job.target}" + (f":{port}" if port != 22 else "")
        if program.shell == "sh":
            told = " ".join([program.file, *map(shlex.quote, arguments(job))])
        else:
            told = " ".join([program.file, *(f"{each}={words}" for each, words in _shown(job))])
        return f"ssh {where}  {told}" + ("  (dry run)" if job.dry_run else "")

    async def run(self, job: Job, output: Output, stop: Stop) -> Ended:
        program, token = _program(job), secrets.token_hex(16)
        wanted = sending(job, program, token)
        connection = await _unless_stopped(connect(job.reach), stop)
        if connection is None:
            return Ended(stop.reason, RemoteState.NEVER_STARTED)
        try:
            process = await connection.create_process(wanted.command, encoding=None, stdin=asyncssh.PIPE)
            return await _Running(connection, process, output, token).until_over(wanted.stdin, job, stop)
        except (asyncssh.Error, OSError) as error:
            problem = KnownError("ssh.cut", host=job.target, reason=str(error))
            return Ended(Outcome.LOST, RemoteState.UNKNOWN, problem=problem)
        finally:
            connection.abort()

    async def probe(self, reach: Reach) -> Sequence[Probe]:
        connection = await connect(reach)
        try:
            key = connection.get_server_host_key()
            told = {"host": reach.target, "user": reach.connection.user_name}
            found = [
                Probe("ssh.host_key", told | {"fingerprint": key.get_fingerprint() if key is not None else ""}),
                Probe("ssh.signed_in", told),
            ]
            for name in ("sh", "python3"):
                answer = await connection.run(f"command -v {name}", encoding=None)
                if answer.exit_status == 0:
                    found.append(Probe("ssh.runs", {"name": name, **told}))
        except (asyncssh.Error, OSError) as error:
            raise KnownError("ssh.lost", host=reach.target, reason=str(error)) from error
        else:
            return found
        finally:
            connection.abort()


@dataclass
class _Running:
    connection: asyncssh.SSHClientConnection
    process: "asyncssh.SSHClientProcess[bytes]"
    output: Output
    token: str
    group: int | None = field(default=None, init=False)
    """Of the process group on the host, once it told."""

    async def until_over(self, stdin: bytes, job: Job, stop: Stop) -> Ended:
        talking = asyncio.gather(self._feed(stdin), self._hear(), self._hear_errors())
        stopping = asyncio.create_task(stop.wait())
        try:
            ends: set[asyncio.Future[Any]] = {talking, stopping}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if stop.is_asked and not talking.done():
                return Ended(stop.reason, await self._end())
            await talking
            await self.process.wait_closed()
        finally:
            stopping.cancel()
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)
        return self._ended(job)

    def _ended(self, job: Job) -> Ended:
        code, signal = self.process.exit_status, self.process.exit_signal
        if code is None or code < 0:
            if signal is None:  # nobody said how it ended: the connection is gone
                return Ended(
                    Outcome.LOST, RemoteState.UNKNOWN, problem=KnownError("ssh.cut", host=job.target, reason="")
                )
            problem = KnownError("ssh.killed", host=job.target, signal=signal[0])
            return Ended(Outcome.FAILED, RemoteState.FINISHED, problem=problem)
        if code in job.package.manifest.success_codes:
            return Ended(Outcome.SUCCEEDED, RemoteState.FINISHED, code)
        if self.group is None and code == _NOT_FOUND:
            problem = KnownError("ssh.no_interpreter", host=job.target, name=_program(job).shell)
            return Ended(Outcome.FAILED, RemoteState.NEVER_STARTED, code, problem)
        return Ended(Outcome.FAILED, RemoteState.FINISHED, code)

    async def _feed(self, stdin: bytes) -> None:
        writer = self.process.stdin
        try:
            for start in range(0, len(stdin), _CHUNK):
                writer.write(stdin[start : start + _CHUNK])
                await writer.drain()
            writer.write_eof()
        except (BrokenPipeError, ConnectionResetError):
            return  # it ended before it had read all

    async def _hear(self) -> None:
        while data := await self.process.stdout.read(_CHUNK):
            self.output.write(Stream.OUT, data)

    async def _hear_errors(self) -> None:
        """The first line with the token is for the desk."""
        begun = b""
        while data := await self.process.stderr.read(_CHUNK):
            if self.group is None:
                begun += data
                data, begun = self._without_token(begun)
            if data:
                self.output.write(Stream.ERROR, data)
        if begun:
            self.output.write(Stream.ERROR, begun)

    def _without_token(self, begun: bytes) -> tuple[bytes, bytes]:
        """What can be told, and what is kept until the token's line is whole."""
        before, found, behind = begun.partition(self.token.encode() + b" ")
        if not found:
            whole, newline, rest = begun.rpartition(b"\n")
            return (whole + newline, rest) if len(rest) <= _CHUNK else (begun, b"")
        number, newline, rest = behind.partition(b"\n")
        if not newline:
            return b"", begun
        self.group = int(number)
        return before + rest, b""

    async def _end(self) -> RemoteState:
        """Ask the whole group to end, then make it; look whether it is gone."""
        if self.group is None:
            return RemoteState.UNKNOWN
        try:
            for signal, patience in (("TERM", _GRACE), ("KILL", _AFTER_KILL)):
                await self._signal(signal)
                if await self._is_gone_within(patience):
                    return RemoteState.STOPPED
        except (asyncssh.Error, OSError):
            return RemoteState.UNKNOWN
        return RemoteState.STILL_RUNNING

    async def _is_gone_within(self, seconds: float) -> bool:
        until = asyncio.get_running_loop().time() + seconds
        while True:
            if "No such process" in await self._signal("0"):
                return True
            if asyncio.get_running_loop().time() >= until:
                return False
            await asyncio.sleep(_LOOK_EVERY)

    async def _signal(self, name: str) -> str:
        """What the host says to that."""
        told = await self.connection.run(f"LC_ALL=C sh -c 'kill -s {name} -- -{self.group}'", encoding=None)
        return b"".join(each for each in (told.stdout, told.stderr) if isinstance(each, bytes)).decode(
            "utf-8", "replace"
        )


async def _unless_stopped(
    connecting: Coroutine[Any, Any, asyncssh.SSHClientConnection], stop: Stop
) -> asyncssh.SSHClientConnection | None:
    """The connection, or None where somebody did not want to wait for it."""
    task = asyncio.create_task(connecting)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return None
    finally:
        stopping.cancel()


def _program(job: Job) -> SshProgram:
    program = job.package.manifest.program
    assert isinstance(program, SshProgram)
    return program


def _shown(job: Job) -> list[tuple[str, str]]:
    hidden = {each.name for each in job.package.manifest.parameters if each.type is ParameterType.SECRET}
    return [
        (name, "••••" if name in hidden else repr(value)) for name, value in job.values.items() if value is not None
    ]
