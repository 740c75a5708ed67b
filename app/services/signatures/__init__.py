"""What stands below the answers of a team's people."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.models.errors import KnownError, NotAllowed
from app.models.records.desk import Actor, Role
from app.models.tables import Team
from app.services.database import Database


@dataclass(frozen=True, slots=True)
class Signature:
    """Plain text with `{placeholders}`, as `models.rules.placeholders` has them."""

    team_id: UUID
    team: str
    text: str


def signatures(database: Database) -> list[Signature]:
    """Those of all teams, empty ones too, by the teams' names."""
    with database.read() as session:
        query = select(Team.id, Team.name, Team.signature).order_by(Team.name)
        return [Signature(*each) for each in session.execute(query)]


def of(database: Database, actor: Actor, ticket_team: UUID | None) -> Signature | None:
    """The one for an answer: that of the ticket's team where the actor is in it, else of the actor's first team."""
    mine = [each for each in signatures(database) if each.team_id in actor.teams and each.text.strip()]
    return next((each for each in mine if each.team_id == ticket_team), mine[0] if mine else None)


def save(database: Database, actor: Actor, team_id: UUID, text: str) -> None:
    """Supervisors and administrators write them; `NotAllowed` `not_allowed.signature`, `KnownError` `team.gone`."""
    if not may_edit(actor):
        raise NotAllowed("not_allowed.signature")
    with database.write(actor) as work:
        team = work.session.get(Team, team_id)
        if team is None:
            raise KnownError("team.gone")
        before, team.signature = team.signature, text
        work.changed("team", team_id)
        work.audit("team.signature", team_id, before={"signature": before}, after={"signature": text})


def may_edit(actor: Actor) -> bool:
    return actor.role in (Role.SUPERVISOR, Role.ADMINISTRATOR)
