"""What the pages are filled with, read at one go. Pure but for the reading: it needs no widget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.models.records.applications import ApplicationCard, Vendor
from app.models.records.calendars import Calendar
from app.models.records.clocks import Target
from app.models.records.desk import Agent, Team
from app.services import applications, staff
from app.services.database import Database
from app.services.people import organisations
from app.services.sla import calendars, targets
from app.services.trees import store


@dataclass(frozen=True, slots=True)
class Known:
    """All of it by name. `organisations` are (id, name); `own_trees` are the applications that do not go by their
    template; `countries` are those whose public holidays are known, with their regions."""

    cards: Sequence[ApplicationCard] = ()
    vendors: Sequence[Vendor] = ()
    calendars: Sequence[Calendar] = ()
    targets: Sequence[Target] = ()
    teams: Sequence[Team] = ()
    agents: Sequence[Agent] = ()
    organisations: Sequence[tuple[UUID, str]] = ()
    own_trees: frozenset[UUID] = frozenset()
    countries: Mapping[str, Sequence[str]] = field(default_factory=dict)


def look(database: Database) -> Known:
    """As it is now."""
    return Known(
        applications.listed(database),
        applications.vendors(database),
        calendars.listed(database),
        targets.listed(database),
        staff.teams(database),
        staff.agents(database),
        organisations(database),
        frozenset(each.application_id for each in store.listed(database) if not each.inherited),
        calendars.countries(),
    )
