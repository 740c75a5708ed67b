"""Which of another product's words are which of ours: a file that a person reads over, and an empty word for none."""

import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomlkit

from app.models.errors import KnownError
from app.models.records.tickets import Priority, Status
from app.services import staff
from app.services.database import Database
from app.services.importing.foreign import ForeignTicket, Read

GROUPS = ("status", "priority", "team", "agent")
_STATUS = (
    ("new", Status.NEW), ("pend", Status.WAITING_CUSTOMER), ("wait", Status.WAITING_CUSTOMER),
    ("hold", Status.WAITING_CUSTOMER), ("resolv", Status.SOLVED), ("solv", Status.SOLVED), ("clos", Status.CLOSED),
    ("merged", Status.CLOSED), ("archiv", Status.CLOSED),
)  # fmt: skip
_PRIORITY = (("emerg", 1), ("urgent", 1), ("critical", 1), ("high", 2), ("low", 4))


@dataclass(frozen=True, slots=True)
class Mapping:
    """By group, their word to ours; `zone` is that of times which name none; `columns` are a table's."""

    words: dict[str, dict[str, Any]] = field(default_factory=lambda: {each: {} for each in GROUPS})
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    columns: dict[str, str] = field(default_factory=dict)


def read_mapping(path: Path) -> Mapping:
    """`KnownError` `importing.bad_mapping` with what is wrong; `OSError` of the file."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KnownError("importing.bad_mapping", file=path, reason=str(error)) from error
    groups = {each: told.get(each, {}) for each in (*GROUPS, "columns")}
    wrong = [name for name, each in groups.items() if not isinstance(each, dict)] + [
        name for name in told if name not in (*groups, "zone")
    ]
    if wrong:
        raise KnownError("importing.bad_mapping", file=path, reason=wrong[0])
    try:
        zone = ZoneInfo(told.get("zone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError, TypeError) as error:
        raise KnownError("importing.bad_mapping", file=path, reason=str(told.get("zone"))) from error
    return Mapping({each: groups[each] for each in GROUPS}, zone, groups["columns"])


def words_in(read: Read) -> dict[str, Counter[str]]:
    """The words of each group, and how often each stands there."""
    return {group: Counter(filter(None, (getattr(each, group) for each in read.tickets))) for group in GROUPS}


def propose(database: Database, read: Read) -> str:
    """A mapping to be read over: what names itself is filled in, the rest is left empty."""
    teams = {each.name.lower(): each.name for each in staff.teams(database)}
    people = {each.mail: each.mail for each in staff.agents(database)}
    guess: dict[str, Callable[[str], Any]] = {
        "status": lambda word: _beginning(word, _STATUS, Status.OPEN).value,
        "priority": lambda word: _beginning(word, _PRIORITY, 3),
        "team": lambda word: teams.get(word.lower(), ""),
        "agent": lambda word: people.get(word.lower(), ""),
    }
    document = tomlkit.document()
    document.add("zone", "UTC")
    for group, words in words_in(read).items():
        table = tomlkit.table()
        for word in sorted(words):
            table.add(word, guess[group](word))
        document.add(group, table)
    return tomlkit.dumps(document)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A mapping on a desk: what its words stand for here. `unknown` names what is nowhere, by group."""

    mapping: Mapping
    teams: dict[str, tuple[UUID, int]]
    people: dict[str, UUID]

    @classmethod
    def on(cls, database: Database, mapping: Mapping) -> "Meaning":
        teams = {each.name: (each.id, int(each.level)) for each in staff.teams(database)}
        return cls(mapping, teams, {each.mail: each.id for each in staff.agents(database)})

    def unmapped(self, read: Read) -> dict[str, Counter[str]]:
        """Words that the mapping does not name, or names something that is not here."""
        known: dict[str, set[Any]] = {
            "status": {each.value for each in Status},
            "priority": {int(each) for each in Priority},
            "team": {"", *self.teams},
            "agent": {"", *self.people},
        }
        words = self.mapping.words
        found = {
            group: Counter(
                {word: count for word, count in counted.items() if words[group].get(word) not in known[group]}
            )
            for group, counted in words_in(read).items()
        }
        return {group: counted for group, counted in found.items() if counted}

    def status(self, ticket: ForeignTicket) -> Status:
        usual = Status.CLOSED if ticket.closed_at else Status.OPEN
        return Status(self.mapping.words["status"].get(ticket.status, usual))

    def priority(self, ticket: ForeignTicket) -> Priority:
        return Priority(self.mapping.words["priority"].get(ticket.priority, 3))

    def team(self, ticket: ForeignTicket) -> tuple[UUID | None, int]:
        return self.teams.get(self.mapping.words["team"].get(ticket.team, ""), (None, 1))

    def agent(self, ticket: ForeignTicket) -> UUID | None:
        return self.people.get(self.mapping.words["agent"].get(ticket.agent, ""))


def _beginning(word: str, known: Any, usual: Any) -> Any:
    return next((value for sign, value in known if sign in word.lower()), usual)
