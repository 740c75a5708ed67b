"""Reading a growing table in the order in which it was committed, by `transaction` and then `sequence`."""

from typing import Any

from sqlalchemy import ColumnElement, literal_column, true


def is_settled(transaction: Any, *, shared: bool) -> ColumnElement[bool]:
    """That nothing can be committed any more that belongs before the row of that transaction.

    On PostgreSQL a row may appear behind one that was seen already, so what is younger than the oldest running
    transaction waits (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT). On SQLite
    writers queue.
    """
    if not shared:
        return true()
    settled: ColumnElement[bool] = transaction < literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return settled
