"""Changing many tickets at one go: slice by slice, so that others get in between, and so that it can be stopped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from app.models.errors import DatabaseError, KnownError
from app.models.records.desk import Actor
from app.models.records.tickets import Undo
from app.services.database import Database
from app.services.tickets import mending
from app.services.tickets.editing import Edit, Stale, apply_edit

SLICE = 50
"""Tickets in one transaction."""

Step = Callable[[int, int], bool]
"""Told how many of how many are through; whether to go on."""


@dataclass(slots=True)
class BulkResult:
    """What became of it: `undos` of what was changed, why each of the others was `refused`, how many were `left`
    when it was stopped."""

    undos: list[Undo] = field(default_factory=list)
    refused: list[KnownError] = field(default_factory=list)
    left: int = 0


def go_on(_done: int, _all: int) -> bool:
    """Nobody watches, and nobody stops it."""
    return True


def apply(database: Database, actor: Actor, tickets: Sequence[UUID], edit: Edit, step: Step = go_on) -> BulkResult:
    """Change all `tickets` as they are now, whoever changed them meanwhile; a slice is committed as a whole.

    A ticket that may not be changed is left as it is, and its reason told; the others go on. `DatabaseError` where the
    database is lost: what was committed until then stays.
    """
    return apply_each(database, actor, [(each, edit) for each in tickets], step)


def apply_each(database: Database, actor: Actor, edits: Sequence[tuple[UUID, Edit]], step: Step = go_on) -> BulkResult:
    """The same, each ticket with a change of its own."""
    result = BulkResult(left=len(edits))
    going = iter(edits)
    while chunk := list(islice(going, SLICE)):
        if not step(len(edits) - result.left, len(edits)):
            return result
        with database.write(actor) as work:
            for ticket_id, edit in chunk:
                try:
                    result.undos.append(apply_edit(work, Stale(ticket_id), edit))
                except KnownError as error:
                    result.refused.append(error)
        result.left -= len(chunk)
    step(len(edits), len(edits))
    return result


def merge(database: Database, actor: Actor, tickets: Sequence[UUID], into: UUID, step: Step = go_on) -> BulkResult:
    """Put the conversations of all `tickets` on one of them, or on another."""
    others = [each for each in tickets if each != into]
    result = BulkResult(left=len(others))
    for each in others:
        if not step(len(others) - result.left, len(others)):
            return result
        try:
            result.undos.append(mending.merge(database, actor, each, into))
        except DatabaseError:
            raise
        except KnownError as error:
            result.refused.append(error)
        result.left -= 1
    step(len(others), len(others))
    return result


def undo(database: Database, actor: Actor, undos: Sequence[Undo], step: Step = go_on) -> BulkResult:
    """Take back what was done at one go, the last first. What others built on meanwhile stays, and is told."""
    result = BulkResult(left=len(undos))
    for each in reversed(undos):
        if not step(len(undos) - result.left, len(undos)):
            return result
        try:
            mending.undo(database, actor, each)
        except DatabaseError:
            raise
        except KnownError as error:
            result.refused.append(error)
        result.left -= 1
    step(len(undos), len(undos))
    return result
