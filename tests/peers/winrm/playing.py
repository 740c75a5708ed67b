"""One session of PowerShell remoting, and the scenarios that are played in it instead of scripts."""

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from psrpcore import CreatePipelineEvent, PSRPPayload, ServerPipeline, ServerRunspacePool, StreamType
from psrpcore.types import (
    ErrorCategoryInfo,
    ErrorRecord,
    HostMethodIdentifier,
    NETException,
    PSCustomObject,
    PSInvocationState,
    PSSecureString,
)

_PIECE = 32_768


class Stopped(BaseException):
    """The host was told to stop the script."""


@dataclass(frozen=True)
class Invocation:
    """What a client had the host run: the script's text, and what was bound to its parameters."""

    script: str
    parameters: Mapping[str, Any]
    secret: frozenset[str]
    """The names of those that came as SecureString."""
    user: str
    configuration: str


@dataclass
class Play:
    """What a scenario may do. Every call reaches the client at once, unless it does not ask."""

    told: Invocation
    pipeline: ServerPipeline
    session: "Session"
    stop: threading.Event = field(default_factory=threading.Event)
    stubborn: bool = False
    """Whether it goes on when it is told to stop."""

    def output(self, value: Any) -> None:
        self._do(lambda: self.pipeline.write_output(value))

    def row(self, **values: Any) -> None:
        self.output(PSCustomObject(**values))

    def error(self, text: str) -> None:
        self._do(lambda: self.pipeline.write_error(NETException(Message=text)))

    def warning(self, text: str) -> None:
        self._do(lambda: self.pipeline.write_warning(text))

    def verbose(self, text: str) -> None:
        self._do(lambda: self.pipeline.write_verbose(text))

    def information(self, text: str, tags: list[str]) -> None:
        self._do(lambda: self.pipeline.write_information(text, "script", tags=tags))

    def progress(self, activity: str, status: str, percent: int) -> None:
        self._do(lambda: self.pipeline.write_progress(activity, 1, status, percent_complete=percent))

    def host(self, method: HostMethodIdentifier, *values: Any) -> None:
        self._do(lambda: self.pipeline.host_call(method, list(values)))

    def exit(self, code: int) -> None:
        self.host(HostMethodIdentifier.SetShouldExit, code)

    def wait(self, seconds: float) -> None:
        """As `Start-Sleep`; ends when the script is told to stop."""
        if self.session.closed.wait(0) or (self.stop.wait(seconds) and not self.stubborn):
            raise Stopped

    def _do(self, what: Callable[[], object]) -> None:
        if self.session.closed.is_set() or (self.stop.is_set() and not self.stubborn):
            raise Stopped
        with self.session.changed:
            what()
            self.session.changed.notify_all()


Scenario = Callable[[Play], None]


class Thrown(Exception):
    """A terminating error of a script."""


class Session:
    """A pool with what is on its way to the client, by pipeline (empty for the pool itself)."""

    def __init__(self, user: str, configuration: str, scenario: Scenario, heard: list[Invocation]) -> None:
        self.user, self.configuration = user, configuration
        self.closed = threading.Event()
        self.changed = threading.Condition()
        self.pool = ServerRunspacePool()
        self.plays: dict[str, Play] = {}
        self.seen = bytearray()
        """All that the client sent, as PSRP."""
        self._scenario, self._heard = scenario, heard
        self._waiting: dict[str, list[bytes]] = {}

    def take(self, data: bytes, command: str = "", *, begins: bool = False) -> None:
        with self.changed:
            self.seen += data
            identity = uuid.UUID(command) if command else None
            if begins and identity is not None:
                ServerPipeline(self.pool, identity)
            self.pool.receive_data(PSRPPayload(data, StreamType.default, identity))
            while (event := self.pool.next_event()) is not None:
                if isinstance(event, CreatePipelineEvent):
                    self._begin(command, self.pool.pipeline_table[event.pipeline_id])
            self.changed.notify_all()

    def answer(self, command: str, seconds: float) -> tuple[list[bytes], bool] | None:
        """What is there for the client by now, and whether the pipeline is over; None where nothing came in time."""
        with self.changed:
            self.changed.wait_for(lambda: self.closed.is_set() or self._ready(command), seconds)
            pieces = self._waiting.pop(command.upper(), [])
            return (pieces, self._is_over(command)) if pieces else None

    def close(self) -> None:
        with self.changed:
            self.closed.set()
            self.changed.notify_all()
            for play in self.plays.values():
                play.stop.set()

    def _ready(self, command: str) -> bool:
        while (payload := self.pool.data_to_send(_PIECE)) is not None:
            key = str(payload.pipeline_id).upper() if payload.pipeline_id is not None else ""
            self._waiting.setdefault(key, []).append(payload.data)
        return command.upper() in self._waiting

    def _is_over(self, command: str) -> bool:
        play = self.plays.get(command.upper())
        return play is not None and play.pipeline.state in (
            PSInvocationState.Completed, PSInvocationState.Failed, PSInvocationState.Stopped,
        )  # fmt: skip

    def _begin(self, command: str, pipeline: ServerPipeline) -> None:
        told = self._invocation(pipeline)
        play = self.plays[command.upper()] = Play(told, pipeline, self)
        pipeline.start()
        scenario = self._scenario
        if told.script == "Get-Variable":
            scenario = _no_program
        else:
            self._heard.append(told)
        threading.Thread(target=self._play, args=(play, scenario), daemon=True).start()

    def _invocation(self, pipeline: ServerPipeline) -> Invocation:
        command = pipeline.metadata.commands[0]
        values, secret = {}, set()
        for name, value in command.parameters:
            hidden = isinstance(value, PSSecureString)
            values[name] = value.decrypt() if hidden else value
            if hidden:
                secret.add(name)
        return Invocation(command.command_text, values, frozenset(secret), self.user, self.configuration)

    def _play(self, play: Play, scenario: Scenario) -> None:
        try:
            scenario(play)
        except Stopped:
            self._settle(play.pipeline.stop)
        except Thrown as error:
            record = ErrorRecord(
                NETException(Message=str(error)),
                ErrorCategoryInfo(),
                ScriptStackTrace="at <ScriptBlock>, <No file>: line 7",
            )
            self._settle(lambda: play.pipeline._change_state(PSInvocationState.Failed, error=record))
        else:
            self._settle(play.pipeline.complete)

    def _settle(self, what: Callable[[], None]) -> None:
        with self.changed:
            what()
            self.changed.notify_all()


def _no_program(_play: Play) -> None:
    """`Get-Variable LASTEXITCODE` where the script started no program."""
