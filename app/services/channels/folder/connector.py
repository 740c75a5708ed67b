"""Mails as .eml files in a folder.

The cursor lists (in eight characters each) the files that were read and are still there: times and names alone would
miss a file that is copied in late and keeps its old time. Files are read in the order of their names. The folder is
listed once and then read to its end, batch for batch; what comes meanwhile is found by the next listing.
"""

import errno
import hashlib
import os
import shutil
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from app.models.errors import ChannelError
from app.services.channels.folder.config import FolderConfig
from app.services.channels.folder.files import MARK, MailFile, finished, listed, present
from app.services.channels.interface import (
    Batch,
    ChannelConfig,
    Connector,
    Credentials,
    Cursor,
    Incoming,
    Outgoing,
    Probe,
)

_BYTES_AT_ONCE = 32_000_000


class FolderConnector:
    """Reads one folder, writes answers into another."""

    def __init__(self, config: FolderConfig, max_bytes: int) -> None:
        self._config = config
        self._max_bytes = max_bytes
        self._unread: deque[MailFile] = deque()
        self._behind: Cursor | None = None
        """The cursor that `_unread` follows upon."""
        self._moved: set[str] = set()
        """Marks that the cursor need not keep, for their files are gone."""

    def test(self) -> Sequence[Probe]:
        found = self._listed()
        probes = [Probe("folder_readable", {"path": self._config.path, "files": len(found)})]
        for folder in filter(None, (self._config.done, self._config.outbox)):
            _prepare(folder)
            probes.append(Probe("folder_writable", {"path": folder}))
        return probes

    def poll(self, cursor: Cursor | None, limit: int) -> Batch:
        if not self._unread or cursor != self._behind:
            cursor = self._look(cursor or "")
        messages: list[Incoming] = []
        marks = [each for each in _marks(cursor or "") if each not in self._moved] if self._moved else [cursor or ""]
        self._moved.clear()
        size = 0
        while self._unread and len(messages) < limit and size < _BYTES_AT_ONCE:
            file = self._unread.popleft()
            incoming = self._read(file)
            if incoming is not None:
                messages.append(incoming)
                marks.append(file.mark)
                size += len(incoming.raw or b"")
        self._behind = "".join(marks)
        return Batch(messages, self._behind, more=bool(self._unread))

    def settle(self, external_ids: Sequence[str]) -> None:
        done = self._config.done
        if done is None:
            return
        _prepare(done)
        for each in external_ids:
            try:
                file = present(self._config.path, each)
                if file is not None:
                    _move(self._config.path / file.name, _free_place(done, file))
                    self._moved.add(file.mark)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise _refused("folder.cannot_write", done, error) from error

    def wait(self, seconds: float) -> bool:  # noqa: ARG002 - a folder does not tell
        return False

    def send(self, message: Outgoing) -> None:
        if self._config.outbox is None:
            raise ChannelError("folder.no_outbox", passing=False, about_message=True)
        _prepare(self._config.outbox)
        try:
            _write(_sent_file(message.message_id, self._config.outbox), message.raw)
        except OSError as error:
            raise _refused("folder.cannot_write", self._config.outbox, error) from error

    def find_sent(self, message_id: str) -> bool | None:
        return self._config.outbox is not None and _sent_file(message_id, self._config.outbox).exists()

    def close(self) -> None:
        self._unread.clear()

    def _look(self, cursor: Cursor) -> Cursor:
        """List the folder anew; returns the cursor without the files that are gone."""
        read = set(_marks(cursor))
        found = self._listed()
        self._unread = deque(finished([each for each in found if each.mark not in read]))
        return "".join([each.mark for each in found if each.mark in read])

    def _listed(self) -> list[MailFile]:
        try:
            return listed(self._config.path)
        except OSError as error:
            raise _refused("folder.cannot_read", self._config.path, error) from error

    def _read(self, file: MailFile) -> Incoming | None:
        """The file's mail; None where it went away or grew since it was listed."""
        if file.size > self._max_bytes:
            return Incoming(file.external_id, None, file.size, "too_large")
        try:
            with open(os.path.join(self._config.path, file.name), "rb") as stream:  # noqa: PTH118, PTH123 - see below
                raw = stream.read(file.size + 1)  # thousands a second: a Path for each costs as much as the reading
        except FileNotFoundError:
            return None
        except OSError:
            return Incoming(file.external_id, None, file.size, "unreadable")
        return Incoming(file.external_id, raw, file.size) if len(raw) == file.size else None


def open_folder(config: ChannelConfig, credentials: Credentials, max_bytes: int) -> Connector:  # noqa: ARG001 - needs none
    """The connector for `config`; opens nothing yet."""
    assert isinstance(config, FolderConfig)
    return FolderConnector(config, max_bytes)


def _marks(cursor: Cursor) -> list[str]:
    return [cursor[at : at + MARK] for at in range(0, len(cursor), MARK)]


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused("folder.cannot_write", folder, error) from error
    if not os.access(folder, os.W_OK):
        raise ChannelError("folder.cannot_write", passing=False, path=folder, reason="permission denied")


def _sent_file(message_id: str, folder: Path) -> Path:
    """A name that every file system takes, different for each Message-ID."""
    return folder / f"{hashlib.sha256(message_id.encode()).hexdigest()[:32]}.eml"


def _write(target: Path, raw: bytes) -> None:
    """The whole file under its name, or none: the same holds when the power fails."""
    unfinished = target.with_suffix(".part")
    with unfinished.open("wb") as stream:
        stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(target)
    if os.name == "posix":  # elsewhere a folder cannot be opened, and the rename is journaled
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _free_place(folder: Path, file: MailFile) -> Path:
    """For what was taken in: beside a file of the same name, not over it."""
    place = folder / file.name
    return place.with_name(f"{place.stem}.{file.mark}{place.suffix}") if place.exists() else place


def _move(source: Path, target: Path) -> None:
    """By renaming; to another disk by copying under another name first, so that no half file is left under this one."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        unfinished = target.with_suffix(".part")
        shutil.copy2(source, unfinished)
        unfinished.replace(target)
        source.unlink()


def _refused(code: str, path: Path, error: OSError) -> ChannelError:
    return ChannelError(code, passing=True, path=path, reason=error.strerror or str(error))
