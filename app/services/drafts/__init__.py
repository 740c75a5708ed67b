"""What is being written and not sent yet, kept on this machine: it survives a crash and a lost database."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from app.models.errors import KnownError
from app.services.settings import make_private, write_whole


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """An unfinished answer or note. `kind` is `answer`, `forward` or `note`; attachments are paths of files.

    `quote` asks for the mail that is answered to be put below.
    """

    kind: str
    to: str
    cc: str
    subject: str
    text: str
    attachments: tuple[str, ...] = ()
    quote: bool = True


@dataclass(frozen=True)
class Drafts:
    """One file a ticket in `folder`, replaced as a whole at every save."""

    folder: Path

    def save(self, ticket_id: UUID, draft: StoredDraft) -> None:
        """Keep the draft; `KnownError` `file.cannot_write` where the disk is full or the folder cannot be written."""
        make_private(self.folder)
        write_whole(self._file(ticket_id), json.dumps(asdict(draft), ensure_ascii=False).encode())

    def load(self, ticket_id: UUID) -> StoredDraft | None:
        """The draft of a ticket; None where there is none. One that cannot be read is set aside, not thrown away."""
        file = self._file(ticket_id)
        try:
            told = json.loads(file.read_bytes())
            return StoredDraft(**{**told, "attachments": tuple(told["attachments"])})
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KnownError("file.cannot_read", file=file, reason=error.strerror or str(error)) from error
        except (ValueError, TypeError, KeyError):
            file.replace(file.with_suffix(".unreadable"))
            return None

    def keep_picture(self, ticket_id: UUID, png: bytes) -> str:
        """Keep a pasted picture beside the draft; returns its path, to be attached by."""
        folder = make_private(make_private(self.folder) / str(ticket_id))
        file = folder / f"picture-{len(list(folder.iterdir())) + 1}.png"
        write_whole(file, png)
        return str(file)

    def discard(self, ticket_id: UUID) -> None:
        """Forget the draft of a ticket, and the pictures pasted into it."""
        self._file(ticket_id).unlink(missing_ok=True)
        shutil.rmtree(self.folder / str(ticket_id), ignore_errors=True)

    def waiting(self) -> set[UUID]:
        """The tickets that have a draft."""
        return {UUID(each.stem) for each in self.folder.glob("*.json")} if self.folder.is_dir() else set()

    def _file(self, ticket_id: UUID) -> Path:
        return self.folder / f"{ticket_id}.json"
