"""Handing a ticket up the tree: the packet, the step, and each attempt to reach somebody. Instants are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.models.records.desk import Level
from app.models.records.trees import WayKind


@dataclass(frozen=True, slots=True)
class Packet:
    """What the next level works from: five short texts."""

    happening: str = ""
    tried: str = ""
    hypothesis: str = ""
    customer: str = ""
    verify_first: str = ""


PACKET_FIELDS = ("happening", "tried", "hypothesis", "customer", "verify_first")


class HandoffKind(StrEnum):
    """Up to more skill, up to who leads, back down, or a colleague pulled into a swarm."""

    FUNCTIONAL = "functional"
    HIERARCHIC = "hierarchic"
    RETURN = "return"
    SWARM = "swarm"


class HandoffState(StrEnum):
    """OFFERED waits for somebody to accept; UNANSWERED was offered to everybody there is, and still waits, told to all.

    CANCELLED: the ticket went elsewhere, or was done, before anybody accepted. ENDED: handed on or done after that.
    """

    OFFERED = "offered"
    UNANSWERED = "unanswered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    ENDED = "ended"

    @property
    def is_live(self) -> bool:
        return self in (HandoffState.OFFERED, HandoffState.UNANSWERED, HandoffState.ACCEPTED)


class Outcome(StrEnum):
    """What became of one attempt to reach somebody."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    CANCELLED = "cancelled"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt. `who` is a name, a team's, or a vendor's; `reason` what they said when they declined."""

    id: UUID
    ordinal: int
    node: str
    kind: WayKind
    agent_id: UUID | None
    who: str
    at: datetime
    answer_by: datetime | None
    outcome: Outcome
    answered_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandoffView:
    """One step of a ticket's way. `node_name` is as the tree called it then, whatever was edited since.

    `bypass` is why the checklist was passed over, `note` a code that says what the desk did by itself (nearest cover).
    """

    id: UUID
    ticket_id: UUID
    ordinal: int
    kind: HandoffKind
    state: HandoffState
    node: str
    node_name: str
    level: Level
    team: str
    packet: Packet
    by: str
    at: datetime
    accepted_by: str = ""
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""
    bypass: str = ""
    note: str = ""
    attempts: tuple[AttemptView, ...] = ()
