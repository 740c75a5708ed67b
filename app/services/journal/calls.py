"""Calls while they are being logged, as the journal keeps them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.models.records.call_form import CallForm
from app.models.records.calls import CallOutcome, Direction
from app.models.records.tickets import Priority
from app.services.database.unit_of_work import plain
from app.services.journal import Drop, Journal, Put

KIND = "call"
_IDS = ("id", "person_id", "ticket_id", "application_id", "team_id")


@dataclass(frozen=True)
class UnfinishedCalls:
    """Those that somebody is typing, or has parked. Every method: errors as in `Journal`."""

    journal: Journal

    def keep(self, form: CallForm) -> None:
        self.journal.write(Put(KIND, form.id, told_of(form)))

    def forget(self, call_id: UUID) -> None:
        """It is not wanted any more."""
        self.journal.write(Drop(KIND, call_id))

    def all(self) -> list[CallForm]:
        """The oldest first."""
        return sorted((form_of(each.told) for each in self.journal.items(KIND)), key=lambda each: each.started_at)


def told_of(form: CallForm) -> dict[str, Any]:
    """A form as JSON can hold it."""
    return plain(asdict(form))


def form_of(told: Mapping[str, Any]) -> CallForm:
    """The form that `told_of` told; what a newer program added to it is left out."""
    known = {each.name for each in fields(CallForm)}
    values = {name: value for name, value in told.items() if name in known}
    for name in _IDS:
        values[name] = UUID(values[name]) if values.get(name) else None
    form = CallForm(**{**values, "started_at": datetime.fromisoformat(told["started_at"])})
    return replace(
        form,
        direction=Direction(form.direction),
        outcome=CallOutcome(form.outcome),
        priority=Priority(form.priority),
    )
