"""What is being written and not sent yet, kept on this machine: it survives a crash and a lost database."""

import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import UUID

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.services.settings import make_private, write_whole


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """An unfinished answer or note. `kind` is `answer`, `forward` or `note`; attachments are paths of files.

    `html` is the same as `text` with its formatting; empty in drafts of plain text. `pictures` are the paths of those
    between the words, by their content ids. `quote` asks for the mail `about` to be put below, or the newest where
    none is named; `signature` for the team's. `number` and `title` are the ticket's, for a list of drafts.
    """

    kind: str
    to: str
    cc: str
    subject: str
    text: str
    attachments: tuple[str, ...] = ()
    quote: bool = True
    html: str = ""
    pictures: dict[str, str] = field(default_factory=dict)
    signature: bool = True
    about: str = ""
    number: int = 0
    title: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost with it."""
        return not (self.text.strip() or self.attachments or self.pictures)


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

    def keep_pasted(self, ticket_id: UUID, content: bytes, ending: str) -> str:
        """Keep what was pasted, a picture or a very long text, beside the draft; returns its path."""
        folder = make_private(make_private(self.folder) / str(ticket_id))
        file = folder / f"pasted-{new_id().hex[-8:]}{ending}"
        write_whole(file, content)
        return str(file)

    def sent(self, ticket_id: UUID) -> None:
        """Forget the draft, but not yet what was pasted into it: its author may take it back."""
        self._file(ticket_id).unlink(missing_ok=True)

    def forget_pictures(self, ticket_id: UUID, draft: StoredDraft) -> None:
        """It is gone for good, and so may be what was pasted into it."""
        for each in (*draft.pictures.values(), *draft.attachments):
            if Path(each).parent == self.folder / str(ticket_id):
                Path(each).unlink(missing_ok=True)

    def discard(self, ticket_id: UUID) -> None:
        """Forget the draft of a ticket, and the pictures pasted into it."""
        self._file(ticket_id).unlink(missing_ok=True)
        shutil.rmtree(self.folder / str(ticket_id), ignore_errors=True)

    def waiting(self) -> set[UUID]:
        """The tickets that have a draft."""
        return {UUID(each.stem) for each in self.folder.glob("*.json")} if self.folder.is_dir() else set()

    def unfinished(self) -> list[tuple[UUID, StoredDraft]]:
        """All drafts with their tickets, the one last written first."""
        files = [] if not self.folder.is_dir() else list(self.folder.glob("*.json"))
        newest = sorted(files, key=lambda each: each.stat().st_mtime, reverse=True)
        found = [(UUID(each.stem), self.load(UUID(each.stem))) for each in newest]
        return [(ticket_id, draft) for ticket_id, draft in found if draft is not None]

    def tidy(self) -> None:
        """Remove pictures that no draft needs any more: those of mails that went while the desk was ending."""
        needed = {str(each) for each in self.waiting()}
        for each in self.folder.glob("*-*-*-*-*") if self.folder.is_dir() else ():
            if each.is_dir() and each.name not in needed:
                shutil.rmtree(each, ignore_errors=True)

    def _file(self, ticket_id: UUID) -> Path:
        return self.folder / f"{ticket_id}.json"
