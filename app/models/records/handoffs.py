"""Handing a ticket up the tree: the packet, the step, and each attempt to reach somebody. Instants are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.models.records.desk import Level
from app.models.records.tickets import Priority
from app.models.records.trees import NextStep, SimulatedCall, WayKind


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
    """What became of one attempt to reach somebody. TOLD: nobody waits for their answer."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    CANCELLED = "cancelled"
    NOBODY = "nobody"
    TOLD = "told"


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


class Place(StrEnum):
    """How far a ticket is on its way: a step it came by, where it is, where it would go next, what may follow."""

    WALKED = "walked"
    CURRENT = "current"
    NEXT = "next"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class WayStep:
    """A step of a ticket's way, and who is there now. `on_duty` and `next_on_duty` are names, empty where nobody is;
    `opens_at` is when a closed step will be served."""

    key: str
    name: str
    level: Level
    team: str
    place: Place
    on_duty: str = ""
    until: datetime | None = None
    next_on_duty: str = ""
    is_open: bool = True
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Where a ticket came by, is, and would go; `next` why. Without steps its application has no tree, or it has none.

    `bounces` counts how often it was given back or declined by everybody.
    """

    steps: tuple[WayStep, ...] = ()
    next: NextStep | None = None
    bounces: int = 0


@dataclass(frozen=True, slots=True)
class Proposed:
    """A step that a ticket may be handed on to: who is there, what must be done before, who is asked in which order."""

    step: WayStep
    prerequisites: tuple[str, ...]
    contacts: tuple[SimulatedCall, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a ticket may be handed on to. The one that the tree proposes comes first; `step` says why."""

    ticket_id: UUID
    number: int
    priority: Priority
    at: datetime
    here: str
    step: NextStep | None
    nodes: tuple[Proposed, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A handoff that waits for a person: offered to them or to their team, or accepted by them and not done yet."""

    id: UUID
    ticket_id: UUID
    number: int
    subject: str
    priority: Priority
    state: HandoffState
    kind: HandoffKind
    node_name: str
    level: Level
    packet: Packet
    by: str
    at: datetime
    answer_by: datetime | None
    to_team: bool = False


@dataclass(frozen=True, slots=True)
class SwarmView:
    """Who was pulled into a ticket, and for what."""

    agent_id: UUID
    name: str
    skill: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class SwarmOffer:
    """Who may be pulled into a ticket. `until` is when their duty ends."""

    agent_id: UUID
    name: str
    skills: tuple[str, ...]
    on_duty: bool
    until: datetime | None = None
