"""What happened to a ticket, from the audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else set since a person looked: what that person `saw`, what is there `now`, by whom and
    when (aware UTC; None where nothing tells), and what they `wanted` themselves, if anything.

    What points to a person, a team or an application is its name here, as in `HistoryEntry`.
    """

    field: str
    saw: Any
    now: Any
    by: str = ""
    at: datetime | None = None
    wanted: Any = None
    is_wanted: bool = False


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Who did what, when (aware UTC) and from which desk. `before` and `after` hold the fields that changed.

    What pointed to a person, a team or an application is its name here; empty where it pointed to nothing.
    """

    id: UUID
    at: datetime
    actor: str
    desk: str
    action: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
