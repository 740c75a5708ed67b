"""Taking words out of the audit: an entry keeps its digest, so that its seal still holds, and is named as erased."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.orm import Session

from app.models.tables import Audit
from app.services.erasure.scope import Scope
from app.services.erasure.traces import some_of

_READ_AT_ONCE = 2_000
_LATE = 1_000


@dataclass(frozen=True, slots=True)
class Seen:
    """`found` are the entries up to `until` that hold something of a person's."""

    found: frozenset[int]
    until: int


def seen(session: Session, scope: Scope) -> Seen:
    """Look through all of the audit."""
    until = session.scalar(select(func.max(Audit.sequence))) or 0
    rows = session.execute(_query().where(Audit.sequence <= until).execution_options(yield_per=_READ_AT_ONCE))
    return Seen(frozenset(each for each, _ in _differing(rows, scope)), until)


def erase(session: Session, scope: Scope, before: Seen) -> list[int]:
    """Erase from what was found before and what came since; the sequences of those entries.

    An entry may be committed after one with a higher sequence, so that some of those before are looked at again.
    """
    late = session.execute(_query().where(Audit.sequence > before.until - _LATE)).all()
    changed = dict(_differing(late, scope))
    for some in some_of(before.found):
        changed |= dict(_differing(session.execute(_query().where(Audit.sequence.in_(some))).all(), scope))
    if changed:
        session.execute(update(Audit), [{"sequence": each, **values} for each, values in changed.items()])
    return sorted(changed)


def erase_words(session: Session, tickets: Iterable[UUID], names: frozenset[str], word: str) -> list[int]:
    """Put `word` for what the entries of tickets say in the fields `names`; the sequences of those entries."""
    changed: dict[int, dict[str, dict[str, Any]]] = {}
    for row in session.execute(_query().where(Audit.ticket_id.in_(tickets))):
        after = {side: _without(getattr(row, side), names, word) for side in ("before", "after")}
        if any(after[side] != getattr(row, side) for side in after):
            changed[row.sequence] = after
    if changed:
        session.execute(update(Audit), [{"sequence": each, **values} for each, values in changed.items()])
    return sorted(changed)


def _without(told: dict[str, Any], names: frozenset[str], word: str) -> dict[str, Any]:
    found = {}
    for name, value in told.items():
        if name in names and value:
            found[name] = [word for _ in value] if isinstance(value, list) else word
        else:
            found[name] = value
    return found


def _query() -> Select[int, UUID | None, UUID | None, dict[str, Any], dict[str, Any]]:
    return select(Audit.sequence, Audit.ticket_id, Audit.subject_id, Audit.before, Audit.after)


def _differing(rows: Iterable[Row[Any]], scope: Scope) -> Iterator[tuple[int, dict[str, object]]]:
    for row in rows:
        about = scope.is_about(row.ticket_id, row.subject_id)
        after = {side: scope.redaction.value(getattr(row, side), about_them=about) for side in ("before", "after")}
        if after["before"] != row.before or after["after"] != row.after:
            yield row.sequence, after
