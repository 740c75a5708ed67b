"""What intake knows, what it decides, and what it reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.models.records.desk import Application, Level, Team
from app.models.records.mail import Mail
from app.models.records.tickets import Priority, Reason, Status


class Outcome(StrEnum):
    """What became of a message: exactly one of these.

    `NOTED` is an auto-reply or a bounce put on its ticket, `IGNORED` one that belongs to no ticket, or a mail of
    our own that came back.
    """

    NEW = "new"
    REPLY = "reply"
    NOTED = "noted"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Thread:
    """A ticket as far as intake needs it. `participants` are addresses in lower case, `vendors` those of the vendors
    that it was handed to."""

    id: UUID
    number: int
    status: Status
    closed_at: datetime | None
    requester_id: UUID | None
    application_id: UUID | None
    team_id: UUID | None
    level: Level
    participants: frozenset[str] = frozenset()
    vendors: frozenset[str] = frozenset()


class Correspondence(Protocol):
    """What the database knows of the threads that a mail may belong to."""

    def thread_of_mail(self, mail_id: str) -> Thread | None:
        """The ticket that holds the mail of this Message-ID."""
        ...

    def thread_of_number(self, number: int) -> Thread | None:
        """The ticket of this number; the one that took it in where it was merged."""
        ...

    def reply_token(self, number: int) -> str | None:
        """The token in the reply address of the ticket of this number, merged or not."""
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """The ticket a mail belongs to, and the rule that found it."""

    thread: Thread
    reason: Reason


@dataclass(frozen=True, slots=True)
class Origin:
    """The channel a mail came by. `desk_addresses` are those of all channels, in lower case."""

    channel_id: UUID
    name: str
    kind: str
    address: str
    acknowledge: bool
    team: Team | None
    desk_addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a new ticket goes, and the routing rules that say so."""

    application: Application | None
    team: Team | None
    level: Level
    priority: Priority
    reasons: tuple[Reason, ...]
    by_rule: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of a mail, and why.

    `thread` is the ticket it joins; for `NEW` with `follow_up` set, the closed ticket it follows. `placement` is set
    for `NEW` alone.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    thread: Thread | None = None
    follow_up: bool = False
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the rules look at beside the mail: `duplicate_of` is set where its like is stored; `known_mail` where its
    Message-ID is. `recent_tickets` and `recent_acknowledgements` count those of its author in the last hour."""

    fingerprint: str
    mail_id: str
    duplicate: bool
    recent_tickets: int
    recent_acknowledgements: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """What `firstline explain` tells of a mail that is not stored."""

    mail: Mail
    decision: Decision


@dataclass
class IntakeReport:
    """What one round of intake did on one channel. `problem` is the error that ended it, if one did."""

    channel: str
    fetched: int = 0
    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    failed: int = 0
    problem: str | None = None
    problem_facts: Mapping[str, object] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> None:
        self.fetched += 1
        self.outcomes[outcome] += 1

    def add(self, other: "IntakeReport") -> None:
        """Take in what another round on the same channel did."""
        self.fetched += other.fetched
        self.failed += other.failed
        for outcome, count in other.outcomes.items():
            self.outcomes[outcome] += count
        self.problem, self.problem_facts = other.problem, other.problem_facts
