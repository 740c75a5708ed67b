"""Who may work on the desk, as what, and with which login of a shared database.

Each change is made by an administrator and audited. Where the database is shared, it makes the logins itself (see
`database.rights`); a password reaches it as the verifier that libpq makes of it.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, text, update

from app.models.errors import KnownError, NotAllowed
from app.models.records.desk import Actor, Agent as AgentRecord, Role
from app.models.rules.permissions import Action, may
from app.models.tables import Agent, Membership
from app.services.database import Database, Work

_LONGEST_LOGIN = 63
"""Bytes of a name in PostgreSQL."""


def admit(database: Database, actor: Actor, agent: AgentRecord, login: str, password: str | None) -> None:
    """Give a person of the staff a login, or another password. Without one they sign in otherwise, by Windows say.

    `KnownError`: `staff.no_login_needed` on an embedded database, `staff.bad_login`, `staff.login_taken`; `NotAllowed`.
    """
    _administering(actor)
    if not database.is_shared:
        raise KnownError("staff.no_login_needed")
    _check(login)
    with database.write(actor) as work:
        taken = select(Agent.mail).where(Agent.login == login, Agent.id != agent.id)
        if owner := work.session.scalar(taken):
            raise KnownError("staff.login_taken", login=login, mail=owner)
        _make(work, "desk_admit", login, password)
        work.session.execute(update(Agent).where(Agent.id == agent.id).values(login=login))
        work.changed("agent", agent.id)
        work.audit("agent.admitted", agent.id, before={"login": agent.login}, after={"login": login})


def employ(database: Database, actor: Actor, login: str, password: str | None) -> None:
    """Make a login that carries the mail and belongs to nobody. Errors as in `admit`."""
    _administering(actor)
    if not database.is_shared:
        raise KnownError("staff.no_login_needed")
    _check(login)
    with database.write(actor) as work:
        if owner := work.session.scalar(select(Agent.mail).where(Agent.login == login)):
            raise KnownError("staff.login_taken", login=login, mail=owner)
        _make(work, "desk_employ", login, password)
        work.audit("worker.admitted", None, after={"login": login})


def dismiss_worker(database: Database, actor: Actor, login: str) -> None:
    """Let a login carry no mail any more. `KnownError` `staff.unknown` where there is none such."""
    _administering(actor)
    if login not in workers(database):
        raise KnownError("staff.unknown", mail=login)
    with database.write(actor) as work:
        work.session.execute(text("SELECT desk_dismiss(:login)"), {"login": login})
        work.audit("worker.dismissed", None, before={"login": login})


def workers(database: Database) -> list[str]:
    """The logins that carry mail."""
    if not database.is_shared:
        return []
    with database.read() as session:
        return list(session.scalars(text("SELECT desk_workers()")))


def set_role(database: Database, actor: Actor, agent: AgentRecord, role: Role) -> None:
    """`KnownError` `staff.last_administrator` where nobody would be left to administer the desk."""
    _change(database, actor, agent, "agent.role_changed", {"role": role.value})


def disable(database: Database, actor: Actor, agent: AgentRecord) -> None:
    """They cannot work here any more, from this moment on; what they did stays. Errors as in `set_role`."""
    _change(database, actor, agent, "agent.disabled", {"active": False})


def enable(database: Database, actor: Actor, agent: AgentRecord) -> None:
    """They may work here again."""
    _change(database, actor, agent, "agent.enabled", {"active": True})


def set_teams(database: Database, actor: Actor, agent: AgentRecord, teams: Sequence[UUID]) -> None:
    """The person's teams from now on."""
    _administering(actor)
    with database.write(actor) as work:
        work.session.execute(delete(Membership).where(Membership.agent_id == agent.id))
        rows = [{"agent_id": agent.id, "team_id": each} for each in dict.fromkeys(teams)]
        if rows:
            work.session.execute(insert(Membership), rows)
        work.changed("agent", agent.id)
        work.audit("agent.teams_changed", agent.id, before={"teams": agent.teams}, after={"teams": teams})


def _change(database: Database, actor: Actor, agent: AgentRecord, action: str, values: dict[str, object]) -> None:
    _administering(actor)
    with database.write(actor) as work:
        before = {name: getattr(agent, name) for name in values}
        work.session.execute(update(Agent).where(Agent.id == agent.id).values(**values))
        left = select(func.count()).where(Agent.role == Role.ADMINISTRATOR.value, Agent.active)
        if not work.session.scalar(left):
            raise KnownError("staff.last_administrator", name=agent.name)
        work.changed("agent", agent.id)
        work.audit(action, agent.id, before=before, after=values)


def _administering(actor: Actor) -> None:
    if not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")


def _check(login: str) -> None:
    if not login.strip() or login != login.strip() or "\0" in login or len(login.encode()) > _LONGEST_LOGIN:
        raise KnownError("staff.bad_login", login=login, most=_LONGEST_LOGIN)


def _make(work: Work, function: str, login: str, password: str | None) -> None:
    verifier = _verifier(work.session.connection(), login, password) if password else None
    work.session.execute(text(f"SELECT {function}(:login, :verifier)"), {"login": login, "verifier": verifier})


def _verifier(connection: Connection, login: str, password: str) -> str:
    """What a server keeps instead of the password (SCRAM-SHA-256, RFC 5803)."""
    libpq = connection.connection.driver_connection.pgconn  # type: ignore[union-attr]
    made: bytes = libpq.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    return made.decode()
