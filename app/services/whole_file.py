"""Files as a whole: one that is written is there when it is on the disk, and what was there stays until then."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.models.errors import KnownError


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A path beside `target` to write to; what is there at the end takes the target's place at once.

    An exception leaves nothing behind. `KnownError` `file.cannot_write` for an `OSError`, also of what is done within.
    """
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        try:
            unfinished.unlink(missing_ok=True)
            yield unfinished
            sync_file(unfinished)
            unfinished.replace(target)
            sync_folder(target.parent)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise KnownError("file.cannot_write", file=target, reason=error.strerror or str(error)) from error


def write_whole(target: Path, content: bytes) -> None:
    """Replace a file by another at once; errors as in `whole_file`."""
    with whole_file(target) as unfinished:
        unfinished.write_bytes(content)


def read_whole(file: Path) -> bytes:
    """What is in a file; `KnownError` `file.cannot_read`."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise KnownError("file.cannot_read", file=file, reason=error.strerror or str(error)) from error


def sync_file(file: Path) -> None:
    """See what was written on the disk itself."""
    _sync(file, os.O_RDWR)


def sync_folder(folder: Path) -> None:
    """See the name of a new file on the disk; Windows writes it down with the file."""
    if os.name != "nt":
        _sync(folder, os.O_RDONLY)


def _sync(path: Path, mode: int) -> None:
    handle = os.open(path, mode)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
