"""A shared database that was restored into another server, where transactions are counted from the start again.

The change feed and the audit are read in the order of transactions. What came from the old server bears numbers that
the new one has not reached yet: new changes would be taken for old ones, and never be read or sealed.
"""

from sqlalchemy import Connection, text

_AHEAD = text(
    "SELECT greatest("
    "(SELECT transaction FROM change ORDER BY transaction DESC, sequence DESC LIMIT 1), "
    "(SELECT transaction FROM audit ORDER BY transaction DESC, sequence DESC LIMIT 1)"
    ") >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
)
_SETTLE = (
    "DELETE FROM change",
    "UPDATE audit SET transaction = CASE WHEN (transaction, sequence) <= "
    "(SELECT transaction, last FROM audit_seal ORDER BY number DESC LIMIT 1) THEN 0 ELSE 1 END",
    "UPDATE audit_seal SET last = (SELECT max(sequence) FROM audit WHERE transaction = 0) "
    "WHERE number = (SELECT max(number) FROM audit_seal)",
    "UPDATE audit_seal SET transaction = 0",
)
"""Nobody here has read the feed yet. Of the audit, 0 is what is sealed and 1 what is not; a server begins at 3."""


def is_restored(connection: Connection) -> bool:
    """Whether something is there that, by its number, has not happened yet."""
    return bool(connection.scalar(_AHEAD))


def settle(connection: Connection) -> None:
    """Number what came from elsewhere as older than all that happens here. The digests and seals do not read these."""
    for statement in _SETTLE:
        connection.execute(text(statement))
