"""What is being written and not sent yet, kept on this machine: it survives a crash and a lost database."""

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from app.models.identifiers import new_id
from app.services.journal import Drop, Journal, Put
from app.services.settings import make_private
from app.services.whole_file import write_whole

KIND = "draft"
_SAID = ("kind", "to", "cc", "subject", "text", "attachments", "quote", "about")


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """An unfinished answer or note. `kind` is `answer`, `forward` or `note`; attachments are paths of files.

    `html` is the same as `text` with its formatting; empty in drafts of plain text. `pictures` are the paths of those
    between the words, by their content ids. `quote` asks for the mail `about` to be put below, or the newest where
    none is named; `signature` for the team's. `number` and `title` are the ticket's, for a list of drafts. `meant` says
    that its author wanted it to go, and the database was away; `sent_as` is the message that it was last tried to be
    sent as, where nobody knows whether it was.
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
    meant: bool = False
    sent_as: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost with it."""
        return not (self.text.strip() or self.attachments or self.pictures)

    def says_the_same(self, other: "StoredDraft") -> bool:
        """Whether both would reach the same people with the same words."""
        return all(getattr(self, name) == getattr(other, name) for name in _SAID)


@dataclass(frozen=True)
class Drafts:
    """One draft a ticket, in the journal. What was pasted into them lies in `folder`.

    Every method that touches the journal: errors as there.
    """

    folder: Path
    journal: Journal

    def save(self, ticket_id: UUID, draft: StoredDraft) -> None:
        """Keep the draft."""
        self.journal.write(Put(KIND, ticket_id, asdict(draft)))

    def load(self, ticket_id: UUID) -> StoredDraft | None:
        """The draft of a ticket; None where there is none."""
        kept = self.journal.get(KIND, ticket_id)
        return _draft(kept.told) if kept else None

    def keep_pasted(self, ticket_id: UUID, content: bytes, ending: str) -> str:
        """Keep what was pasted, a picture or a very long text, beside the draft; returns its path."""
        folder = make_private(make_private(self.folder) / str(ticket_id))
        file = folder / f"pasted-{new_id().hex[-8:]}{ending}"
        write_whole(file, content)
        return str(file)

    def sent(self, ticket_id: UUID) -> None:
        """Forget the draft, but not yet what was pasted into it: its author may take it back."""
        self.journal.write(Drop(KIND, ticket_id))

    def forget_pictures(self, ticket_id: UUID, draft: StoredDraft) -> None:
        """It is gone for good, and so may be what was pasted into it."""
        for each in (*draft.pictures.values(), *draft.attachments):
            if Path(each).parent == self.folder / str(ticket_id):
                Path(each).unlink(missing_ok=True)

    def discard(self, ticket_id: UUID) -> None:
        """Forget the draft of a ticket, and the pictures pasted into it."""
        self.sent(ticket_id)
        shutil.rmtree(self.folder / str(ticket_id), ignore_errors=True)

    def waiting(self) -> set[UUID]:
        """The tickets that have a draft."""
        return {each.id for each in self.journal.items(KIND)}

    def unfinished(self) -> list[tuple[UUID, StoredDraft]]:
        """All drafts with their tickets, the one last written first."""
        found = sorted(self.journal.items(KIND), key=lambda each: each.changed, reverse=True)
        return [(each.id, _draft(each.told)) for each in found]

    def tidy(self) -> None:
        """Remove pictures that no draft needs any more: those of mails that went while the desk was ending."""
        needed = {str(each) for each in self.waiting()}
        for each in self.folder.glob("*-*-*-*-*") if self.folder.is_dir() else ():
            if each.is_dir() and each.name not in needed:
                shutil.rmtree(each, ignore_errors=True)


def _draft(told: Mapping[str, Any]) -> StoredDraft:
    return StoredDraft(**{**told, "attachments": tuple(told["attachments"])})
