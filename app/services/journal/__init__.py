"""Calls that are being logged, or could not be filed yet, kept on this machine until the database has them.

One file a call, replaced as a whole and synced to the disk at every pause of typing: a killed process, or a database
that is away, loses nothing that was typed before.
"""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.call_form import CallForm
from app.models.records.calls import CallOutcome, Direction
from app.models.records.tickets import Priority
from app.services.database.unit_of_work import plain
from app.services.settings import make_private, write_whole

_IDS = ("id", "person_id", "ticket_id", "application_id", "team_id")


@dataclass(frozen=True, slots=True)
class Entry:
    """A call in the journal. One that `is_done` is through for its agent, and only waits to be filed."""

    form: CallForm
    is_done: bool = False


@dataclass(frozen=True)
class Journal:
    """The calls in `folder`. Kept by several threads at once it holds what was kept last of each call."""

    folder: Path

    def keep(self, entry: Entry) -> None:
        """Write a call down. `KnownError` `file.cannot_write` where the disk is full or the folder not ours."""
        told = {**plain(asdict(entry.form)), "is_done": entry.is_done}
        make_private(self.folder)
        write_whole(self._file(entry.form.id), json.dumps(told, ensure_ascii=False).encode())

    def forget(self, call_id: UUID) -> None:
        """It is filed, or it was given up."""
        self._file(call_id).unlink(missing_ok=True)

    def entries(self) -> list[Entry]:
        """All calls in it, the oldest first. What cannot be read is set aside, not thrown away."""
        found = []
        for file in sorted(self.folder.glob("*.json")) if self.folder.is_dir() else ():
            try:
                found.append(_entry(json.loads(file.read_bytes())))
            except OSError as error:
                raise KnownError("file.cannot_read", file=file, reason=error.strerror or str(error)) from error
            except (ValueError, TypeError, KeyError):
                file.replace(file.with_suffix(".unreadable"))
        return sorted(found, key=lambda each: each.form.started_at)

    def _file(self, call_id: UUID) -> Path:
        return self.folder / f"{call_id}.json"


def _entry(told: dict[str, Any]) -> Entry:
    known = {each.name for each in fields(CallForm)}
    values = {name: value for name, value in told.items() if name in known}
    for name in _IDS:
        values[name] = UUID(values[name]) if values.get(name) else None
    form = CallForm(**{**values, "started_at": datetime.fromisoformat(told["started_at"])})
    form = replace(
        form,
        direction=Direction(form.direction),
        outcome=CallOutcome(form.outcome),
        priority=Priority(form.priority),
    )
    return Entry(form, bool(told["is_done"]))
