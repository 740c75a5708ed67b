"""Runs that a second person must agree to: who asks, who answers, and how long an answer holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.models.errors import Conflict, KnownError
from app.models.records.desk import Actor
from app.models.records.runs import Run
from app.models.records.scripts import Manifest
from app.models.tables import Script, ScriptRun, ScriptRunTarget
from app.services.database import Database, Work
from app.services.remote_help import registry
from app.services.remote_help.preparing import Prepared
from app.services.remote_help.recording import add_targets, require_free, tell, told

HOLDS = timedelta(hours=24)
"""After it nobody is asked any more, and what was agreed to is not run any more: what is meant was now."""


class Answer(StrEnum):
    """AWAITED: nobody answered yet. AGREED: who asked can let it begin."""

    AWAITED = "awaited"
    AGREED = "agreed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Request:
    """One run that waits. `mine`: the person here asked for it, else they are asked. `until`: then it lapses."""

    run: Run
    manifest: Manifest
    answer: Answer
    mine: bool
    until: datetime


def requests(database: Database, actor: Actor) -> list[Request]:
    """Those that the actor can answer, then their own with what was answered; in each the newest first.

    What began is no request any more. What was refused is told for as long as an agreement would hold.
    """
    now = database.clock.now()
    with database.read() as session:
        begun = select(ScriptRunTarget.id).where(ScriptRunTarget.run_id == ScriptRun.id).exists()
        lasting = or_(ScriptRun.second_at > now - HOLDS, ScriptRun.second_at.is_(None))
        query = select(ScriptRun).join(Script, Script.id == ScriptRun.script_id)
        query = query.where(
            Script.needs_second, ScriptRun.dry_run.is_(False), ScriptRun.test.is_(False), ScriptRun.at > now - 2 * HOLDS
        )
        rows = session.scalars(query.where(~begun, lasting).order_by(ScriptRun.at.desc())).all()
        scripts = _scripts(session, rows)
        found = []
        for row, run in zip(rows, told(session, rows, now), strict=True):
            request = _request(row, run, scripts[row.script_id], actor)
            if request.until > now and (request.mine or _may_answer(session, actor, row, scripts[row.script_id])):
                found.append(request)
    return sorted(found, key=lambda each: each.mine)


def agree(database: Database, actor: Actor, run_id: UUID) -> None:
    """A second person lets the run begin. `KnownError` `script.run_gone`, `script.own_run`, `script.answered`,
    `script.lapsed`; `NotAllowed`."""
    _answer(database, actor, run_id, "")


def refuse(database: Database, actor: Actor, run_id: UUID, reason: str) -> None:
    """They do not, and say why. Errors as `agree`, and `script.no_reason`."""
    if not reason.strip():
        raise KnownError("script.no_reason")
    _answer(database, actor, run_id, reason.strip())


def begin_agreed(database: Database, actor: Actor, run_id: UUID, prepared: Prepared) -> None:
    """Go on with a run that somebody agreed to, with just what they agreed to.

    `KnownError` `script.run_gone`, `script.not_agreed`, `script.lapsed`, `script.other_run`,
    `script.busy`; `Conflict` `script.run_twice`.
    """
    with database.write(actor) as work:
        row = work.session.get(ScriptRun, run_id)
        if row is None:
            raise KnownError("script.run_gone")
        if row.second_at is None or row.refusal:
            raise KnownError("script.not_agreed")
        if work.now - row.second_at > HOLDS:
            raise KnownError("script.lapsed")
        same = (row.agent_id, row.script_id, row.parameters, row.ticket_id, row.consent, row.previews)
        wanted = prepared.wanted
        now = (actor.id, prepared.script_id, dict(prepared.parameters), wanted.ticket_id, wanted.consent.strip())
        if same != (*now, dict(prepared.previews())):
            raise KnownError("script.other_run")
        if work.session.scalar(select(ScriptRunTarget.id).where(ScriptRunTarget.run_id == run_id)) is not None:
            raise Conflict("script.run_twice")
        registry.require_runner(work.session, actor, work.session.get_one(Script, row.script_id))
        registry.package(work.session, row.script_id)
        require_free(work, prepared)
        add_targets(work, run_id, prepared)
        tell(work, run_id, row.ticket_id)


def _answer(database: Database, actor: Actor, run_id: UUID, refusal: str) -> None:
    with database.write(actor) as work:
        row = work.session.get(ScriptRun, run_id)
        if row is None:
            raise KnownError("script.run_gone")
        if actor.id is None or row.agent_id == actor.id:
            raise KnownError("script.own_run")
        if work.now - row.at > HOLDS:
            raise KnownError("script.lapsed")
        registry.require_runner(work.session, actor, work.session.get_one(Script, row.script_id))
        _write(work, row, actor.id, refusal)


def _write(work: Work, row: ScriptRun, second: UUID, refusal: str) -> None:
    nobody_yet = (ScriptRun.id == row.id, ScriptRun.second_id.is_(None))
    answered = update(ScriptRun).where(*nobody_yet).values(second_id=second, second_at=work.now, refusal=refusal)
    if not work.session.connection().execute(answered).rowcount:
        raise Conflict("script.answered")
    tell(work, row.id, row.ticket_id)
    what = "script.refused" if refusal else "script.agreed"
    work.audit(what, row.id, ticket_id=row.ticket_id, after={"by": second, "reason": refusal})


def _scripts(session: Session, rows: Sequence[ScriptRun]) -> Mapping[UUID, Script]:
    query = select(Script).where(Script.id.in_({each.script_id for each in rows}))
    return {each.id: each for each in session.scalars(query)}


def _request(row: ScriptRun, run: Run, script: Script, actor: Actor) -> Request:
    answer = Answer.AWAITED if row.second_at is None else Answer.REFUSED if row.refusal else Answer.AGREED
    until = (row.second_at or row.at) + HOLDS
    return Request(run, Manifest.model_validate(script.manifest), answer, row.agent_id == actor.id, until)


def _may_answer(session: Session, actor: Actor, row: ScriptRun, script: Script) -> bool:
    if row.second_id is not None or actor.id is None:
        return False
    try:
        registry.require_runner(session, actor, script)
    except KnownError:
        return False
    return True
