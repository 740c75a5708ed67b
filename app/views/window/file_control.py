"""Files and pictures of a ticket: loaded when they are needed, opened in the system's own programs."""

import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.models.errors import KnownError
from app.models.records.tickets import AttachmentInfo
from app.services.desk import Desk
from app.services.pictures import fetch_all
from app.services.settings import make_private
from app.services.tickets import reading
from app.views.kit.task_runner import TaskRunner
from app.views.ticket.browser import picture_of

Stored = TypeVar("Stored")


class FileControl(QObject):
    """`pictures` brings inline pictures by content id, `saved` where a file was written to."""

    pictures = Signal(dict)
    saved = Signal(Path)
    failed = Signal(KnownError)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner

    def forget_opened(self) -> None:
        """Nothing that was opened stays on the disk; what another program still holds goes at the next start."""
        work = partial(shutil.rmtree, self._desk.profile.opened, ignore_errors=True)
        self._runner.write(self, work, _nothing, self.failed.emit)

    def load_pictures(self, files: Sequence[AttachmentInfo]) -> None:
        """Read and decode them off the GUI thread; a QImage, unlike a QPixmap, may be made there."""
        wanted = {each.content_id: each.sha256 for each in files if each.content_id}

        def load() -> dict[str, object]:
            content = {name: reading.attachment_content(self._desk.database, digest) for name, digest in wanted.items()}
            return {name: picture_of(each) for name, each in content.items()}

        self._runner.read(self, load, self.pictures.emit, self.failed.emit, lane="pictures")

    def fetch_pictures(self, addresses: Sequence[str]) -> None:
        """Pictures on the network that the reader asked for; those that cannot be had stay away."""

        def load() -> dict[str, object]:
            return {address: picture_of(content) for address, content in fetch_all(addresses).items()}

        self._runner.read(self, load, self.pictures.emit, self.failed.emit, lane="remote pictures")

    def open(self, file: AttachmentInfo) -> None:
        """In the program the system has for it, from a folder that only this person may look into."""

        def store() -> Path:
            folder = make_private(make_private(self._desk.profile.opened) / str(file.id))
            return self._write(file, folder / file.name)

        self._runner.read(self, _telling_disk(store), _show, self.failed.emit)

    def save(self, file: AttachmentInfo, target: Path) -> None:
        work = _telling_disk(lambda: self._write(file, target))
        self._runner.read(self, work, self.saved.emit, self.failed.emit)

    def _write(self, file: AttachmentInfo, target: Path) -> Path:
        target.write_bytes(reading.attachment_content(self._desk.database, file.sha256))
        return target


def _nothing(_result: object) -> None:
    """There is nothing to be said about it."""


def _show(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _telling_disk(work: Callable[[], Stored]) -> Callable[[], Stored]:
    """A full or forbidden disk, told in words."""

    def told() -> Stored:
        try:
            return work()
        except OSError as error:
            reason = error.strerror or str(error)
            raise KnownError("file.cannot_write", file=error.filename or "", reason=reason) from error

    return told
