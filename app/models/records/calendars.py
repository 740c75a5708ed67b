"""Business hours, as they are kept and shown. All wall times are local to the calendar's zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """Open from `opens` until `closes`, in seconds since local midnight; beyond 86,400 on the next day."""

    opens: int
    closes: int


Day = tuple[Span, ...]
"""The spans of one day; none where it is closed."""

Week = tuple[Day, Day, Day, Day, Day, Day, Day]
"""Monday first."""

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Closure:
    """Closed from `first` to `last`, both whole local days."""

    first: date
    last: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a team or an application is served.

    Public holidays are those of `country` (ISO 3166-1 alpha-2) and `region` (ISO 3166-2 without the country); empty
    where none count. `special` days have hours of their own, whatever else falls on them.
    """

    id: UUID
    name: str
    zone: str
    week: Week
    country: str = ""
    region: str = ""
    closures: tuple[Closure, ...] = ()
    special: Mapping[date, Day] = field(default_factory=dict)
    version: int = 1


CLOSED_WEEK: Week = ((), (), (), (), (), (), ())
