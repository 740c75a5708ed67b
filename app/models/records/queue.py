"""Lists of tickets: what a view asks for and what it gets."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.models.records.desk import Level
from app.models.records.tickets import Priority, Status


class QueueColumn(StrEnum):
    """What a list of tickets can show and be sorted by. `OPENED` is the age, `DUE` the next deadline."""

    NUMBER = "number"
    SUBJECT = "subject"
    REQUESTER = "requester"
    APPLICATION = "application"
    LEVEL = "level"
    TEAM = "team"
    ASSIGNEE = "assignee"
    PRIORITY = "priority"
    STATUS = "status"
    CHANNEL = "channel"
    OPENED = "opened"
    UPDATED = "updated"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class QueueSort:
    """The order of a list; tickets that are equal in it are in the order of their ids."""

    column: QueueColumn = QueueColumn.UPDATED
    descending: bool = True

    @property
    def words(self) -> str:
        """`due`, or `-updated` where the largest comes first."""
        return f"-{self.column.value}" if self.descending else self.column.value

    @classmethod
    def of(cls, words: str) -> "QueueSort":
        """The sort of these words; the usual one where they name no column."""
        name = words.removeprefix("-")
        known = {each.value for each in QueueColumn}
        return cls(QueueColumn(name), name != words) if name in known else cls()


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which tickets. Every field that is set narrows; None, False and empty ask for all.

    `open` True are those not solved and not closed, False the others. `unassigned` asks for tickets nobody has; with
    `assignees` too, for either. `due_within` are those whose deadline comes within that time or has passed,
    `opened_within` and `updated_within` those that were so recently, `opened_from` (included) and `opened_before` two
    instants, aware UTC. `words` is full-text search in the language of
    `services.database.search`. Tickets that any of `without` asks for are left out.
    """

    open: bool | None = True
    statuses: frozenset[Status] = frozenset()
    priorities: frozenset[Priority] = frozenset()
    levels: frozenset[Level] = frozenset()
    teams: frozenset[UUID] = frozenset()
    applications: frozenset[UUID] = frozenset()
    assignees: frozenset[UUID] = frozenset()
    unassigned: bool = False
    requesters: frozenset[UUID] = frozenset()
    organisations: frozenset[UUID] = frozenset()
    channels: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    unread: bool = False
    with_files: bool = False
    due_within: timedelta | None = None
    opened_within: timedelta | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    updated_within: timedelta | None = None
    words: str = ""
    without: tuple["QueueFilter", ...] = ()


@dataclass(frozen=True, slots=True)
class QueueView:
    """A named list. `key` of a built-in view is a key of its words (`view.mine`), of a saved one its id."""

    key: str
    name: str
    filter: QueueFilter
    builtin: bool = True
    sort: QueueSort = QueueSort()
    columns: tuple[QueueColumn, ...] = ()
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed, from the feed: the row `id` of the table `topic`, on the ticket `ticket_id` if on one."""

    sequence: int
    topic: str
    id: str
    ticket_id: UUID | None
