"""What the pages ask for: to read what is there, and to have something done. What is done is told in words."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.models.records.runs import Connection
from app.models.records.scripts import Package
from app.services.desk import Desk
from app.services.remote_help import connections, host_keys, library, probing, registry
from app.services.remote_help.comparing import Comparison, compare
from app.services.remote_help.host_keys import PinnedKey
from app.services.remote_help.library import BrokenScript
from app.services.remote_help.registry import Registered
from app.services.remote_help.transports.interface import UnknownHostKey
from app.services.wording import tr
from app.views.kit.task_runner import TaskRunner
from app.views.script_library.known import Known, look


class LibraryControl(QObject):
    """`listed` brings what is there; `unread` why it could not be read. `done` tells in words what was done, `failed`
    what was refused. `broken` brings the folders that were not taken in, each with its manifest's text.

    `tested` brings a sentence for each step of a connection's test, `refused` what stopped it.
    """

    listed = Signal(Known)
    unread = Signal(KnownError)
    done = Signal(str)
    failed = Signal(KnownError)
    broken = Signal(list)
    tested = Signal(list)
    refused = Signal(KnownError)
    stored = Signal(Connection, str)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self._tests = QObject(self)

    def look(self) -> None:
        self._runner.read(self, partial(look, self._desk), self.listed.emit, self.unread.emit, lane="library")

    def compare(self, before: UUID | None, after: UUID, done: Callable[[tuple[Package, Comparison]], None]) -> None:
        """The files of a version, and what is different from another."""
        database = self._desk.database

        def work() -> tuple[Package, Comparison]:
            old = registry.package_of_version(database, before) if before is not None else None
            new = registry.package_of_version(database, after)
            return new, compare(old, new)

        self._runner.read(self, work, done, self.failed.emit, lane="compare")

    def package(self, script_id: UUID, done: Callable[[Package], None]) -> None:
        work = partial(registry.package_of_version, self._desk.database, script_id)
        self._runner.read(self, work, done, self.failed.emit, lane="package")

    def add_built_in(self) -> None:
        """All that ships with the desk; what is there already stays as it is."""

        def work() -> str:
            packages = library.built_in().values()
            known = {each.sha256 for each in registry.listed(self._desk.database, retired=True)}
            for each in packages:
                registry.add(self._desk.database, self._actor, each)
            count = sum(each.sha256 not in known for each in packages)
            return tr("script_library.added_built_in" if count else "script_library.nothing_new", count=count)

        self._do(work)

    def take_in(self, folder: Path) -> None:
        """The script in a folder, or all in the folders of it."""

        def work() -> tuple[str, list[tuple[BrokenScript, str]]]:
            packages, broken = library.read_any(folder)
            for each in packages:
                registry.add(self._desk.database, self._actor, each)
            if not packages and not broken:
                raise KnownError("script.none_here", folder=folder)
            texts = [(each, _manifest_text(folder, each)) for each in broken]
            return tr("script_library.taken_in", count=len(packages)) if packages else "", texts

        def ended(found: tuple[str, list[tuple[BrokenScript, str]]]) -> None:
            words, broken = found
            if words:
                self.done.emit(words)
            if broken:
                self.broken.emit(broken)

        self._runner.write(self, work, ended, self.failed.emit)

    def approve(self, version: Registered) -> None:
        self._do_to(registry.approve, version, "script_library.is_approved")

    def retire(self, version: Registered) -> None:
        self._do_to(registry.retire, version, "script_library.is_retired")

    def export(self, version: Registered, folder: Path) -> None:
        work = partial(registry.export, self._desk.database, version.id, folder)
        done = lambda place: self.done.emit(tr("script_library.exported", folder=place))  # noqa: E731
        self._runner.write(self, work, done, self.failed.emit)

    def save_connection(self, wanted: Connection, seen: Connection | None, entered: Mapping[str, str]) -> None:
        """Store it, then keep its secrets: a name that is taken must not cost another's password."""
        database, secrets = self._desk.database, self._desk.secrets

        def work() -> KnownError | None:
            connections.save(database, self._actor, wanted, seen)
            try:
                for name, value in entered.items():
                    secrets.set(connections.secret_name(wanted.name, name), value)
            except KnownError as error:
                return error
            return None

        def done(problem: KnownError | None) -> None:
            self.stored.emit(wanted, wanted.name)
            if problem is not None:
                self.failed.emit(problem)

        self._runner.write(self, work, done, self.failed.emit)

    def remove_connection(self, connection: Connection, names: Sequence[str]) -> None:
        """With the secrets of it that this computer keeps."""

        def work() -> str:
            connections.remove(self._desk.database, self._actor, connection.id)
            for each in names:
                self._desk.secrets.forget(connections.secret_name(connection.name, each))
            return tr("connection_page.removed", name=connection.name)

        self._do(work)

    def test(self, connection: Connection, target: str, entered: Mapping[str, str]) -> None:
        """Try a connection as it is entered, stored or not."""
        database, secrets = self._desk.database, self._desk.secrets

        def work() -> list[str]:
            steps = probing.probe(database, secrets, connection, target, entered)
            return [tr(f"probe.{each.code}", **each.facts) for each in steps]

        self._runner.away(self._tests, work, self.tested.emit, self.refused.emit)

    def forget_test(self) -> None:
        """Nobody waits for the result of a test any more."""
        self._runner.drop(self._tests)

    def pin(self, unknown: UnknownHostKey, then: Callable[[], None]) -> None:
        """Somebody looked at the key, and it is the host's."""
        facts = {name: str(fact) for name, fact in unknown.facts.items()}
        where = (facts["host"], int(facts["port"]), facts["key"])
        work = partial(host_keys.pin, self._desk.database, self._actor, *where)
        self._runner.write(self, work, lambda _done: then(), self.failed.emit)

    def forget_key(self, key: PinnedKey) -> None:
        def work() -> str:
            host_keys.forget(self._desk.database, self._actor, key.id)
            return tr("host_keys_page.forgotten", host=key.host)

        self._do(work)

    @property
    def _actor(self) -> Actor:
        assert self._desk.actor is not None
        return self._desk.actor

    def _do(self, work: Callable[[], str]) -> None:
        self._runner.write(self, work, self.done.emit, self.failed.emit)

    def _do_to(self, deed: Callable[..., Any], version: Registered, words: str) -> None:
        def work() -> str:
            deed(self._desk.database, self._actor, version.id)
            return tr(words, name=version.manifest.id, version=version.manifest.version)

        self._do(work)


def _manifest_text(folder: Path, broken: BrokenScript) -> str:
    """The text in which something is wrong; empty where there is none to be read."""
    for each in (folder / str(broken.facts["script"]) / library.MANIFEST, folder / library.MANIFEST):
        if each.is_file():
            return each.read_bytes().decode("utf-8", "replace")
    return ""
