"""Who else is at a ticket."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague whose desk shows the ticket; `typing` while they write there, `claiming` where nobody has
    it: they are about to take it."""

    agent_id: UUID
    name: str
    typing: bool
    claiming: bool = False
