"""A script in a job, and what it said, for the tests of what carries it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.models.identifiers import new_id
from app.models.records.runs import Connection, Ended, Outcome, Stream, Value
from app.models.records.scripts import Manifest, Package, Transport
from app.services.remote_help.transports.interface import Carrier, Job, Stop


@dataclass
class Said:
    """What a script said; `heard` is called after each piece."""

    out: bytearray = field(default_factory=bytearray)
    error: bytearray = field(default_factory=bytearray)
    tables: list[tuple[Sequence[str], list[Sequence[object]]]] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)
    revealed: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    shares: list[float | None] = field(default_factory=list)
    heard: Callable[[], None] = lambda: None

    def write(self, stream: Stream, data: bytes) -> None:
        (self.error if stream is Stream.ERROR else self.out).extend(data)
        self.heard()

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        self.tables.append((columns, list(rows)))

    def document(self, value: Any) -> None:
        self.documents.append(value)

    def reveal(self, label: str, secret: str) -> None:
        self.revealed[label] = secret

    def progress(self, share: float | None, text: str) -> None:
        self.shares.append(share)

    def keep(self, name: str, content: bytes) -> None:
        self.files[name] = content


def manifest(program: Mapping[str, Any], parameters: Sequence[Mapping[str, Any]] = (), **more: Any) -> Manifest:
    words = {"name": "A script", "description": "Does what a test asks.", "changes": "Nothing.", "undo": "Nothing."}
    told = {
        "id": "a-script",
        "version": "1.0",
        "category": "linux",
        "risk": "read",
        "timeout": 60,
        "text": {"en": words},
    }
    asked = [{"type": "text", "label": {"en": each["name"]}, "required": False, **each} for each in parameters]
    return Manifest.model_validate({**told, "program": program, "parameters": asked, **more})


def package(told: Manifest, **files: bytes) -> Package:
    return Package(told, {name.replace("__", "."): content for name, content in files.items()}, "0" * 64)


def job(what: Package, target: str, connection: Connection, secrets: Mapping[str, str], **more: Any) -> Job:
    values: Mapping[str, Value] = more.pop("values", {})
    return Job(what, target, connection, secrets.get, values, 60.0, **more)


def connection(transport: Transport, address: str = "", user: str = "", **options: Any) -> Connection:
    return Connection(new_id(), "test", transport, address, user, ("*",), options)


def carry(
    carrier: Carrier,
    wanted: Job,
    said: Said,
    stop_when: Callable[[Said], bool] | None = None,
    outcome: Outcome = Outcome.CANCELLED,
) -> Ended:
    """Run it to its end; asked to stop as soon as `stop_when` holds."""

    async def running() -> Ended:
        stop = Stop()
        said.heard = lambda: stop.ask(outcome) if stop_when is not None and stop_when(said) else None
        return await carrier.run(wanted, said, stop)

    return run(running())


def run(what: Coroutine[Any, Any, Ended]) -> Ended:
    return asyncio.run(what)
