"""Choices that another script tells of the same target: asked for there and then."""

from collections.abc import Callable, Mapping
from typing import Any

from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.models.records.runs import Outcome
from app.models.records.scripts import ChoicesFrom
from app.services.database import Database
from app.services.remote_help import recording, registry
from app.services.remote_help.preparing import Wanted, prepare
from app.services.remote_help.running import Running
from app.services.secrets import Secrets

_MOST = 2_000


def choices(
    database: Database,
    actor: Actor,
    secrets: Secrets,
    source: ChoicesFrom,
    target: str,
    given: Mapping[str, object],
    begun: Callable[[Running], None] = lambda _running: None,
) -> list[str]:
    """What stands in the column that is named, each once in its order. It takes as long as the script takes.

    The script is run, and written down, as any other, with those of the values `given` that it knows; `begun` is handed
    the run, to stop it. `KnownError` of `prepare` and `recording.ask`, `script.choices_failed`, `script.no_choices`.
    """
    manifest = registry.found(database, source.script, approved=True).manifest
    known = {each.name for each in manifest.parameters}
    named = (target,) if manifest.takes_target else ()
    wanted = Wanted(source.script, named, {name: value for name, value in given.items() if name in known})
    prepared = prepare(database, actor, secrets, wanted)
    running = Running(database, actor, prepared, recording.ask(database, actor, prepared))
    begun(running)
    [result] = running.run().results
    if result.outcome is not Outcome.SUCCEEDED:
        problem = KnownError(result.problem, **result.problem_facts) if result.problem else None
        raise problem or KnownError("script.choices_failed", name=source.script, target=result.target, problem="")
    found = list(dict.fromkeys(_column(result.document, source.column)))
    if not found:
        raise KnownError("script.no_choices", name=source.script, target=result.target)
    return found[:_MOST]


def _column(document: Any, name: str) -> list[str]:
    """Of a table, or of a list of objects."""
    if isinstance(document, list):
        return [str(each[name]) for each in document if isinstance(each, dict) and each.get(name) not in (None, "")]
    if not isinstance(document, dict) or name not in document.get("columns", ()):
        return []
    place = document["columns"].index(name)
    return [str(row[place]) for row in document.get("rows", ()) if row[place] not in (None, "")]
