"""What was taken out of the desk for good."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(slots=True)
class Erased:
    """How much there was. `messages` are their own, `mentions` others' that spoke of them; `mails` are copies as sent
    or as they could not be read; `blobs` the bytes of files that nobody else has; `entries` those of the audit."""

    person_id: UUID | None = None
    tickets: int = 0
    messages: int = 0
    mentions: int = 0
    files: int = 0
    blobs: int = 0
    mails: int = 0
    identities: int = 0
    entries: int = 0
