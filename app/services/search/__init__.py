"""From what was typed into the search line to the tickets that are meant."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.channels import MAIL_KINDS
from app.models.records.desk import Actor, Level
from app.models.records.queue import QueueFilter
from app.models.records.tickets import Priority, Status
from app.models.rules.folding import fold
from app.models.rules.search_query import Operator, Term, read_query
from app.services import people, staff
from app.services.database import Database
from app.services.tickets.tagging import tag_name
from app.services.wording import tr

_WITHIN = re.compile(r"^(\d{1,4})\s*(h|d|w|m|y|t|j)$")
_UNITS = {"h": 1, "d": 24, "t": 24, "w": 168, "m": 730, "y": 8760, "j": 8760}
_DATE = re.compile(r"^(>=|<=|>|<|)(\d.*)$")
_FIRST_YEAR, _LAST_YEAR = 1971, 9000
_TOLD, _MOST_PEOPLE = 12, 500
_CHANNELS: Mapping[str, frozenset[str]] = {
    "mail": MAIL_KINDS,
    "phone": frozenset({"phone"}),
    "telefon": frozenset({"phone"}),
    "desk": frozenset({"desk"}),
    "schalter": frozenset({"desk"}),
}
_IS = {
    "open": "open", "offen": "open", "done": "done", "closed": "done", "erledigt": "done", "unread": "unread",
    "ungelesen": "unread", "late": "late", "überfällig": "late", "mine": "mine", "meine": "mine",
    "unassigned": "unassigned", "frei": "unassigned",
}  # fmt: skip
_HAS: Mapping[str, dict[str, Any]] = {"attachment": {"with_files": True}, "anhang": {"with_files": True}}
_ME, _NOBODY = ("me", "ich"), ("none", "nobody", "niemand")


def filter_for(database: Database, actor: Actor | None, typed: str) -> QueueFilter:
    """The tickets that `typed` asks for, done ones as well unless it says otherwise.

    `KnownError`: `search.unknown_operator`, `search.unknown_value` (of which operator, and what is known),
    `search.nobody`, `search.too_many_people`. Names need not be finished; one that several have means all of them.
    """
    query = read_query(typed)
    meaning = _Meaning(database, actor)
    wanted = QueueFilter(open=None, words=query.words)
    left_out = []
    for term in query.terms:
        if term.negated:
            left_out.append(meaning.narrow(QueueFilter(open=None), term))
        else:
            wanted = meaning.narrow(wanted, term)
    return replace(wanted, without=tuple(left_out))


@dataclass(frozen=True)
class _Meaning:
    """What names stand for on this desk."""

    database: Database
    actor: Actor | None

    def narrow(self, wanted: QueueFilter, term: Term) -> QueueFilter:
        value = term.value.strip().lower()
        read: Mapping[Operator, Callable[[str], dict[str, Any]]] = {
            Operator.FROM: self._from,
            Operator.APPLICATION: lambda name: {"applications": self._named(term, name, self._applications())},
            Operator.TEAM: lambda name: {"teams": self._named(term, name, self._teams())},
            Operator.ASSIGNEE: lambda name: self._assignee(term, name),
            Operator.LEVEL: lambda name: {"levels": frozenset({self._level(term, name)})},
            Operator.PRIORITY: lambda name: {"priorities": frozenset({self._priority(term, name)})},
            Operator.STATUS: lambda name: {"statuses": self._statuses(term, name)},
            Operator.IS: lambda name: self._is(term, name),
            Operator.TAG: lambda name: {"tags": frozenset({tag_name(name)})},
            Operator.CHANNEL: lambda name: {"channels": _one(term, name, _CHANNELS)},
            Operator.HAS: lambda name: _one(term, name, _HAS),
            Operator.OPENED: lambda name: _opened(term, name),
            Operator.UPDATED: lambda name: {"updated_within": _within(term, name)},
            Operator.DUE: lambda name: {"due_within": self._due(term, name)},
        }
        return _both(wanted, read[term.operator](value))

    def _from(self, name: str) -> dict[str, Any]:
        found = people.find(self.database, name, _MOST_PEOPLE + 1)
        if not found:
            raise KnownError("search.nobody", name=name)
        if len(found) > _MOST_PEOPLE:
            raise KnownError("search.too_many_people", name=name, most=_MOST_PEOPLE)
        return {"requesters": frozenset(each.id for each in found)}

    def _assignee(self, term: Term, name: str) -> dict[str, Any]:
        if name in _NOBODY:
            return {"unassigned": True}
        if name in _ME:
            return {"assignees": self._me()}
        agents = {each.name: each.id for each in staff.agents(self.database)}
        return {"assignees": self._named(term, name, agents)}

    def _is(self, term: Term, name: str) -> dict[str, Any]:
        match _one(term, name, _IS):
            case "open":
                return {"open": True}
            case "done":
                return {"open": False}
            case "unread":
                return {"unread": True}
            case "late":
                return {"due_within": timedelta(), "open": True}
            case "mine":
                return {"assignees": self._me()}
            case _:
                return {"unassigned": True}

    def _me(self) -> frozenset[UUID]:
        return frozenset({self.actor.id} if self.actor and self.actor.id else {UUID(int=0)})

    def _statuses(self, term: Term, name: str) -> frozenset[Status]:
        words = {each: (each.value, tr(f"status.{each.value}").lower()) for each in Status}
        found = {each for each, told in words.items() if any(word.startswith(name) for word in told)}
        return frozenset(found or {_one(term, name, {each.value: each for each in Status})})

    def _level(self, term: Term, name: str) -> Level:
        names = {each.name.lower(): each for each in Level} | {str(int(each)): each for each in Level}
        return Level(_one(term, name, names | {tr("level.VENDOR").lower(): Level.VENDOR}))

    def _priority(self, term: Term, name: str) -> Priority:
        names = {each.name.lower(): each for each in Priority} | {str(int(each)): each for each in Priority}
        return Priority(_one(term, name, names))

    def _due(self, term: Term, name: str) -> timedelta:
        now = self.database.clock.now()
        if name in ("late", "überfällig"):
            return timedelta()
        if name in ("today", "heute"):
            return _midnight(now) - now
        return _within(term, name)

    def _applications(self) -> dict[str, UUID]:
        return {each.name: each.id for each in staff.applications(self.database)}

    def _teams(self) -> dict[str, UUID]:
        return {each.name: each.id for each in staff.teams(self.database)}

    def _named(self, term: Term, name: str, known: Mapping[str, UUID]) -> frozenset[UUID]:
        """Those with a word that begins so, or of that very name."""
        found = {each for told, each in known.items() if _begins(told, name)}
        if not found:
            raise _unknown(term, known)
        return frozenset(found)


def _both(wanted: QueueFilter, more: Mapping[str, Any]) -> QueueFilter:
    """The same operator twice means either: `tag:a tag:b`."""
    merged = {
        name: getattr(wanted, name) | value if isinstance(value, frozenset) else value for name, value in more.items()
    }
    return replace(wanted, **merged)


def _begins(told: str, name: str) -> bool:
    """Capitals and accents make no difference."""
    return bool(re.search(rf"(?<!\w){re.escape(fold(name))}", fold(told)))


def _opened(term: Term, name: str) -> dict[str, Any]:
    """`7d`, or a day here: that one, and `>`, `>=`, `<`, `<=` one. Days begin at midnight of this machine."""
    found = _DATE.match(name)
    day = _day(found[2]) if found else None
    if found is None or day is None:
        return {"opened_within": _within(term, name, "2026-01-31", ">2026-01-31")}
    begins, ends = _begins_at(day), _begins_at(day + timedelta(days=1))
    return {
        "": {"opened_from": begins, "opened_before": ends},
        ">": {"opened_from": ends},
        ">=": {"opened_from": begins},
        "<": {"opened_before": begins},
        "<=": {"opened_before": ends},
    }[found[1]]


def _day(told: str) -> date | None:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        with suppress(ValueError):
            found = datetime.strptime(told, form).date()  # noqa: DTZ007 - a day has no zone
            return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None
    return None


def _begins_at(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone().astimezone(UTC)


def _within(term: Term, name: str, *others: str) -> timedelta:
    found = _WITHIN.match(name.removeprefix("<"))
    if found is None:
        raise _unknown(term, ("24h", "7d", "2w", "3m", "1y", *others))
    return timedelta(hours=int(found[1]) * _UNITS[found[2]])


def _midnight(now: datetime) -> datetime:
    """When this day ends here."""
    local = now.astimezone()
    return datetime.combine(local.date() + timedelta(days=1), time()).astimezone()


def _one(term: Term, name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        raise _unknown(term, known)
    return known[name]


def _unknown(term: Term, known: Iterable[str]) -> KnownError:
    return KnownError(
        "search.unknown_value",
        operator=f"{term.operator.value}:",
        value=term.value,
        known=", ".join(sorted(known)[:_TOLD]),
    )
