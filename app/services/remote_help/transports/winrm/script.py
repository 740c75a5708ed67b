"""One script on one Windows host: begun, heard to its end, or stopped.

pypsrp waits where it speaks: one thread runs the script, others tell the host to stop it.
"""

import asyncio
import threading
from contextlib import suppress

from pypsrp.complex_objects import PSInvocationState
from pypsrp.exceptions import WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.shell import SignalCode

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState
from app.services.remote_help.transports.daemon import in_thread
from app.services.remote_help.transports.interface import Job, Output, Probe, Reach
from app.services.remote_help.transports.winrm.binding import bound
from app.services.remote_help.transports.winrm.connecting import session
from app.services.remote_help.transports.winrm.failing import FAILURES, NOTHING_YET, failure, is_gone, words
from app.services.remote_help.transports.winrm.host import AsksForInput, Console
from app.services.remote_help.transports.winrm.options import options_of
from app.services.remote_help.transports.winrm.telling import Telling

_GRACE, _AFTER_CLOSING = 5.0, 7.0
"""Seconds: for the script to stop when it is told to; for its whole session to be closed after that."""


class Script:
    """One script on one host."""

    def __init__(self, job: Job, output: Output) -> None:
        self._job = job
        self._port = options_of(job.reach).port
        self._console, self._telling = Console(), Telling(job.package.manifest.output, output)
        self._lock, self._begun, self._given_up = threading.Lock(), False, False
        self._pool: RunspacePool | None = None
        self._shell: PowerShell | None = None

    def run(self) -> Ended:
        """All of it; waits for the host."""
        with session(self._job.reach, self._console) as pool:
            try:
                self._shell, self._pool = bound(self._job, pool), pool
            except FAILURES as error:
                raise failure(error, self._job.reach, self._port) from error
            if not self._may_begin():
                return Ended(Outcome.CANCELLED, RemoteState.NEVER_STARTED)
            return self._carried(pool, self._shell)

    def is_given_up(self) -> bool:
        """Nobody wants it any more: it does not begin, unless it has."""
        with self._lock:
            self._given_up = not self._begun
            return self._given_up

    async def stopped(self, working: asyncio.Future[Ended], reason: Outcome) -> Ended:
        """Tell the script to stop, then close its session; look whether it is gone."""
        in_thread(self._signal)
        await asyncio.wait({working}, timeout=_GRACE)
        if working.done() and working.exception() is None:
            ended = working.result()
            if ended.remote in (RemoteState.STOPPED, RemoteState.FINISHED):
                return Ended(reason, ended.remote, ended.exit_code)
        closing = in_thread(self._close)
        await asyncio.wait({closing}, timeout=_AFTER_CLOSING)
        return Ended(reason, closing.result() if closing.done() else RemoteState.UNKNOWN)

    def _may_begin(self) -> bool:
        with self._lock:
            self._begun = not self._given_up
            return self._begun

    def _carried(self, pool: RunspacePool, shell: PowerShell) -> Ended:
        try:
            shell.begin_invoke(remote_stream_options=0)  # no echo of what was bound, in no error
        except WSManFaultError as error:
            raise failure(error, self._job.reach, self._port) from error
        except FAILURES as error:
            return self._lost(error)
        while shell.state == PSInvocationState.RUNNING:
            try:
                told = pool._receive(shell.id)  # noqa: SLF001 - the public way loses the order of the streams
            except AsksForInput as error:
                return self._asks(error)
            except FAILURES as error:
                if isinstance(error, WSManFaultError) and error.code == NOTHING_YET:
                    continue
                return self._lost(error)
            self._telling.take(told, shell.streams, self._console.said)
        self._telling.end()
        return self._ended(pool, shell)

    def _lost(self, error: Exception) -> Ended:
        problem = KnownError("winrm.cut", host=self._job.target, reason=words(error))
        return Ended(Outcome.LOST, RemoteState.UNKNOWN, problem=problem)

    def _ended(self, pool: RunspacePool, shell: PowerShell) -> Ended:
        if shell.state == PSInvocationState.STOPPED:
            return Ended(Outcome.CANCELLED, RemoteState.STOPPED)
        code = self._console.exit_code
        if shell.state == PSInvocationState.FAILED:
            problem = KnownError("winrm.threw", host=self._job.target, reason=self._telling.cause)
            return Ended(Outcome.FAILED, RemoteState.FINISHED, code, problem)
        code = _last_exit_code(pool) if code is None else code
        succeeded = code in self._job.package.manifest.success_codes
        return Ended(Outcome.SUCCEEDED if succeeded else Outcome.FAILED, RemoteState.FINISHED, code)

    def _asks(self, error: AsksForInput) -> Ended:
        """A script that waits for somebody to type would wait for ever."""
        self._signal()
        problem = KnownError("winrm.asks", host=self._job.target, what=str(error))
        return Ended(Outcome.FAILED, self._close(), problem=problem)

    def _signal(self) -> None:
        assert self._pool is not None
        assert self._shell is not None
        with suppress(*FAILURES):  # the thread that runs it says what became of it
            self._pool.shell.signal(SignalCode.PS_CTRL_C, str(self._shell.id).upper())

    def _close(self) -> RemoteState:
        """End the session that the script runs in, which ends the script: the host answers when it has."""
        assert self._pool is not None
        shell = self._pool.shell
        try:
            self._pool.connection.delete(shell.resource_uri, selector_set=shell._selector_set, timeout=5)  # noqa: SLF001
        except WSManFaultError as error:
            return RemoteState.STOPPED if is_gone(error) else RemoteState.STILL_RUNNING
        except FAILURES:
            return RemoteState.UNKNOWN
        return RemoteState.STOPPED


def _last_exit_code(pool: RunspacePool) -> int:
    """That of the last program the script started; 0 where it started none."""
    asking = PowerShell(pool).add_cmdlet("Get-Variable")
    asking.add_parameters({"Name": "LASTEXITCODE", "Scope": "Global", "ValueOnly": True, "ErrorAction": "Ignore"})
    with suppress(*FAILURES):
        for each in asking.invoke():
            if isinstance(each, int):
                return each
    return 0


def probed(reach: Reach) -> list[Probe]:
    options = options_of(reach)
    with session(reach, None) as pool:
        told = {"host": reach.target, "user": reach.connection.user_name, "port": options.port}
        return [
            Probe("winrm.certificate", told),
            Probe("winrm.signed_in", told | {"sign_in": options.sign_in}),
            Probe("winrm.session", told | {"name": options.configuration, "version": str(pool.protocol_version or "")}),
        ]
