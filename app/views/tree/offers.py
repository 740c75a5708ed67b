"""What there is to choose from when a tree is looked at or edited."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.models.records.applications import Vendor
from app.models.records.calendars import Calendar
from app.models.records.desk import Agent, Application, Team


@dataclass(frozen=True, slots=True)
class Offers:
    applications: tuple[Application, ...] = ()
    teams: tuple[Team, ...] = ()
    people: tuple[Agent, ...] = ()
    vendors: tuple[Vendor, ...] = ()
    calendars: tuple[Calendar, ...] = ()

    @property
    def names(self) -> Mapping[object, str]:
        """Everything by its id."""
        groups = (self.applications, self.teams, self.people, self.vendors, self.calendars)
        found: dict[object, str] = {}
        for group in groups:
            found.update({each.id: each.name for each in group})
        return found

    def person(self, agent_id: UUID | None) -> str:
        return self.names.get(agent_id, "") if agent_id is not None else ""
