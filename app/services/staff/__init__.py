"""The staff, their teams, the applications they look after, and the rules that bring requests to them."""

import socket
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, insert, select

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.desk import (
    Actor,
    ActorKind,
    Agent as AgentRecord,
    Application as ApplicationRecord,
    Level,
    Role,
    Team as TeamRecord,
)
from app.models.tables import Agent, Application, Membership, Team
from app.services.database import Database
from app.services.database.rights import WORKER, Login, login_of
from app.services.intake.routing import application_record


def system_actor() -> Actor:
    """The desk itself, while it reads and sends."""
    return Actor(ActorKind.SYSTEM, "Firstline", role=Role.ADMINISTRATOR, desk=socket.gethostname())


def sign_in(database: Database, mail: str | None) -> Actor:
    """The person whom a shared database knows by its login; else the one of that mail address, or the only one.

    `KnownError`: `staff.unknown`, `staff.disabled`, `staff.who_are_you` where several could be meant,
    `staff.not_admitted` and `staff.worker_login` where the login is nobody's to sit at a desk with.
    """
    known = login(database)
    by_login = known is not None and not known.is_owner
    if known is not None and by_login and known.agent_id is None:
        raise KnownError("staff.worker_login" if known.role == WORKER else "staff.not_admitted", login=known.name)
    people = agents(database)
    if known is not None and by_login:
        people = [each for each in people if each.id == known.agent_id]
    elif mail:
        people = [each for each in people if each.mail == mail.lower()]
        if not people:
            raise KnownError("staff.unknown", mail=mail)
    if len(people) != 1:
        raise KnownError("staff.who_are_you", people=", ".join(each.mail for each in people[:5]))
    agent = people[0]
    if not agent.active:
        raise KnownError("staff.disabled", mail=agent.mail)
    return Actor(ActorKind.AGENT, agent.name, agent.id, agent.role, socket.gethostname(), frozenset(agent.teams))


def login(database: Database) -> Login | None:
    """As whom we are connected; None on an embedded database."""
    with database.read() as session:
        return login_of(session)


def add_first_agent(database: Database, actor: Actor, mail: str = "") -> AgentRecord:
    """The first person of an empty desk, an administrator; without a mail address, one made of this machine's name."""
    return add_agent(
        database, actor, "Administrator", mail or f"administrator@{socket.gethostname()}", Role.ADMINISTRATOR
    )


def agents(database: Database) -> list[AgentRecord]:
    """Everybody of the staff by name, those who left as well (`active` False)."""
    with database.read() as session:
        teams: dict[UUID, list[UUID]] = {}
        for agent_id, team_id in session.execute(select(Membership.agent_id, Membership.team_id)):
            teams.setdefault(agent_id, []).append(team_id)
        return [
            AgentRecord(
                each.id, each.name, each.mail, Role(each.role), each.active, tuple(teams.get(each.id, ())), each.login
            )
            for each in session.scalars(select(Agent).order_by(Agent.name))
        ]


def teams(database: Database) -> list[TeamRecord]:
    """All teams, the first level first."""
    with database.read() as session:
        query = select(Team).order_by(Team.level, Team.name)
        return [TeamRecord(each.id, each.name, Level(each.level)) for each in session.scalars(query)]


def applications(database: Database) -> list[ApplicationRecord]:
    """All applications by name."""
    with database.read() as session:
        return [application_record(each) for each in session.scalars(select(Application).order_by(Application.name))]


def add_agent(
    database: Database, actor: Actor, name: str, mail: str, role: Role, in_teams: Sequence[UUID] = ()
) -> AgentRecord:
    """Add a person; `KnownError` `staff.mail_taken` where the address is someone's already."""
    agent = AgentRecord(new_id(), name, mail.lower(), role, active=True, teams=tuple(in_teams))
    with database.write(actor) as work:
        if work.session.scalar(select(func.count()).where(Agent.mail == agent.mail)):
            raise KnownError("staff.mail_taken", mail=mail)
        row = {"id": agent.id, "name": name, "mail": agent.mail, "role": role.value, "active": True}
        work.session.execute(insert(Agent).values(**row))
        if in_teams:
            rows = [{"agent_id": agent.id, "team_id": each} for each in in_teams]
            work.session.execute(insert(Membership), rows)
        work.changed("agent", agent.id)
        work.audit("agent.added", agent.id, after={"name": name, "role": role})
    return agent
