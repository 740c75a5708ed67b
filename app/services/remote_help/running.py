"""Running what was prepared: on several targets side by side, each with its timeout, and an end that is one."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.models.records.runs import Ended, Outcome, RemoteState, Run
from app.models.records.tickets import NewAttachment
from app.services.database import Database
from app.services.remote_help import recording
from app.services.remote_help.hearing import Heard, Hearing, Moved
from app.services.remote_help.preparing import Prepared, secret_values
from app.services.remote_help.transports.carriers import carrier_of
from app.services.remote_help.transports.interface import Job, Stop, UnknownHostKey

AT_ONCE = 8
_HEARTBEAT = 20.0
_GRACE = 15.0
"""Seconds after which a transport that does not end when it was asked to is left to itself."""

_AGAIN = (0.5, 2.0, 5.0, 10.0)
"""Seconds between attempts to write down what became of a target."""

_LONG_LINE = 16
"""Letters from which on a line of a secret, a key's, is a secret by itself."""


def _nothing(*_told: object) -> None:
    """Nobody listens."""


@dataclass
class Running:
    """One run, in an event loop of its own: `run` in a thread, `stop` from any.

    `began` is told each target that runs now, `heard` each line, `moved` how far it is; `over` each target's end with
    what is shown once and kept nowhere.
    """

    database: Database
    actor: Actor
    prepared: Prepared
    run_id: UUID
    heard: Heard = _nothing
    over: Callable[[str, Ended, Mapping[str, str]], None] = _nothing
    began: Callable[[str], None] = _nothing
    moved: Moved = _nothing
    unknown: list[UnknownHostKey] = field(default_factory=list, init=False)
    """Host keys that somebody is to look at; those targets never began."""

    _stops: dict[str, Stop] = field(default_factory=dict, init=False)
    _asked: bool = field(default=False, init=False)
    _files: list[NewAttachment] = field(default_factory=list, init=False)
    _unwritten: KnownError | None = field(default=None, init=False)
    _bug: BaseException | None = field(default=None, init=False)

    def run(self) -> Run:
        """All of it; what is known at its end. Whatever happens on a target is told there.

        `KnownError` of the database where what became of it could not be written down; all else was told by then. A bug
        is written down as such and raised at the end, without the secrets that it may hold.
        """
        try:
            asyncio.run(self._all())
            if self._unwritten is not None:
                raise self._unwritten
            found = recording.run_of(self.database, self.run_id)
            recording.note_on_ticket(self.database, self.actor, self.prepared, found, self._files)
            if self._bug is not None:
                raise self._bug
            return recording.run_of(self.database, self.run_id)
        finally:
            self.prepared = self.prepared.without_values()

    def stop(self, target: str | None = None) -> None:
        """End it on one target, or everywhere."""
        self._asked = self._asked or target is None
        for each, stop in list(self._stops.items()):
            if target in (None, each):
                stop.ask(Outcome.CANCELLED)

    async def _all(self) -> None:
        places = asyncio.Semaphore(AT_ONCE)
        beating = asyncio.create_task(self._beat())
        try:
            running = (self._one(job, places) for job in self.prepared.jobs)
            found = await asyncio.gather(*running, return_exceptions=True)
        finally:
            beating.cancel()
        self._bug = next((each for each in found if each is not None), None)

    async def _one(self, job: Job, places: asyncio.Semaphore) -> None:
        hearing, refused = self._hearing(job)
        end = Ended(Outcome.LOST, RemoteState.UNKNOWN, problem=KnownError("script.bug"))
        try:
            async with places:
                stop = self._stops[job.target] = Stop()
                if self._asked:
                    stop.ask(Outcome.CANCELLED)
                self.began(job.target)
                refused = refused or await self._unstarted(job.target)
                end = hearing.without_secrets(refused or await self._carried(job, hearing, stop))
        except Exception as bug:
            hearing.censor(bug)
            raise
        finally:
            head, files = hearing.close()
            self._files += files
            await self._write(job.target, end, head, hearing.result)
            self.over(job.target, end, hearing.revealed)
            hearing.forget()

    async def _unstarted(self, target: str) -> Ended | None:
        """What cannot be written down before it begins does not begin."""
        try:
            await asyncio.to_thread(recording.started, self.database, self.actor, self.run_id, target)
        except KnownError as error:
            return Ended(Outcome.FAILED, RemoteState.NEVER_STARTED, problem=error)
        return None

    def _hearing(self, job: Job) -> tuple[Hearing, Ended | None]:
        """What listens, and masks what nobody may read; the end of it all where the keyring is locked."""
        hidden = secret_values(self.prepared.manifest, job.values)
        try:
            kept = [each for each in map(job.secret, carrier_of(job.connection.transport).secrets) if each]
            hidden += [*kept, *(line for each in kept for line in each.splitlines() if len(line) >= _LONG_LINE)]
        except KnownError as error:
            end = Ended(Outcome.FAILED, RemoteState.NEVER_STARTED, problem=error)
            return Hearing(job.target, hidden, self.heard, self.moved), end
        return Hearing(job.target, hidden, self.heard, self.moved), None

    async def _carried(self, job: Job, hearing: Hearing, stop: Stop) -> Ended:
        """How it ended. One that was asked to end and does not is left to itself, and nobody knows."""
        if stop.is_asked:
            return Ended(stop.reason, RemoteState.NEVER_STARTED)
        timing = asyncio.get_running_loop().call_later(job.timeout, stop.ask, Outcome.TIMED_OUT)
        carrying = asyncio.create_task(self._carry(job, hearing, stop))
        ends: set[asyncio.Task[Any]] = {carrying, asyncio.create_task(_after(stop, _GRACE))}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            return carrying.result() if carrying.done() else Ended(stop.reason, RemoteState.UNKNOWN)
        except UnknownHostKey as error:
            self.unknown.append(error)
            return Ended(Outcome.REFUSED, RemoteState.NEVER_STARTED, problem=error)
        except KnownError as error:
            return Ended(Outcome.FAILED, RemoteState.NEVER_STARTED, problem=error)
        finally:
            timing.cancel()
            for task in ends:
                task.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    def _carry(self, job: Job, hearing: Hearing, stop: Stop) -> Coroutine[Any, Any, Ended]:
        return carrier_of(self.prepared.manifest.transport).run(job, hearing, stop)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT)
            with contextlib.suppress(KnownError):  # the next one may be written
                await asyncio.to_thread(recording.alive, self.database, self.actor, self.run_id)

    async def _write(self, target: str, *told: Any) -> None:
        """How it ended, again and again for a while: a script goes on whether the database is there or not."""
        for pause in (*_AGAIN, None):
            try:
                await asyncio.to_thread(recording.ended, self.database, self.actor, self.run_id, target, *told)
            except KnownError as error:
                if pause is None:
                    self._unwritten = error
                    return
                await asyncio.sleep(pause)
            else:
                return


async def _after(stop: Stop, seconds: float) -> None:
    await stop.wait()
    await asyncio.sleep(seconds)
