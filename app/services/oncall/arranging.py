"""Arranging who is on duty. Rotations are arranged by who leads; a shift may be given away by whose it is."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.on_call import Override, Rotation
from app.models.rules.on_call import can_turn
from app.models.rules.opening_hours import is_zone
from app.models.rules.permissions import Action, may
from app.models.tables import Agent, DutyAbsence, DutyOverride, DutyRotation
from app.services.database import Database, Work

TOPIC = "oncall"


def save_rotation(database: Database, actor: Actor, rotation: Rotation) -> Rotation:
    """Add or change one. `KnownError` `oncall.no_zone`, `oncall.no_members`, `oncall.bad_turn`; `Conflict`
    `oncall.overtaken` where somebody changed it since it was read; `NotAllowed`."""
    _require(actor)
    if not is_zone(rotation.zone):
        raise KnownError("calendar.no_zone", zone=rotation.zone)
    if not rotation.members:
        raise KnownError("oncall.no_members", name=rotation.name)
    if not can_turn(rotation):
        raise KnownError("oncall.bad_turn", name=rotation.name)
    with database.write(actor) as work:
        saved = replace(rotation, version=rotation.version + 1)
        same = (DutyRotation.id == rotation.id, DutyRotation.version == rotation.version)
        changed = update(DutyRotation).where(*same).values(**_stored(saved))
        if not work.session.connection().execute(changed).rowcount:
            if work.session.get(DutyRotation, rotation.id) is not None:
                raise Conflict("oncall.overtaken", name=rotation.name)
            saved = replace(rotation, version=1)
            work.session.execute(insert(DutyRotation).values(id=saved.id, **_stored(saved)))
        work.changed(TOPIC, saved.team_id)
        work.audit("oncall.rotation_saved", saved.id, after={"name": saved.name, "members": saved.members})
        return saved


def remove_rotation(database: Database, actor: Actor, rotation_id: UUID) -> None:
    _require(actor)
    with database.write(actor) as work:
        row = work.session.get(DutyRotation, rotation_id)
        if row is not None:
            work.changed(TOPIC, row.team_id)
            work.audit("oncall.rotation_removed", rotation_id, before={"name": row.name})
            work.session.execute(delete(DutyRotation).where(DutyRotation.id == rotation_id))


def override(database: Database, actor: Actor, wanted: Override) -> Override:
    """Put somebody on duty. Who does not lead may give away a shift of their own, or take one on.

    `KnownError` `oncall.wrong_way_round`, `oncall.nobody` for somebody who does not work here; `NotAllowed`.
    """
    if wanted.until <= wanted.since:
        raise KnownError("oncall.wrong_way_round")
    with database.write(actor) as work:
        _require_own_shift(work, wanted)
        return _add_override(work, wanted)


def swap(database: Database, actor: Actor, given: Override, taken: Override) -> None:
    """Two people of a team take each other's shifts: both overrides or none. Errors as `override`; `oncall.no_swap`
    where the two do not mirror each other."""
    if (given.team_id, given.agent_id, given.instead_of) != (taken.team_id, taken.instead_of, taken.agent_id):
        raise KnownError("oncall.no_swap")
    if given.until <= given.since or taken.until <= taken.since:
        raise KnownError("oncall.wrong_way_round")
    with database.write(actor) as work:
        _require_own_shift(work, given)
        _add_override(work, given)
        _add_override(work, taken)


def remove_override(database: Database, actor: Actor, override_id: UUID) -> None:
    """`NotAllowed` unless it is one's own, or one leads."""
    with database.write(actor) as work:
        row = work.session.get(DutyOverride, override_id)
        if row is None:
            return
        if actor.id not in (row.agent_id, row.instead_of_id):
            _require(actor)
        work.changed(TOPIC, row.team_id)
        work.audit("oncall.override_removed", override_id, before={"agent_id": row.agent_id, "since": row.since})
        work.session.execute(delete(DutyOverride).where(DutyOverride.id == override_id))


def add_absence(
    database: Database, actor: Actor, agent_id: UUID, since: datetime, until: datetime, note: str = "", uid: str = ""
) -> UUID:
    """Somebody will be away. An event of that `uid` that was read before is changed. Errors as `override`."""
    if actor.id != agent_id:
        _require(actor)
    if until <= since:
        raise KnownError("oncall.wrong_way_round")
    with database.write(actor) as work:
        there = select(DutyAbsence).where(DutyAbsence.uid == uid, DutyAbsence.agent_id == agent_id)
        row = work.session.scalars(there).first() if uid else None
        if row is None:
            row = DutyAbsence(id=new_id(), agent_id=agent_id, uid=uid)
            work.session.add(row)
        row.since, row.until, row.note = since, until, note
        work.changed(TOPIC, agent_id)
        work.audit("oncall.absence_added", row.id, after={"agent_id": agent_id, "since": since, "until": until})
        return row.id


def remove_absence(database: Database, actor: Actor, absence_id: UUID) -> None:
    with database.write(actor) as work:
        row = work.session.get(DutyAbsence, absence_id)
        if row is None:
            return
        if actor.id != row.agent_id:
            _require(actor)
        work.changed(TOPIC, row.agent_id)
        work.audit("oncall.absence_removed", absence_id, before={"agent_id": row.agent_id, "since": row.since})
        work.session.execute(delete(DutyAbsence).where(DutyAbsence.id == absence_id))


def _add_override(work: Work, wanted: Override) -> Override:
    agent = work.session.get(Agent, wanted.agent_id)
    if agent is None or not agent.active:
        raise KnownError("oncall.nobody")
    row = {
        "id": wanted.id,
        "team_id": wanted.team_id,
        "agent_id": wanted.agent_id,
        "since": wanted.since,
        "until": wanted.until,
        "instead_of_id": wanted.instead_of,
        "by_id": work.actor.id,
        "note": wanted.note,
    }
    work.session.execute(insert(DutyOverride).values(**row))
    work.changed(TOPIC, wanted.team_id)
    told = {"agent_id": wanted.agent_id, "since": wanted.since, "until": wanted.until}
    work.audit("oncall.overridden", wanted.id, after=told | {"instead_of": wanted.instead_of})
    return wanted


def _require_own_shift(work: Work, wanted: Override) -> None:
    """Who takes or gives a shift serves the team: as one of its people, or by their turns in one of its rotations."""
    me = work.actor.id
    if may(work.actor, Action.ARRANGE):
        return
    if me is None or me not in (wanted.agent_id, wanted.instead_of):
        raise NotAllowed("not_allowed.arrange")
    theirs = select(DutyRotation.members).where(DutyRotation.team_id == wanted.team_id)
    if wanted.team_id not in work.actor.teams and not any(str(me) in each for each in work.session.scalars(theirs)):
        raise NotAllowed("not_allowed.other_duty")


def _require(actor: Actor) -> None:
    if not may(actor, Action.ARRANGE):
        raise NotAllowed("not_allowed.arrange")


def _stored(rotation: Rotation) -> dict[str, Any]:
    return {
        "team_id": rotation.team_id,
        "name": rotation.name,
        "zone": rotation.zone,
        "unit": rotation.unit.value,
        "every": rotation.every,
        "starts_on": rotation.starts_on.isoformat(),
        "hand_over": rotation.hand_over,
        "layer": rotation.layer,
        "members": [str(each) for each in rotation.members],
        "week": [[[span.opens, span.closes] for span in day] for day in rotation.week],
        "version": rotation.version,
    }
