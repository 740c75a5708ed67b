"""Reading what other products export (docs/importing.md): Zammad's JSON, osTicket's tables, any table with a header."""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.models.errors import KnownError
from app.models.records.tickets import MessageKind
from app.services.importing.foreign import ForeignMessage, ForeignTicket, Read, Unread, instant
from app.services.mail.html.plain import to_text

Row = Mapping[str, str]
_OSTICKET = {"M": MessageKind.MAIL_IN, "R": MessageKind.MAIL_OUT, "N": MessageKind.NOTE}
_CSV = (
    "id", "number", "subject", "status", "priority", "team", "agent", "requester", "address", "opened", "updated",
    "closed", "tags", "text",
)  # fmt: skip
"""What the columns of a table are called where the mapping does not say otherwise."""


def read_source(source: str, path: Path, zone: ZoneInfo, columns: Mapping[str, str]) -> Read:
    """Everything in the export at `path`. `KnownError` `importing.no_file`, `.not_json`, `.no_column`, `.not_text`."""
    return SOURCES[source](path, zone, columns)


def _zammad(path: Path, zone: ZoneInfo, _columns: Mapping[str, str]) -> Read:
    people = {str(each.get("id")): each for each in _json(path / "users.json")}
    found, known = Read(), dict[str, ForeignTicket]()
    for place, told in enumerate(_json(path / "tickets.json"), 1):
        with _noting(found, f"tickets.json {place}"):
            customer = people.get(str(told.get("customer_id")), {})
            name = " ".join(filter(None, (customer.get("firstname"), customer.get("lastname"))))
            address = customer.get("email") or told.get("customer") or ""
            ticket = ForeignTicket(
                key=str(told["id"]),
                number=str(told.get("number") or told["id"]),
                subject=told.get("title") or "",
                status=told.get("state") or "",
                priority=told.get("priority") or "",
                team=told.get("group") or "",
                agent="" if told.get("owner") in (None, "-") else told["owner"],
                requester=name or address,
                address=address if "@" in address else "",
                opened_at=instant(told["created_at"], zone),
                updated_at=instant(told["updated_at"], zone),
                closed_at=instant(told["close_at"], zone) if told.get("close_at") else None,
                tags=tuple(told.get("tags") or ()),
            )
            known[ticket.key] = ticket
            found.tickets.append(ticket)
    for place, told in enumerate(_json(path / "articles.json"), 1):
        with _noting(found, f"articles.json {place}"):
            known[str(told["ticket_id"])].messages.append(_article(told, zone))
    return found


def _article(told: Mapping[str, Any], zone: ZoneInfo) -> ForeignMessage:
    name, address = parseaddr(told.get("from") or "")
    kind = MessageKind.MAIL_IN if told.get("sender") == "Customer" else MessageKind.MAIL_OUT
    is_html, body = "html" in (told.get("content_type") or ""), told.get("body") or ""
    return ForeignMessage(
        key=str(told["id"]),
        kind=MessageKind.NOTE if told.get("internal") else kind,
        at=instant(told["created_at"], zone),
        author=name or address,
        address=address,
        subject=told.get("subject") or "",
        text=to_text(body) if is_html else body,
        html=body if is_html else None,
    )


def _osticket(path: Path, zone: ZoneInfo, _columns: Mapping[str, str]) -> Read:
    names = {each["id"]: each["name"] for each in _table(path, "department")}
    states = {each["id"]: each["name"] for each in _table(path, "ticket_status")}
    staff = {each["staff_id"]: each["email"] for each in _table(path, "staff")}
    more = {each["ticket_id"]: each for each in _table(path, "ticket__cdata")}
    addresses = {each["user_id"]: each["address"] for each in _table(path, "user_email")}
    people = {each["id"]: each["name"] for each in _table(path, "user")}
    threads = {each["id"]: each["object_id"] for each in _table(path, "thread") if each.get("object_type", "T") == "T"}
    found, known = Read(), dict[str, ForeignTicket]()
    for place, told in enumerate(_table(path, "ticket"), 2):
        with _noting(found, f"ticket.csv {place}"):
            its = more.get(told["ticket_id"], {})
            ticket = ForeignTicket(
                key=told["ticket_id"],
                number=told["number"],
                subject=its.get("subject", ""),
                status=states.get(told["status_id"], told["status_id"]),
                priority=its.get("priority", ""),
                team=names.get(told["dept_id"], ""),
                agent=staff.get(told["staff_id"], ""),
                requester=people.get(told["user_id"], ""),
                address=addresses.get(told["user_id"], ""),
                opened_at=instant(told["created"], zone),
                updated_at=instant(told.get("updated") or told["created"], zone),
                closed_at=instant(told["closed"], zone) if _is_time(told.get("closed", "")) else None,
            )
            known[ticket.key] = ticket
            found.tickets.append(ticket)
    for place, told in enumerate(_table(path, "thread_entry"), 2):
        with _noting(found, f"thread_entry.csv {place}"):
            if told["thread_id"] not in threads:
                continue  # of a task, not of a ticket
            is_html = told.get("format", "html") == "html"
            message = ForeignMessage(
                key=told["id"],
                kind=_OSTICKET[told["type"]],
                at=instant(told["created"], zone),
                author=told.get("poster", ""),
                address=addresses.get(told.get("user_id", ""), "") if told["type"] == "M" else "",
                subject=told.get("title", ""),
                text=to_text(told["body"]) if is_html else told["body"],
                html=told["body"] if is_html else None,
            )
            known[threads[told["thread_id"]]].messages.append(message)
    return found


def _csv(path: Path, zone: ZoneInfo, columns: Mapping[str, str]) -> Read:
    """One row a ticket; further rows with the same id are further messages of it."""
    named = {each: columns.get(each, each) for each in _CSV}
    found, known = Read(), dict[str, ForeignTicket]()
    for place, row in enumerate(_rows(path), 2):
        with _noting(found, f"{path.name} {place}"):
            told = {each: (row.get(column) or "").strip() for each, column in named.items()}
            if named["id"] not in row or named["opened"] not in row:
                raise KnownError("importing.no_column", file=path, column=named["id"])
            if not told["id"]:
                raise KeyError("id")
            opened = instant(told["opened"], zone)
            ticket = known.get(told["id"])
            if ticket is None:
                ticket = ForeignTicket(
                    key=told["id"],
                    number=told["number"] or told["id"],
                    subject=told["subject"],
                    status=told["status"],
                    priority=told["priority"],
                    team=told["team"],
                    agent=told["agent"],
                    requester=told["requester"] or told["address"],
                    address=told["address"],
                    opened_at=opened,
                    updated_at=instant(told["updated"], zone) if told["updated"] else opened,
                    closed_at=instant(told["closed"], zone) if told["closed"] else None,
                    tags=tuple(filter(None, (each.strip() for each in told["tags"].split(",")))),
                )
                known[ticket.key] = ticket
                found.tickets.append(ticket)
            if told["text"]:
                key = f"{told['id']}/{len(ticket.messages)}"
                author, address = ticket.requester, ticket.address
                said = ForeignMessage(key, MessageKind.MAIL_IN, opened, author, address, told["subject"], told["text"])
                ticket.messages.append(said)
    return found


SOURCES: Mapping[str, Callable[[Path, ZoneInfo, Mapping[str, str]], Read]] = {
    "zammad": _zammad, "osticket": _osticket, "csv": _csv,
}  # fmt: skip


class _noting:  # noqa: N801 - reads as a verb
    """What cannot be read within is noted, and the next row goes on."""

    def __init__(self, found: Read, where: str) -> None:
        self._found, self._where = found, where

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> bool:
        if isinstance(error, KeyError):
            self._found.unread.append(Unread(self._where, "importing.missing"))
        elif isinstance(error, (ValueError, TypeError, AttributeError, OverflowError)):
            self._found.unread.append(Unread(self._where, "importing.bad_value"))
        else:
            return False
        return True


def _json(path: Path) -> list[dict[str, Any]]:
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise KnownError("importing.no_file", file=path) from error
    except (ValueError, RecursionError) as error:
        raise KnownError("importing.not_json", file=path) from error
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise KnownError("importing.not_json", file=path)
    return told


def _table(folder: Path, name: str) -> Iterator[Row]:
    """A table of osTicket's, whatever its names are prefixed with."""
    found = next((each for each in sorted(folder.glob(f"*{name}.csv")) if _is_named(each, name)), None)
    if found is None:
        raise KnownError("importing.no_file", file=folder / f"ost_{name}.csv")
    return _rows(found)


def _is_named(file: Path, name: str) -> bool:
    prefix = file.stem.removesuffix(name)
    return prefix == "" or (prefix.endswith("_") and prefix.count("_") == 1)


def _rows(path: Path) -> Iterator[Row]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            start = file.read(4096)
            file.seek(0)
            head = start.partition("\n")[0]
            delimiter = max(",;\t", key=head.count)
            yield from csv.DictReader(file, delimiter=delimiter)
    except FileNotFoundError as error:
        raise KnownError("importing.no_file", file=path) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise KnownError("importing.not_text", file=path) from error


def _is_time(told: str) -> bool:
    return bool(told) and not told.startswith("0000") and told.upper() != "NULL"
