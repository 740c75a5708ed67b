"""News that somebody who looks elsewhere wants to hear of."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class NoticeKind(StrEnum):
    """Why one is told."""

    NEW = "new"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    MENTIONED = "mentioned"
    DUE = "due"
    UNSENT = "unsent"
    HANDED = "handed"


@dataclass(frozen=True, slots=True)
class Notice:
    """One piece of news about a ticket. `urgent` is one of the highest priority; `who` caused it."""

    kind: NoticeKind
    ticket_id: UUID
    number: int
    subject: str
    who: str = ""
    urgent: bool = False
