"""A text that is written again and again."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Canned:
    """`html` has `{placeholders}`. For everybody, where it has neither `team_id` nor `agent_id`.

    `shortcut` is what is typed behind `/`; empty where it is found by its name alone.
    """

    id: UUID
    name: str
    shortcut: str
    html: str
    team_id: UUID | None = None
    agent_id: UUID | None = None
