"""Who works on the desk and what they look after."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from uuid import UUID


class Level(IntEnum):
    """The tiers. A request climbs from the service desk to the vendor."""

    L1 = 1
    L2 = 2
    L3 = 3
    VENDOR = 4


class Role(StrEnum):
    """What a person of the staff may do; see `models.rules.permissions`."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class ActorKind(StrEnum):
    """A person of the staff, or the desk itself while it reads and sends."""

    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and from which desk (a machine's name): what the audit writes down."""

    kind: ActorKind
    name: str
    id: UUID | None = None
    role: Role = Role.AGENT
    desk: str = ""
    teams: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Team:
    id: UUID
    name: str
    level: Level


@dataclass(frozen=True, slots=True)
class Agent:
    """A person of the staff. `login` is who they are to a shared database; None where they have none of their own."""

    id: UUID
    name: str
    mail: str
    role: Role
    active: bool
    teams: tuple[UUID, ...]
    login: str | None = None


class Audience(StrEnum):
    """Internal applications are supported by L2 and L3, customer-facing ones by L1 as well."""

    INTERNAL = "internal"
    CUSTOMER = "customer"


class SupportModel(StrEnum):
    TIERED = "tiered"
    SWARM = "swarm"


@dataclass(frozen=True, slots=True)
class Application:
    id: UUID
    name: str
    audience: Audience
    support_model: SupportModel
    team_id: UUID | None

    @property
    def first_level(self) -> Level:
        """Where a request starts."""
        return Level.L1 if self.audience is Audience.CUSTOMER else Level.L2
