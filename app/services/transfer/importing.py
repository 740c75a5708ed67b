"""Reading a whole desk into an empty database: all of it in one transaction, after the file was looked through."""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table as StoredTable, bindparam, func, select, text, update

from app.models.errors import KnownError
from app.models.tables import Audit, AuditSeal, Ticket
from app.services.audit.sealing import seal_rest
from app.services.database import Database, age
from app.services.database.engine import WRITES
from app.services.database.faults import told_in_words
from app.services.transfer.exporting import require_owner
from app.services.transfer.lines import TABLES, VERSION, is_packed, open_lines, read

_AT_ONCE = 500
_BY_NAME = {each.name: each for each in TABLES}


def import_desk(database: Database, source: Path) -> dict[str, int]:
    """Read an export into `database`, whose tables are there and empty; how many rows of each table that are.

    Nothing is written where anything is wrong: `KnownError` `transfer.not_empty`, `.owner_only`, `.not_ours`, `.newer`,
    `.other_schema`, `.torn`, `.altered`, `.bad_line` (which), `OSError` of the file.
    """
    require_owner(database)
    counts = _look_through(source)
    engine = database.engine.execution_options(**{WRITES: True})
    with told_in_words(), engine.begin() as connection:
        _require_empty(connection)
        merged: list[dict[str, Any]] = []
        for table, rows in _batches(source):
            if table is Ticket.__table__:
                merged += [
                    {"one": each["id"], "into": each["merged_into_id"]} for each in rows if each["merged_into_id"]
                ]
                rows = [each | {"merged_into_id": None} for each in rows]  # noqa: PLW2901
            connection.execute(_insert(table, database.is_shared), rows)
        if merged:
            into = update(Ticket.__table__).where(Ticket.__table__.c.id == bindparam("one"))  # type: ignore[arg-type]
            connection.execute(into.values(merged_into_id=bindparam("into")), merged)
        _go_on_behind(connection, database)
    return counts


def _look_through(source: Path) -> dict[str, int]:
    """Read every line once, and see that nothing is missing or altered."""
    made, end, number = sha256(), None, 0
    counts = dict.fromkeys(_BY_NAME, 0)
    for number, line in _lines(source):
        told = _told(line, number)
        if number == 1:
            _check_head(told)
        elif "end" in told:
            end = told["end"]
            break
        else:
            table = _BY_NAME.get(str(told.get("table")))
            if table is None:
                raise KnownError("transfer.bad_line", line=number)
            read(table, told.get("row"), number)
            counts[table.name] += 1
        made.update(line)
    if number == 0:
        raise KnownError("transfer.not_ours")
    if not isinstance(end, dict):
        raise KnownError("transfer.torn", line=number)
    if end != {"rows": counts, "sha256": made.hexdigest()}:
        raise KnownError("transfer.altered")
    return counts


def _lines(source: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        with open_lines(source, "rb", packed=is_packed(source)) as file:
            for number, line in enumerate(file, 1):
                yield number, line
    except EOFError as error:  # a compressed file that ends too soon
        raise KnownError("transfer.torn", line=number) from error


def _told(line: bytes, number: int) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        code = "transfer.not_ours" if number == 1 else "transfer.bad_line" if line.endswith(b"\n") else "transfer.torn"
        raise KnownError(code, line=number) from error
    if not isinstance(told, dict):
        raise KnownError("transfer.bad_line", line=number)
    return told


def _check_head(told: dict[str, Any]) -> None:
    if told.get("firstline") != "export" or not isinstance(told.get("version"), int):
        raise KnownError("transfer.not_ours")
    if told["version"] > VERSION:
        raise KnownError("transfer.newer")
    if told.get("schema") != age.head():
        raise KnownError("transfer.other_schema", theirs=told.get("schema"), ours=age.head())


def _batches(source: Path) -> Iterator[tuple[StoredTable, list[dict[str, Any]]]]:
    """The rows in the file's order, many of one table at a time."""
    table: StoredTable | None = None
    rows: list[dict[str, Any]] = []
    for number, line in _lines(source):
        told = _told(line, number)
        if number == 1 or "end" in told:
            continue
        its = _BY_NAME[told["table"]]
        if table is not None and rows and (its is not table or len(rows) == _AT_ONCE):
            yield table, rows
            rows = []
        table = its
        rows.append(read(its, told["row"], number))
    if table is not None and rows:
        yield table, rows


def _insert(table: StoredTable, shared: bool) -> Any:
    """With the number that an entry has, though the database would give it one."""
    names: Sequence[str] = [each.name for each in table.columns]
    columns, values = (", ".join(quote % each for each in names) for quote in ('"%s"', ":%s"))
    overriding = "OVERRIDING SYSTEM VALUE " if shared and table is Audit.__table__ else ""
    statement = f'INSERT INTO "{table.name}" ({columns}) {overriding}VALUES ({values})'
    return text(statement).bindparams(*(bindparam(each.name, type_=each.type) for each in table.columns))


_AUDIT_GOES_ON = text(
    "SELECT setval(pg_get_serial_sequence('audit', 'sequence'), max(sequence)) FROM audit HAVING max(sequence) > 0"
)


def _require_empty(connection: Connection) -> None:
    for table in TABLES:
        if connection.execute(select(table.primary_key.columns[0]).limit(1)).first() is not None:
            raise KnownError("transfer.not_empty", table=table.name)


def _go_on_behind(connection: Connection, database: Database) -> None:
    """New numbers follow those that came; the audit's chain goes on from a place that new entries come behind.

    Transactions were counted elsewhere: what came is older than all that happens here, and is sealed whole.
    """
    if database.is_shared:
        connection.execute(text("SELECT setval('ticket_number', max(number)) FROM ticket HAVING max(number) > 0"))
        connection.execute(_AUDIT_GOES_ON)
    seal_rest(connection, database.clock.now())
    connection.execute(update(Audit).values(transaction=0))
    newest = select(func.max(AuditSeal.number)).scalar_subquery()
    last = select(func.coalesce(func.max(Audit.sequence), 0)).scalar_subquery()
    connection.execute(update(AuditSeal).values(transaction=0))
    connection.execute(update(AuditSeal).where(AuditSeal.number == newest).values(last=last))
