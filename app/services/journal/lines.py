"""The journal's file: lines are added at its end and synced to the disk, one by one."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.models.errors import KnownError
from app.services.profile import make_private
from app.services.whole_file import sync_folder, write_whole


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in a file. `torn` is what a process that was killed, or a machine that went off, left of a last line:
    nobody was told that it is kept."""

    lines: tuple[bytes, ...] = ()
    torn: bytes = b""


@dataclass(frozen=True)
class Lines:
    """A file of lines. It is not kept open: nothing stands in the way of replacing it as a whole."""

    file: Path

    def read(self) -> Read:
        """All lines; `KnownError` `file.cannot_read`."""
        try:
            content = self.file.read_bytes()
        except FileNotFoundError:
            return Read()
        except OSError as error:
            raise KnownError("file.cannot_read", file=self.file, reason=error.strerror or str(error)) from error
        *whole, torn = content.split(b"\n")
        return Read(tuple(each for each in whole if each), torn)

    def add(self, line: bytes) -> None:
        """Add a line, which ends in a line feed, and see it on the disk.

        `KnownError` `file.cannot_write` where the disk is full or the folder not ours: nothing of it is there then.
        """
        new = not self.file.exists()
        if new:
            make_private(self.file.parent)
        try:
            handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        except OSError as error:
            raise self._cannot_write(error) from error
        try:
            before = os.fstat(handle).st_size
            try:
                _write(handle, line if self._ends_whole() else b"\n" + line)
                os.fsync(handle)
            except OSError as error:
                with suppress(OSError):  # what stays of it then is a torn line
                    os.ftruncate(handle, before)
                raise self._cannot_write(error) from error
        finally:
            os.close(handle)
        if new:
            sync_folder(self.file.parent)

    def replace(self, lines: list[bytes]) -> None:
        """Put these in place of all that stands there, at once; `KnownError` `file.cannot_write`."""
        make_private(self.file.parent)
        write_whole(self.file, b"".join(lines))

    def _ends_whole(self) -> bool:
        """Whether the last line is one; what is torn must not spoil what comes after it."""
        with self.file.open("rb") as stream:
            if stream.seek(0, os.SEEK_END) == 0:
                return True
            stream.seek(-1, os.SEEK_END)
            return stream.read(1) == b"\n"

    @property
    def size(self) -> int:
        return self.file.stat().st_size if self.file.exists() else 0

    def _cannot_write(self, error: OSError) -> KnownError:
        return KnownError("file.cannot_write", file=self.file, reason=error.strerror or str(error))


def _write(handle: int, line: bytes) -> None:
    """A nearly full disk takes a part of it, and says so only when it is asked for the rest."""
    while line:
        line = line[os.write(handle, line) :]
