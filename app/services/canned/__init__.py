"""Texts that are written again and again: one's own, a team's, or for everybody."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, delete, literal, or_, select

from app.models.errors import KnownError, NotAllowed
from app.models.records.canned import Canned
from app.models.records.desk import Actor, Role
from app.models.tables import CannedReply
from app.services.database import Database, Work


def canned(database: Database, actor: Actor) -> list[Canned]:
    """Those that the actor may use, by name: their own, their teams', and those for everybody. Supervisors see all
    but other people's own."""
    own = CannedReply.agent_id == actor.id
    sees_all = literal(actor.role is not Role.AGENT)
    mine = or_(CannedReply.team_id.is_(None), CannedReply.team_id.in_(actor.teams), sees_all)
    shared = and_(CannedReply.agent_id.is_(None), mine)
    with database.read() as session:
        query = select(CannedReply).where(or_(own, shared)).order_by(CannedReply.name, CannedReply.id)
        return [_record(each) for each in session.scalars(query)]


def save(database: Database, actor: Actor, reply: Canned) -> None:
    """Add it, or change the one with its id.

    `NotAllowed` `not_allowed.canned` where it is not one's own to change; `KnownError` `canned.no_name`,
    `canned.shortcut_taken` where another one that is seen by the same people has it.
    """
    if not reply.name.strip():
        raise KnownError("canned.no_name")
    with database.write(actor) as work:
        row = work.session.get(CannedReply, reply.id)
        _require(actor, reply)
        if row is not None:
            _require(actor, _record(row))
        _require_free(work, actor, reply)
        if row is None:
            row = CannedReply(id=reply.id)
            work.session.add(row)
        row.name, row.shortcut, row.html = reply.name.strip(), reply.shortcut.strip().lstrip("/"), reply.html
        row.team_id, row.agent_id = reply.team_id, reply.agent_id
        work.changed("canned_reply", reply.id)
        work.audit("canned.saved", reply.id, after={"name": reply.name})


def remove(database: Database, actor: Actor, reply_id: UUID) -> None:
    """Delete one; does nothing where it is gone already. `NotAllowed` `not_allowed.canned`."""
    with database.write(actor) as work:
        row = work.session.get(CannedReply, reply_id)
        if row is None:
            return
        _require(actor, _record(row))
        work.session.execute(delete(CannedReply).where(CannedReply.id == reply_id))
        work.changed("canned_reply", reply_id)
        work.audit("canned.removed", reply_id, before={"name": row.name, "html": row.html})


def may_edit(actor: Actor, reply: Canned) -> bool:
    """One's own for everybody; shared ones for supervisors and administrators."""
    return reply.agent_id == actor.id if reply.agent_id else actor.role is not Role.AGENT


def _require(actor: Actor, reply: Canned) -> None:
    if not may_edit(actor, reply):
        raise NotAllowed("not_allowed.canned")


def _require_free(work: Work, actor: Actor, reply: Canned) -> None:
    shortcut = reply.shortcut.strip().lstrip("/")
    if not shortcut:
        return
    others: Sequence[str] = work.session.scalars(
        select(CannedReply.name).where(
            CannedReply.shortcut == shortcut,
            CannedReply.id != reply.id,
            or_(CannedReply.agent_id == actor.id, CannedReply.agent_id.is_(None)),
        )
    ).all()
    if others:
        raise KnownError("canned.shortcut_taken", shortcut=shortcut, name=others[0])


def _record(row: CannedReply) -> Canned:
    return Canned(row.id, row.name, row.shortcut, row.html, row.team_id, row.agent_id)
