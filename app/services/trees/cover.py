"""What the rules of escalation ask about people and hours, answered from the database."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.records.on_call import OnDuty
from app.models.records.trees import Node
from app.models.rules.business_time import Hours
from app.models.rules.on_call import Roster
from app.models.rules.opening_hours import is_zone
from app.models.rules.spans import Span, both, joined
from app.models.tables import Agent, DutyAbsence, DutyOverride, DutyRotation, Membership, Team, Vendor
from app.services.oncall.reading import roster_of
from app.services.sla.calendars import by_id, hours_of

_NOBODY = OnDuty(None, None, None)


def cover_of(session: Session) -> "DeskCover":
    """As the desk is now; of use while the session is open."""
    return DeskCover(session)


class DeskCover:
    """People, hours and rotations as they are at one look at the database; a `models.rules.escalation.Cover`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rosters: dict[UUID, Roster] = {}
        self._hours = hours_of(session)
        self._with_rotations = set(session.scalars(select(DutyRotation.team_id).distinct()))
        self._with_turns = self._with_rotations | set(session.scalars(select(DutyOverride.team_id).distinct()))
        self.teams = {each.id: each for each in session.scalars(select(Team))}
        self.agents = {each.id: each for each in session.scalars(select(Agent))}
        self.vendors = {each.id: each for each in session.scalars(select(Vendor))}
        self._away: dict[UUID, list[DutyAbsence]] = defaultdict(list)
        for absence in session.scalars(select(DutyAbsence)):
            self._away[absence.agent_id].append(absence)
        self._members: dict[UUID, list[UUID]] = defaultdict(list)
        for agent_id, team_id in session.execute(select(Membership.agent_id, Membership.team_id)):
            self._members[team_id].append(agent_id)

    def hours(self, node: Node) -> Hours:
        return self._hours(node.calendar_id)

    def hours_by(self, calendar_id: UUID | None) -> Hours:
        return self._hours(calendar_id)

    @property
    def counted(self) -> frozenset[UUID]:
        """The calendars by which hours can be counted."""
        return frozenset(each.id for each in by_id(self._session).values() if is_zone(each.zone))

    def on_duty(self, team_id: UUID, at: datetime) -> OnDuty:
        roster = self._roster(team_id)
        return roster.on_duty(at) if roster is not None else _NOBODY

    def present(self, team_id: UUID, at: datetime) -> bool:
        return any(self.is_there(each, at) for each in self._members.get(team_id, ()))

    def is_there(self, agent_id: UUID, at: datetime) -> bool:
        agent = self.agents.get(agent_id)
        if agent is None or not agent.active:
            return False
        since, until = agent.away_from, agent.away_until
        if since is not None and since <= at and (until is None or at < until):
            return False
        return not any(each.since <= at < each.until for each in self._away.get(agent_id, ()))

    def manager(self, team_id: UUID) -> UUID | None:
        team = self.teams.get(team_id)
        return team.manager_id if team is not None else None

    def can_write_to(self, vendor_id: UUID) -> bool:
        vendor = self.vendors.get(vendor_id)
        return vendor is not None and bool(vendor.mail)

    def is_rostered(self, team_id: UUID | None) -> bool:
        """Whether the team has rotations: then somebody is to be on duty for it in all its hours."""
        return team_id in self._with_rotations

    def takes_turns(self, team_id: UUID, at: datetime) -> bool:
        """Whether the team has rotations, or somebody was put on duty for this instant without one."""
        return self.is_rostered(team_id) or self.on_duty(team_id, at).agent_id is not None

    def active_members(self, team_id: UUID) -> int:
        """How many of the team work here, away or not."""
        found = (self.agents.get(each) for each in self._members.get(team_id, ()))
        return sum(1 for each in found if each is not None and each.active)

    def open_hours(self, node: Node, since: datetime, until: datetime) -> tuple[Span, ...]:
        return joined(self.hours(node).spans(since, until))

    def uncovered(self, node: Node, since: datetime, until: datetime) -> tuple[Span, ...]:
        """When of its hours nobody is on duty for the node. Without a rotation its people count as there in all of
        them, but while all are away."""
        hours = self.open_hours(node, since, until)
        if node.team_id is not None and self.is_rostered(node.team_id):
            gaps = self._roster_gaps(node.team_id, since, until)
            return both(hours, gaps)
        return both(hours, self._all_away(node, since, until))

    def name_of(self, agent_id: UUID | None) -> str:
        agent = self.agents.get(agent_id) if agent_id is not None else None
        return agent.name if agent is not None else ""

    def team_name(self, team_id: UUID | None) -> str:
        team = self.teams.get(team_id) if team_id is not None else None
        return team.name if team is not None else ""

    def vendor_name(self, vendor_id: UUID | None) -> str:
        vendor = self.vendors.get(vendor_id) if vendor_id is not None else None
        return vendor.name if vendor is not None else ""

    def _roster(self, team_id: UUID) -> Roster | None:
        if team_id not in self._with_turns:
            return None
        if team_id not in self._rosters:
            self._rosters[team_id] = roster_of(self._session, team_id)
        return self._rosters[team_id]

    def _roster_gaps(self, team_id: UUID, since: datetime, until: datetime) -> tuple[Span, ...]:
        roster = self._roster(team_id)
        gaps = roster.gaps(since, until) if roster is not None else ()
        return joined((max(each.since, since), min(each.until, until)) for each in gaps)

    def _all_away(self, node: Node, since: datetime, until: datetime) -> tuple[Span, ...]:
        """When none of the node's people is there: all the time where there are none, never where there is a vendor."""
        if node.vendor_id is not None and self.can_write_to(node.vendor_id):
            return ()
        of_team = self._members.get(node.team_id, []) if node.team_id is not None else []
        people = {node.manager_id, *of_team, *(way.agent_id for way in node.contacts)}
        left: tuple[Span, ...] = ((since, until),)
        for agent_id in people:
            agent = self.agents.get(agent_id) if agent_id is not None else None
            if agent is not None and agent.active:
                left = both(left, self._away_of(agent, until))
        return left

    def _away_of(self, agent: Agent, until: datetime) -> tuple[Span, ...]:
        spans = [(each.since, each.until) for each in self._away.get(agent.id, ())]
        if agent.away_from is not None:
            spans.append((agent.away_from, agent.away_until or max(until, agent.away_from)))
        return joined(spans)
