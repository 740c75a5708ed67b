"""Lists of tickets: what a view asks for and what it gets."""

from dataclasses import dataclass
from uuid import UUID

from app.models.records.desk import Level
from app.models.records.tickets import Priority, Status


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which tickets. Every field that is set narrows; None and empty ask for all.

    `open` True are those not solved and not closed, False the others. `unassigned` asks for tickets nobody has.
    `words` is full-text search in the language of `services.database.search`.
    """

    open: bool | None = True
    statuses: frozenset[Status] = frozenset()
    priorities: frozenset[Priority] = frozenset()
    levels: frozenset[Level] = frozenset()
    teams: frozenset[UUID] = frozenset()
    applications: frozenset[UUID] = frozenset()
    assignee: UUID | None = None
    unassigned: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class QueueView:
    """A named list. `key` of a built-in view is a key of its words (`view.mine`), of a saved one its id."""

    key: str
    name: str
    filter: QueueFilter
    builtin: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed, from the feed: the row `id` of the table `topic`, on the ticket `ticket_id` if on one."""

    sequence: int
    topic: str
    id: str
    ticket_id: UUID | None
