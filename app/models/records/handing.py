"""What becomes of the tickets of somebody who is away."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Handing(StrEnum):
    """They stay; all go to one person; they are spread over the people of their teams; they wait in the queue."""

    KEEP = "keep"
    PERSON = "person"
    SPREAD = "spread"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Move:
    """One ticket and who gets it; nobody (`to` is None) where it waits in the queue."""

    ticket_id: UUID
    number: int
    subject: str
    to: UUID | None
    to_name: str
