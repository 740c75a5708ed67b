"""How often scripts ran, and how often they helped: for choosing one, and for reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from app.models.records.runs import Outcome
from app.models.tables import Script, ScriptRun, ScriptRunTarget
from app.services.database import Database


@dataclass(frozen=True, slots=True)
class Counted:
    """Of one script, by target; dry runs are left out. `worked` are those that succeeded."""

    ran: int
    worked: int


def counts(database: Database, since: datetime, until: datetime | None = None) -> Mapping[str, Counted]:
    """By the id of the script, of what was asked for from `since` on, before `until`. What is not over is left out."""
    worked = func.sum(case((ScriptRunTarget.outcome == Outcome.SUCCEEDED.value, 1), else_=0))
    query = (
        select(Script.key, func.count(), worked)
        .join(ScriptRun, ScriptRun.script_id == Script.id)
        .join(ScriptRunTarget, ScriptRunTarget.run_id == ScriptRun.id)
        .where(
            ScriptRun.at >= since,
            ScriptRun.dry_run.is_(False),
            ScriptRun.test.is_(False),
            ScriptRunTarget.ended_at.is_not(None),
        )
        .group_by(Script.key)
    )
    if until is not None:
        query = query.where(ScriptRun.at < until)
    with database.read() as session:
        return {key: Counted(ran, int(good)) for key, ran, good in session.execute(query)}
