"""Runs as they are written down and told: who, what, where, with what, what became of it. Secrets are masked before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.models.errors import KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.runs import Ended, Outcome, RemoteState, Run, TargetResult
from app.models.records.scripts import Concurrency, Manifest
from app.models.records.tickets import NewAttachment, NewNote
from app.models.tables import Agent, Script, ScriptRun, ScriptRunTarget, Ticket
from app.services.database import Database, Work
from app.services.database.unit_of_work import plain
from app.services.remote_help import registry
from app.services.remote_help.laying_out import NOTE_LETTERS, NOTE_ROWS, laid_out
from app.services.remote_help.preparing import Prepared
from app.services.tickets.answering import add_note
from app.services.tickets.editing import Stale, locked
from app.services.wording import tr, tr_error

TOPIC = "script_run"
STALE = timedelta(seconds=90)
"""A run that was not heard of for so long is lost: its desk is gone."""

_LOCKS = 20_260
"""Keeps the locks on names of scripts apart from other locks of the database."""

_RUNNING = (Outcome.WAITING.value, Outcome.RUNNING.value)


def ask(database: Database, actor: Actor, prepared: Prepared) -> UUID:
    """Write down what is to be run, before it is; the run's id. Where a second person must agree, it waits for them.

    `KnownError` `script.busy`, those of `registry.package`; `NotAllowed`.
    """
    wanted, run_id = prepared.wanted, new_id()
    with database.write(actor) as work:
        script = work.session.get_one(Script, prepared.script_id)
        test = wanted.test_of is not None
        registry.require_may(work.session, actor, script, test=test)
        registry.package(work.session, script.id)
        require_free(work, prepared)
        work.session.add(
            ScriptRun(
                id=run_id,
                ticket_id=wanted.ticket_id,
                script_id=prepared.script_id,
                agent_id=actor.id,
                at=work.now,
                dry_run=wanted.dry_run,
                test=test,
                parameters=dict(prepared.parameters),
                consent=wanted.consent.strip(),
                previews=dict(prepared.previews()),
                refusal="",
            )
        )
        work.session.flush()
        if not needs_second(prepared):
            add_targets(work, run_id, prepared)
        tell(work, run_id, wanted.ticket_id)
        told: dict[str, Any] = {
            "script": prepared.manifest.id,
            "version": prepared.manifest.version,
            "sha256": script.sha256,
        }
        told |= {"targets": [each.target for each in prepared.jobs], "parameters": dict(prepared.parameters)}
        work.audit(
            "script.run", run_id, ticket_id=wanted.ticket_id, after=told | {"dry_run": wanted.dry_run, "test": test}
        )
    return run_id


def needs_second(prepared: Prepared) -> bool:
    wanted = prepared.wanted
    return prepared.manifest.approval and not wanted.dry_run and wanted.test_of is None


def started(database: Database, actor: Actor, run_id: UUID, target: str) -> None:
    with database.write(actor) as work:
        _set(work, run_id, target, outcome=Outcome.RUNNING.value, started_at=work.now, seen_at=work.now)


def alive(database: Database, actor: Actor, run_id: UUID) -> None:
    """The desk that runs it is still there."""
    with database.write(actor) as work:
        mine = (ScriptRunTarget.run_id == run_id, ScriptRunTarget.outcome.in_(_RUNNING))
        work.session.execute(update(ScriptRunTarget).where(*mine).values(seen_at=work.now))


def ended(
    database: Database, actor: Actor, run_id: UUID, target: str, end: Ended, head: str, document: Any = None
) -> None:
    """How it ended on one target; `head` is the first of what it said."""
    problem, facts = (end.problem.code, end.problem.facts) if end.problem is not None else ("", {})
    with database.write(actor) as work:
        values: dict[str, Any] = {"outcome": end.outcome.value, "remote": end.remote.value, "exit_code": end.exit_code}
        told = plain({name: str(fact) for name, fact in facts.items()})
        values |= {"problem": problem, "problem_facts": told, "ended_at": work.now, "head": head, "document": document}
        _set(work, run_id, target, ScriptRunTarget.ended_at.is_(None), **values)
        row = work.session.get_one(ScriptRun, run_id)
        tell(work, run_id, row.ticket_id)
        after = {"target": target, "outcome": end.outcome.value, "exit_code": end.exit_code}
        work.audit("script.ended", run_id, ticket_id=row.ticket_id, after=after)


def note_on_ticket(
    database: Database, actor: Actor, prepared: Prepared, run: Run, files: Sequence[NewAttachment]
) -> None:
    """The evidence, where everybody looks for it."""
    ticket_id = prepared.wanted.ticket_id
    if ticket_id is None:
        return
    note = NewNote(_words(prepared, run), attachments=tuple(files))
    with database.write(actor) as work:
        ticket = locked(work, Stale(ticket_id))
        add_note(work, ticket, note)
        mine = ScriptRunTarget.run_id == run.id
        work.session.execute(update(ScriptRunTarget).where(mine).values(message_id=note.id))


def runs(database: Database, ticket_id: UUID | None = None, most: int = 100) -> list[Run]:
    """The newest first, of a ticket or of all."""
    with database.read() as session:
        query = select(ScriptRun)
        if ticket_id is not None:
            query = query.where(ScriptRun.ticket_id == ticket_id)
        rows = session.scalars(query.order_by(ScriptRun.at.desc()).limit(most)).all()
        return told(session, rows, database.clock.now())


def count_of(database: Database, ticket_id: UUID) -> int:
    """How many runs a ticket has."""
    with database.read() as session:
        query = select(func.count()).select_from(ScriptRun).where(ScriptRun.ticket_id == ticket_id)
        return session.scalar(query) or 0


def run_of(database: Database, run_id: UUID) -> Run:
    """`KnownError` `script.run_gone`."""
    with database.read() as session:
        row = session.get(ScriptRun, run_id)
        if row is None:
            raise KnownError("script.run_gone")
        return told(session, [row], database.clock.now())[0]


def told(session: Session, rows: Sequence[ScriptRun], now: datetime) -> list[Run]:
    """The runs of these rows, in their order."""
    names = dict(session.execute(select(Agent.id, Agent.name)).all())
    scripts = {each.id: each for each in session.scalars(select(Script).where(Script.id.in_(_of(rows, "script_id"))))}
    query = select(Ticket.id, Ticket.number).where(Ticket.id.in_(_of(rows, "ticket_id")))
    numbers = dict(session.execute(query).all())
    results: dict[UUID, list[TargetResult]] = {}
    ours = select(ScriptRunTarget).where(ScriptRunTarget.run_id.in_(_of(rows, "id")))
    for each in session.scalars(ours.order_by(ScriptRunTarget.target)):
        results.setdefault(each.run_id, []).append(_result(each, now))
    return [
        Run(
            row.id,
            row.ticket_id,
            scripts[row.script_id].key,
            scripts[row.script_id].version,
            scripts[row.script_id].sha256,
            row.agent_id or UUID(int=0),
            names.get(row.agent_id, "") if row.agent_id else "",
            row.at,
            row.dry_run,
            row.parameters,
            row.consent,
            names.get(row.second_id, "") if row.second_id else "",
            row.second_at,
            tuple(results.get(row.id, ())),
            row.test,
            row.previews,
            row.refusal,
            numbers.get(row.ticket_id) if row.ticket_id else None,
        )
        for row in rows
    ]


def _of(rows: Sequence[ScriptRun], name: str) -> set[UUID]:
    return {value for each in rows if (value := getattr(each, name)) is not None}


def _result(row: ScriptRunTarget, now: datetime) -> TargetResult:
    """One whose desk is gone was lost, whatever it last said."""
    found = TargetResult(
        row.target,
        row.as_whom,
        Outcome(row.outcome),
        RemoteState(row.remote),
        row.exit_code,
        row.problem,
        row.problem_facts,
        row.started_at,
        row.ended_at,
        row.head,
        row.document,
        row.message_id,
    )
    if found.outcome.is_over or row.seen_at is None or now - row.seen_at < STALE:
        return found
    return replace(found, outcome=Outcome.LOST, remote=RemoteState.UNKNOWN, problem="script.desk_gone")


def require_free(work: Work, prepared: Prepared) -> None:
    """How many runs of a script there may be at a time. `KnownError` `script.busy`."""
    manifest = prepared.manifest
    if manifest.concurrency is Concurrency.MANY:
        return
    if work.session.get_bind().dialect.name == "postgresql":  # else two desks that look at once see neither the other
        work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(manifest.id, _LOCKS))))
    query = (
        select(ScriptRunTarget.target)
        .join(ScriptRun, ScriptRun.id == ScriptRunTarget.run_id)
        .join(Script, Script.id == ScriptRun.script_id)
        .where(
            Script.key == manifest.id,
            ScriptRunTarget.outcome.in_(_RUNNING),
            ScriptRunTarget.seen_at > work.now - STALE,
        )
    )
    if manifest.concurrency is Concurrency.ONE_PER_TARGET:
        query = query.where(ScriptRunTarget.target.in_([each.target for each in prepared.jobs]))
    busy = work.session.scalar(query.limit(1))
    if busy is not None:
        raise KnownError("script.busy", name=manifest.id, target=busy)


def add_targets(work: Work, run_id: UUID, prepared: Prepared) -> None:
    for job in prepared.jobs:
        work.session.add(
            ScriptRunTarget(
                id=new_id(),
                run_id=run_id,
                target=job.target,
                as_whom=job.connection.user_name or job.connection.name,
                connection_id=job.connection.id,
                outcome=Outcome.WAITING.value,
                remote=RemoteState.NEVER_STARTED.value,
                problem="",
                problem_facts={},
                seen_at=work.now,
                head="",
            )
        )


def _set(work: Work, run_id: UUID, target: str, *also: ColumnElement[bool], **values: object) -> None:
    this = (ScriptRunTarget.run_id == run_id, ScriptRunTarget.target == target)
    work.session.execute(update(ScriptRunTarget).where(*this, *also).values(**values))


def tell(work: Work, run_id: UUID, ticket_id: UUID | None) -> None:
    work.changed(TOPIC, run_id, ticket_id)
    if ticket_id is not None and work.session.get(Ticket, ticket_id) is None:
        raise NotAllowed("ticket.gone")


def _words(prepared: Prepared, run: Run) -> str:
    """Name and version, the values, then each target with its outcome."""
    words = _title(prepared.manifest, dry_run=run.dry_run)
    values = ", ".join(f"{name}: {value}" for name, value in run.parameters.items() if value not in (None, ""))
    lines = [words, *([values] if values else []), *([run.consent] if run.consent else [])]
    for each in run.results:
        outcome = tr(f"run_outcome.{each.outcome.value}")
        lines.append(tr("run_note.target", target=each.target, user=each.as_whom, outcome=outcome))
        if each.problem:
            lines.append(tr_error(KnownError(each.problem, **each.problem_facts)))
        if each.remote in (RemoteState.UNKNOWN, RemoteState.STILL_RUNNING):
            lines.append(tr(f"run_remote.{each.remote.value}"))
        lines += [each.head.rstrip()] if each.head.strip() else []
        result = laid_out(each.document, NOTE_ROWS, NOTE_LETTERS)
        lines += [result] if result else []
    return "\n".join(lines)


def _title(manifest: Manifest, *, dry_run: bool) -> str:
    key = "run_note.dry_run" if dry_run else "run_note.run"
    return tr(key, name=manifest.words("en").name, id=manifest.id, version=manifest.version)
