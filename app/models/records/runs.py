"""Runs of remote-help scripts: what is run where as whom, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.scripts import Transport


class Outcome(StrEnum):
    """How a run on one target ended, or that it has not.

    LOST: the connection to the target broke, or the desk itself went away. REFUSED: it was not let run.
    """

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    LOST = "lost"
    REFUSED = "refused"

    @property
    def is_over(self) -> bool:
        return self not in (Outcome.WAITING, Outcome.RUNNING)


class RemoteState(StrEnum):
    """What is known of the script's process on the target. STOPPED was looked at; UNKNOWN is what nobody can say."""

    NEVER_STARTED = "never_started"
    FINISHED = "finished"
    STOPPED = "stopped"
    STILL_RUNNING = "still_running"
    UNKNOWN = "unknown"


class Stream(StrEnum):
    """Where a line comes from; NOTE is the desk's own word."""

    OUT = "out"
    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """The value of a parameter of type `file`."""

    name: str
    content: bytes = field(repr=False)


Value = str | int | bool | UploadedFile | None


@dataclass(frozen=True, slots=True)
class Connection:
    """How targets are reached, and as whom.

    `address` is the server of a directory, the base address of a service, the URL of a database without its password;
    empty where the target is the host itself. `targets` is the allow-list: host names with `*`, networks
    (`10.1.0.0/16`), or for a directory the distinguished names of organisational units. `options` are those of the
    transport. Its password and key lie in the keyring as `remote/<name>/password` and so on.
    """

    id: UUID
    name: str
    transport: Transport
    address: str
    user_name: str
    targets: tuple[str, ...]
    options: Mapping[str, Any]
    asks_password: bool = False
    """Whether whoever runs a script types the password each time, instead of the keyring."""
    for_tests: bool = False
    """Whether its targets are there to try scripts on that nobody approved yet."""
    saved_by: UUID | None = None
    """Who saved it last: whoever that was does not try scripts of their own on its targets."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run on one target ended. `problem` says why where a person should know."""

    outcome: Outcome
    remote: RemoteState
    exit_code: int | None = None
    problem: KnownError | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line that a script said, masked; without its line end."""

    stream: Stream
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that a script told, each as long as `columns`."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TargetResult:
    """What is kept of a run on one target. `head` is the first of its output, `document` its table or JSON."""

    target: str
    as_whom: str
    outcome: Outcome
    remote: RemoteState
    exit_code: int | None
    problem: str
    problem_facts: Mapping[str, Any]
    started_at: datetime | None
    ended_at: datetime | None
    head: str
    document: Any
    message_id: UUID | None = None
    """The note on the ticket, which has the whole output as a file where it is longer."""

    @property
    def lasted(self) -> timedelta | None:
        return self.ended_at - self.started_at if self.started_at and self.ended_at else None


@dataclass(frozen=True, slots=True)
class Run:
    """One use of a script. `parameters` are masked, `previews` say by target what was to run.

    `second` is who agreed to it where that was needed, or refused it with the words `refusal`.
    `test`: its author tried it before anybody approved it.
    """

    id: UUID
    ticket_id: UUID | None
    script: str
    version: str
    sha256: str
    agent_id: UUID
    agent: str
    at: datetime
    dry_run: bool
    parameters: Mapping[str, Any]
    consent: str
    second: str
    second_at: datetime | None
    results: tuple[TargetResult, ...]
    test: bool = False
    previews: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    number: int | None = None
    """Of its ticket."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Where it ran, or is to run."""
        return tuple(self.previews) or tuple(each.target for each in self.results)

    @property
    def outcome(self) -> Outcome:
        """That of the worst of its targets: what is not over first, then what went wrong."""
        order = (
            Outcome.RUNNING,
            Outcome.WAITING,
            Outcome.LOST,
            Outcome.FAILED,
            Outcome.TIMED_OUT,
            Outcome.CANCELLED,
            Outcome.REFUSED,
            Outcome.SUCCEEDED,
        )
        found = {each.outcome for each in self.results}
        return next((each for each in order if each in found), Outcome.WAITING)
