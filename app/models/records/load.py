"""How much is on whom: what a supervisor sees beside each name before giving a ticket away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AgentLoad:
    """`late` and `soon` of the `open` ones are past their deadline, or will be within the hour.

    `here` says that a desk of theirs is open now; `away_until` until when they are away, `away` whether they are.
    """

    open: int = 0
    late: int = 0
    soon: int = 0
    here: bool = False
    away: bool = False
    away_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TeamLoad:
    """Open tickets of a team, and those of them that nobody has."""

    open: int = 0
    unassigned: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """Of everybody and every team that has something; others have nothing."""

    agents: Mapping[UUID, AgentLoad] = field(default_factory=dict)
    teams: Mapping[UUID, TeamLoad] = field(default_factory=dict)

    def of_agent(self, agent_id: UUID) -> AgentLoad:
        return self.agents.get(agent_id, AgentLoad())

    def of_team(self, team_id: UUID) -> TeamLoad:
        return self.teams.get(team_id, TeamLoad())
