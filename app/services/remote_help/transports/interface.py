"""The one interface between a run and what carries it.

A transport knows nothing of tickets and the database. It is handed a `Job`, says what the target says into an
`Output`, and ends soon after `Stop` was asked for, with what it then knows of the target.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from app.models.errors import KnownError
from app.models.records.runs import Connection, Ended, Outcome, Stream, Value
from app.models.records.scripts import Package
from app.models.rules.script_values import masked

SecretSource = Callable[[str], str | None]
"""The connection's secret of a name (`password`, `key`, `token`), or None where there is none."""


class Options(BaseModel):
    """Base of what a transport wants to be told of a connection, besides address and user."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Reach:
    """A target and the way there, with nothing to be done yet. Fields as those of `Job`."""

    target: str
    connection: Connection
    secret: SecretSource = field(repr=False)
    host_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """One step of a connection test that went well: a code with its words under `probe.<code>`, and facts for them."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """One script on one target. `values` are checked and complete; those of `secret` parameters are in them.

    `host_keys` are the public keys pinned for the target, as lines of OpenSSH. Its repr tells no values.
    """

    package: Package
    target: str
    connection: Connection
    secret: SecretSource = field(repr=False)
    values: Mapping[str, Value] = field(repr=False)
    timeout: float
    dry_run: bool = False
    host_keys: tuple[str, ...] = ()

    @property
    def reach(self) -> Reach:
        return Reach(self.target, self.connection, self.secret, self.host_keys)


def shown_values(job: Job) -> list[tuple[str, str]]:
    """The values as a preview shows them: those that are there, secrets as dots, a file by its name and size."""
    shown = masked(job.package.manifest, job.values)
    return [(name, repr(value)) for name, value in shown.items() if value is not None]


class UnknownHostKey(KnownError):
    """The target shows a key that nobody has seen yet. Facts: host, port, algorithm, fingerprint (SHA256:...), key.

    `key` is the line to pin. Whoever runs the script is asked, and the run begins anew.
    """


class Output(Protocol):
    """Where what a target says goes. May be called from any thread; masks and limits what it is given."""

    def write(self, stream: Stream, data: bytes) -> None:
        """Bytes as they came, cut anywhere; they need not be UTF-8."""

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Rows of a result; several calls with the same columns add up."""

    def document(self, value: Any) -> None:
        """The result as what JSON can hold."""

    def reveal(self, label: str, secret: str) -> None:
        """Show something once to whoever runs the script, a new password say; kept nowhere, masked all over."""

    def progress(self, share: float | None, text: str) -> None:
        """How far it is, 0 to 1, where that is known."""

    def keep(self, name: str, content: bytes) -> None:
        """A file for the ticket."""


class Stop:
    """Asks a run to end, from any thread. Made within the event loop that the run is in."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._asked = threading.Event()
        self._woken = asyncio.Event()
        self.reason = Outcome.CANCELLED

    def ask(self, reason: Outcome) -> None:
        """`reason` is CANCELLED or TIMED_OUT; who asks first says why."""
        if self._asked.is_set():
            return
        self.reason = reason
        self._asked.set()
        self._loop.call_soon_threadsafe(self._woken.set)

    @property
    def is_asked(self) -> bool:
        return self._asked.is_set()

    async def wait(self) -> None:
        """Until it is asked for; for work within the event loop."""
        await self._woken.wait()

    def wait_in_thread(self, seconds: float) -> bool:
        """Until it is asked for or the time is over; for work in a thread."""
        return self._asked.wait(seconds)


Asked = Literal["address", "user_name", "targets", "asks_password"]
"""The fields of a connection that mean something to one transport and nothing to another."""


class Carrier(Protocol):
    """One transport.

    `asks` are those fields of a connection that it uses, `secrets` the names of what it takes from the keyring: a form
    asks for these, for no others, and for the `options`.
    """

    options: type[Options]
    asks: frozenset[Asked]
    secrets: tuple[str, ...]

    def preview(self, job: Job) -> str:
        """Exactly what will be done, as a person who knows the field would write it down; secrets as dots.

        `KnownError` where the job cannot be.
        """

    async def run(self, job: Job, output: Output, stop: Stop) -> Ended:
        """Carry out the job. After `stop` was asked for it ends the remote process, looks whether it is gone, and
        tells with `stop.reason` as the outcome.

        `KnownError` only before anything was started on the target: after that, what is known goes into `Ended`.
        """

    async def probe(self, reach: Reach) -> Sequence[Probe]:
        """Reach the target, make sure who it is, sign in: each step that worked. Changes nothing there.

        `target` is the connection's own address where the transport takes no targets. `KnownError` with what did not
        work, `UnknownHostKey` among them.
        """
