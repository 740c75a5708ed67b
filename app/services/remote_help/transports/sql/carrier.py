"""Asks a database one thing, and ends that in the database when it is asked to."""

import asyncio
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import CursorResult, make_url, text
from sqlalchemy.exc import DBAPIError, StatementError

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState, Stream, UploadedFile
from app.models.records.scripts import OutputKind, SqlProgram
from app.services.remote_help.transports.documents import cell
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
from app.services.remote_help.transports.sql.connecting import STOPPED, first_line, problem_of, reading, state_of

_AT_ONCE = 500
_PATIENCE, _AGAIN_EVERY = 10.0, 0.5
"""Seconds: until a database that was asked to stop counts as one that does not, and between askings."""

_MOST_BYTES = 32


class SqlOptions(Options):
    """All there is to say is in the address."""


class SqlCarrier:
    """See `SqlProgram`."""

    options: type[Options] = SqlOptions
    asks: frozenset[Asked] = frozenset({"address", "user_name"})
    secrets: tuple[str, ...] = ("password",)

    def preview(self, job: Job) -> str:
        shown = make_url(job.connection.address).render_as_string(hide_password=True)
        values = "  ".join(f":{name} = {words}" for name, words in shown_values(job))
        return "\n".join(filter(None, [shown, _program(job).statement.strip(), values]))

    async def run(self, job: Job, output: Output, stop: Stop) -> Ended:
        question, loop = _Question(job, output), asyncio.get_running_loop()
        answered: asyncio.Future[Ended] = loop.create_future()
        threading.Thread(target=_tell, args=(question, loop, answered), daemon=True).start()
        stopping = asyncio.create_task(stop.wait())
        try:
            ends: set[asyncio.Future[Any]] = {answered, stopping}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if not answered.done():
                return await question.end(answered, stop)
            return answered.result()
        finally:
            stopping.cancel()

    async def probe(self, reach: Reach) -> Sequence[Probe]:
        return await asyncio.to_thread(_probed, reach)


def _probed(reach: Reach) -> Sequence[Probe]:
    with reading(reach, _PATIENCE) as connection:
        try:
            connection.execute(text("SELECT 1"))
        except DBAPIError as error:
            raise KnownError("sql.unreachable", reason=first_line(error)) from error
    return [Probe("sql.reads")]


def _tell(question: "_Question", loop: asyncio.AbstractEventLoop, answered: "asyncio.Future[Ended]") -> None:
    """In a thread of its own that nobody waits for: a server that says nothing may keep it for a while."""
    result: Ended | None = None
    failure: BaseException | None = None
    try:
        result = question.ask()
    except BaseException as error:  # noqa: BLE001 - carried over to whoever waits
        failure = error

    def set_() -> None:
        if not answered.done():
            answered.set_result(result) if result is not None else answered.set_exception(failure or AssertionError())

    with suppress(RuntimeError):  # the loop is over: the run was left to itself
        loop.call_soon_threadsafe(set_)


@dataclass
class _Question:
    job: Job
    output: Output
    _asking: Any = field(default=None, init=False)
    """The driver's own connection, once there is one."""
    _begun: bool = field(default=False, init=False)
    _stopped: bool = field(default=False, init=False)

    def ask(self) -> Ended:
        program = _program(self.job)
        with reading(self.job.reach, self.job.timeout) as connection:
            self._asking = connection.connection.driver_connection
            if self._stopped:
                return Ended(Outcome.CANCELLED, RemoteState.NEVER_STARTED)
            self._begun = True
            try:
                asked = connection.execution_options(stream_results=True, yield_per=_AT_ONCE)
                with asked.execute(text(program.statement), _bound(self.job)) as result:
                    if not result.returns_rows:
                        return Ended(Outcome.FAILED, RemoteState.FINISHED, problem=KnownError("sql.no_rows"))
                    more = self._show(result, program.most_rows)
            except DBAPIError as error:
                return self._failed(error)
            except (StatementError, OverflowError) as error:  # a value that the driver cannot hand on
                return self._unasked(error)
        problem = KnownError("sql.more_rows", most=program.most_rows) if more else None
        return Ended(Outcome.SUCCEEDED, RemoteState.FINISHED, problem=problem)

    async def end(self, answered: "asyncio.Future[Ended]", stop: Stop) -> Ended:
        """Ask the database to stop until it says that it did."""
        self._stopped = True
        if not self._begun:
            return Ended(stop.reason, RemoteState.NEVER_STARTED)
        loop = asyncio.get_running_loop()
        until = loop.time() + _PATIENCE
        while not answered.done() and loop.time() < until:
            await asyncio.to_thread(self._cancel)
            await asyncio.wait({answered}, timeout=_AGAIN_EVERY)
        if not answered.done():
            return Ended(stop.reason, RemoteState.UNKNOWN)
        found = answered.result()
        return found if found.outcome is Outcome.SUCCEEDED else Ended(stop.reason, found.remote)

    def _cancel(self) -> None:
        with suppress(psycopg.Error, sqlite3.Error):
            if isinstance(self._asking, sqlite3.Connection):
                self._asking.interrupt()
            else:
                self._asking.cancel_safe(timeout=_PATIENCE)

    def _failed(self, error: DBAPIError) -> Ended:
        if state_of(error) == STOPPED or "interrupted" in str(error.orig):
            return Ended(Outcome.CANCELLED if self._stopped else Outcome.TIMED_OUT, RemoteState.STOPPED)
        self.output.write(Stream.ERROR, first_line(error).encode() + b"\n")
        problem = problem_of(error)
        if problem is None:
            return Ended(Outcome.LOST, RemoteState.UNKNOWN, problem=KnownError("sql.cut"))
        return Ended(Outcome.FAILED, RemoteState.FINISHED, problem=problem)

    def _unasked(self, error: StatementError | OverflowError) -> Ended:
        cause = error.orig if isinstance(error, StatementError) else error
        self.output.write(Stream.ERROR, f"{cause}\n".encode())
        problem = KnownError("sql.refused", state=type(cause).__name__)
        return Ended(Outcome.FAILED, RemoteState.FINISHED, problem=problem)

    def _show(self, result: CursorResult[Any], most: int) -> bool:
        """Tell the rows; whether there are more than may be shown."""
        kind, columns, told = self.job.package.manifest.output, list(result.keys()), 0
        documents: list[dict[str, str]] = []
        for part in result.partitions(_AT_ONCE):
            rows = [[_shown(each) for each in row] for row in part[: most - told]]
            self._tell(kind, columns, rows, documents)
            told += len(rows)
            if len(part) > len(rows):
                break
        else:
            part = []
        if kind is OutputKind.JSON:
            self.output.document(documents)
        elif not told:
            self._tell(kind, columns, [], documents)
        return len(part) > 0

    def _tell(
        self, kind: OutputKind, columns: Sequence[str], rows: list[list[str]], documents: list[dict[str, str]]
    ) -> None:
        if kind is OutputKind.TABLE:
            self.output.table(columns, rows)
        elif kind is OutputKind.JSON:
            documents += [dict(zip(columns, row, strict=True)) for row in rows]
        else:
            self.output.write(Stream.OUT, "".join("\t".join(row) + "\n" for row in rows).encode())


def _bound(job: Job) -> dict[str, object]:
    return {name: each.content if isinstance(each, UploadedFile) else each for name, each in job.values.items()}


def _shown(value: object) -> str:
    """As it stands in a table."""
    if isinstance(value, bytes | memoryview):
        data = bytes(value)
        return data[:_MOST_BYTES].hex() + ("…" if len(data) > _MOST_BYTES else "")
    if value is None or isinstance(value, str | bool | int | float | list | dict):
        return cell(value)
    return str(value)


def _program(job: Job) -> SqlProgram:
    program = job.package.manifest.program
    assert isinstance(program, SqlProgram)
    return program
