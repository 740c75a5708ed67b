"""The audit: what was done, and whether what is written down is what was written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, when (aware UTC), at which machine, and from what to what. `number` is the ticket's, if any."""

    sequence: int
    id: UUID
    at: datetime
    actor: str
    actor_id: UUID | None
    desk: str
    action: str
    subject_id: UUID | None
    ticket_id: UUID | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    digest: str
    number: int | None = None


class Flaw(StrEnum):
    """What is wrong with the chain.

    ALTERED: an entry does not say what it said. REMOVED: one is gone. INSERTED: one was slipped in behind its time.
    SEAL: a seal does not follow from the one before it and its entries. CUT: the hash noted elsewhere is nowhere.
    """

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    SEAL = "seal"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Finding:
    """A flaw, and where: an entry's sequence, or a seal's number."""

    flaw: Flaw
    place: int | str


@dataclass(slots=True)
class Verdict:
    """How the chain fares. `newest` is the hash to note down elsewhere; `erased` counts entries that a person's data
    was erased from, as a sealed entry says. Of `findings` only the first are kept, `flaws` counts all."""

    seals: int = 0
    sealed: int = 0
    waiting: int = 0
    erased: int = 0
    newest: str = ""
    flaws: int = 0
    findings: list[Finding] = field(default_factory=list)
