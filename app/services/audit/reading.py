"""Reading the audit, and taking it elsewhere in a form that others can verify (docs/audit.md)."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.models.errors import NotAllowed
from app.models.records.audit import AuditEntry
from app.models.rules.audit_chain import SAID
from app.models.tables import Audit, AuditSeal, Ticket
from app.services.database import Database
from app.services.database.rights import login_of
from app.services.whole_file import whole_file

FORMAT = "firstline-audit"
_AT_ONCE = 1_000
_SEALED = ("number", "at", "previous", "entries", "hash")


def entries(
    database: Database,
    *,
    ticket: int | None = None,
    actor: str = "",
    since: datetime | None = None,
    limit: int = 200,
) -> list[AuditEntry]:
    """The newest entries first: of one ticket by its number, by whom, since when (aware)."""
    query = _query()
    if ticket is not None:
        query = query.where(Ticket.number == ticket)
    if actor:
        query = query.where(Audit.actor == actor)
    if since is not None:
        query = query.where(Audit.at >= since)
    with database.read() as session:
        return [_entry(row[0], row[1]) for row in session.execute(query.order_by(Audit.sequence.desc()).limit(limit))]


def export(database: Database, target: Path) -> int:
    """Write all entries and seals of one moment to a file of JSON Lines; how many entries that are.

    `KnownError` `file.cannot_write`; `NotAllowed` as in `require_all`.
    """
    with database.read_at_one_moment() as session, whole_file(target) as unfinished:
        require_all(session)
        with unfinished.open("w", encoding="utf-8") as file:
            return _write_all(session, file)


def require_all(session: Session) -> None:
    """`NotAllowed` where this login does not see all of the audit: what is hidden from it would look like removed."""
    login = login_of(session)
    if login is not None and not login.sees_everything:
        raise NotAllowed("not_allowed.administer")


def _write_all(session: Session, file: TextIO) -> int:
    count = 0
    _write(file, {"format": FORMAT, "version": 1})
    for row in session.execute(_query().order_by(Audit.sequence).execution_options(yield_per=_AT_ONCE)):
        _write(file, {"entry": _said(_entry(row[0], row[1]))})
        count += 1
    for one in session.scalars(select(AuditSeal).order_by(AuditSeal.number).execution_options(yield_per=10)):
        _write(file, {"seal": {name: getattr(one, name) for name in _SEALED}})
    return count


def _query() -> Select[Audit, int]:
    return select(Audit, Ticket.number).outerjoin(Ticket, Ticket.id == Audit.ticket_id)


def _entry(row: Audit, number: int | None) -> AuditEntry:
    said: dict[str, Any] = {name: getattr(row, name) for name in SAID}
    return AuditEntry(sequence=row.sequence, digest=row.digest, number=number, **said)


def _said(entry: AuditEntry) -> dict[str, Any]:
    return {name: value for name, value in asdict(entry).items() if name != "number"}


def _write(file: TextIO, told: dict[str, Any]) -> None:
    file.write(json.dumps(told, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: object) -> str:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)
