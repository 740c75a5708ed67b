"""Insert what is not there yet, in the words of either engine."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models.tables import Table


def insert_new(session: Session, table: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, leaving alone those whose key is there already."""
    if not rows:
        return
    engine = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(engine.insert(table).on_conflict_do_nothing(), rows)
