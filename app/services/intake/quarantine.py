"""What could not be taken in: looking at it, and getting the bytes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.models.errors import KnownError
from app.models.tables import Channel, Quarantine
from app.services.database import Database


@dataclass(frozen=True, slots=True)
class SetAside:
    """One message in quarantine. The words of `problem` are `quarantine.<problem>`; `size` is in bytes."""

    id: UUID
    channel: str
    external_id: str
    at: datetime
    problem: str
    facts: Mapping[str, Any]
    size: int


def listed(database: Database, limit: int = 200) -> list[SetAside]:
    """The newest messages in quarantine, newest first."""
    query = (
        select(Quarantine, Channel.name)
        .join(Channel, Channel.id == Quarantine.channel_id)
        .order_by(Quarantine.at.desc(), Quarantine.id.desc())
        .limit(limit)
    )
    with database.read() as session:
        return [
            SetAside(each.id, channel, each.external_id, each.at, each.problem, each.facts, each.size)
            for each, channel in session.execute(query)
        ]


def content(database: Database, entry: UUID) -> bytes:
    """The message's bytes; `KnownError` `quarantine.not_fetched` where it stayed in its channel, `.gone`."""
    with database.read() as session:
        row = session.execute(select(Quarantine.raw).where(Quarantine.id == entry)).first()
    if row is None:
        raise KnownError("quarantine.gone")
    if row.raw is None:
        raise KnownError("quarantine.not_fetched")
    raw: bytes = row.raw
    return raw
