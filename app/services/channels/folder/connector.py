"""Mails as .eml files in a folder.

A file is known by its name, its size and its time of change, so one that is replaced by another is read as a new one.
The cursor lists (in eight characters each) the files that were read and are still there: times and names alone would
miss a file that is copied in late and keeps its old time. Files are read in the order of their names. One that changed
within the last second may still be growing and waits for the next poll; writers that rename a finished file into
place (`.part` to `.eml`) lose that second and nothing else.
"""

import base64
import hashlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from app.models.errors import ChannelError
from app.services.channels.folder.config import FolderConfig
from app.services.channels.interface import (
    Batch,
    ChannelConfig,
    Connector,
    Cursor,
    Incoming,
    Outgoing,
    Probe,
    SecretSource,
)

_GROWING_FOR_NS = 1_000_000_000
_BYTES_AT_ONCE = 32_000_000


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    size: int
    changed_ns: int

    @property
    def external_id(self) -> str:
        return f"{self.name}:{self.size}:{self.changed_ns}"

    @property
    def mark(self) -> str:
        digest = hashlib.blake2b(self.external_id.encode("utf-8", "surrogateescape"), digest_size=6).digest()
        return base64.urlsafe_b64encode(digest).decode()


class FolderConnector:
    """Reads one folder, writes answers into another."""

    def __init__(self, config: FolderConfig, max_bytes: int) -> None:
        self._config = config
        self._max_bytes = max_bytes

    def test(self) -> Sequence[Probe]:
        found = self._files()
        probes = [Probe("folder_readable", {"path": self._config.path, "files": len(found)})]
        for folder in filter(None, (self._config.done, self._config.outbox)):
            self._prepare(folder)
            probes.append(Probe("folder_writable", {"path": folder}))
        return probes

    def poll(self, cursor: Cursor | None, limit: int) -> Batch:
        present = self._files()
        read = set(json.loads(cursor)) if cursor else set()
        fresh = [each for each in present if each.mark not in read]
        settled_before = time.time_ns() - _GROWING_FOR_NS
        ready = [each for each in fresh if each.changed_ns <= settled_before]
        messages: list[Incoming] = []
        taken, size = 0, 0
        for each in ready[:limit]:
            incoming = self._read(each)
            taken += 1
            if incoming is not None:
                messages.append(incoming)
                read.add(each.mark)
                size += len(incoming.raw or b"")
            if size >= _BYTES_AT_ONCE:
                break
        still_there = {each.mark for each in present}
        return Batch(messages, json.dumps(sorted(read & still_there)), more=taken < len(ready))

    def settle(self, external_ids: Sequence[str]) -> None:
        if self._config.done is None:
            return
        self._prepare(self._config.done)
        wanted = set(external_ids)
        for each in self._files():
            if each.external_id in wanted:
                self._move(each)

    def wait(self, seconds: float) -> bool:  # noqa: ARG002 - a folder does not tell
        return False

    def send(self, message: Outgoing) -> None:
        if self._config.outbox is None:
            raise ChannelError("folder.no_outbox", passing=False, about_message=True)
        self._prepare(self._config.outbox)
        target = self._sent_file(message.message_id, self._config.outbox)
        unfinished = target.with_suffix(".part")
        try:
            with unfinished.open("wb") as stream:
                stream.write(message.raw)
                stream.flush()
                os.fsync(stream.fileno())
            unfinished.replace(target)
        except OSError as error:
            raise _refused("folder.cannot_write", self._config.outbox, error) from error

    def find_sent(self, message_id: str) -> bool | None:
        return self._config.outbox is not None and self._sent_file(message_id, self._config.outbox).exists()

    def close(self) -> None:
        """There is nothing to let go of."""

    def _files(self) -> list[_File]:
        try:
            with os.scandir(self._config.path) as entries:
                found = [_file(each) for each in entries if each.name.lower().endswith(".eml") and each.is_file()]
        except OSError as error:
            raise _refused("folder.cannot_read", self._config.path, error) from error
        return sorted((each for each in found if each is not None), key=lambda each: each.name)

    def _read(self, file: _File) -> Incoming | None:
        """The file's mail; None where it went away or grew since it was listed."""
        if file.size > self._max_bytes:
            return Incoming(file.external_id, None, file.size, "too_large")
        try:
            raw = (self._config.path / file.name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            return Incoming(file.external_id, None, file.size, "unreadable")
        return Incoming(file.external_id, raw, file.size) if len(raw) == file.size else None

    def _move(self, file: _File) -> None:
        """Into the folder for what was taken in; beside a file of the same name, not over it."""
        source = self._config.path / file.name
        target = cast(Path, self._config.done) / file.name
        if target.exists():
            target = target.with_name(f"{target.stem}.{file.mark}{target.suffix}")
        try:
            source.replace(target)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _refused("folder.cannot_write", target.parent, error) from error

    def _prepare(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _refused("folder.cannot_write", folder, error) from error
        if not os.access(folder, os.W_OK):
            raise ChannelError("folder.cannot_write", passing=False, path=folder, reason="permission denied")

    def _sent_file(self, message_id: str, folder: Path) -> Path:
        """A name that every file system takes, different for each Message-ID."""
        return folder / f"{hashlib.sha256(message_id.encode()).hexdigest()[:32]}.eml"


def open_folder(config: ChannelConfig, secrets: SecretSource, max_bytes: int) -> Connector:  # noqa: ARG001 - needs none
    """The connector for `config`; opens nothing yet."""
    assert isinstance(config, FolderConfig)
    return FolderConnector(config, max_bytes)


def _file(entry: os.DirEntry[str]) -> _File | None:
    try:
        told = entry.stat()
    except FileNotFoundError:
        return None
    return _File(entry.name, told.st_size, told.st_mtime_ns)


def _refused(code: str, path: Path, error: OSError) -> ChannelError:
    return ChannelError(code, passing=True, path=path, reason=error.strerror or str(error))
