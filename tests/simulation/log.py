"""Clocks derived once more, from the log alone and by other means: day by day over plain zoneinfo.

Nothing of the desk's own counting is used here, so that the two can disagree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

ZERO = timedelta(0)
DONE = ("solved", "closed")
_STEPS = ("step", "stood")
THEIRS = ("waiting_customer", *DONE)


@dataclass(frozen=True)
class Hours:
    """Spans of local wall time on weekdays; with none, round the clock."""

    zone: str = "UTC"
    spans: Sequence[tuple[time, time]] = ()
    closed: frozenset[date] = frozenset()

    def open(self, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
        if not self.spans:
            return [(since, until)] if since < until else []
        zone, found = ZoneInfo(self.zone), []
        day = since.astimezone(zone).date() - timedelta(days=1)
        while day <= until.astimezone(zone).date():
            if day.weekday() < 5 and day not in self.closed:
                for opens, closes in self.spans:
                    begins = max(since, datetime.combine(day, opens, zone).astimezone(UTC))
                    ends = min(until, datetime.combine(day, closes, zone).astimezone(UTC))
                    if begins < ends:
                        found.append((begins, ends))
            day += timedelta(days=1)
        return found

    def spent(self, since: datetime, until: datetime) -> timedelta:
        return sum((ends - begins for begins, ends in self.open(since, until)), ZERO)

    def used_up(self, since: datetime, budget: timedelta) -> datetime:
        for begins, ends in self.open(since, since + timedelta(days=200)):
            if budget <= ends - begins:
                return begins + budget
            budget -= ends - begins
        raise AssertionError("no budget of these tests lasts so long")


@dataclass(frozen=True)
class Happened:
    """One entry of the log: `kind` is status, asked or answered; step (to the node `value`), stood (there
    already, nobody moved it), accepted."""

    at: datetime
    kind: str
    value: object = None


@dataclass
class Derived:
    """One clock as the log has it."""

    kind: str
    started_at: datetime
    running: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    stopped_at: datetime | None = None
    node: str = ""

    def turn(self, at: datetime, *, on: bool) -> None:
        is_on = bool(self.running) and self.running[-1][1] is None
        if on and not is_on:
            self.running.append((at, None))
        if not on and is_on:
            self.running[-1] = (self.running[-1][0], at)

    def stop(self, at: datetime) -> None:
        self.turn(at, on=False)
        self.stopped_at = at

    def spent(self, now: datetime, hours: Hours) -> timedelta:
        return sum((hours.spent(since, until or now) for since, until in self.running), ZERO)

    def used_up(self, budget: timedelta, hours: Hours) -> datetime | None:
        """When the budget was, or will be; of a stopped clock what was reached before."""
        for since, until in self.running:
            if until is None:
                return hours.used_up(since, budget)
            spent = hours.spent(since, until)
            if spent > ZERO and spent >= budget:
                return hours.used_up(since, budget)
            budget -= spent
        return None


def derive(log: Iterable[Happened], opened: datetime, *, resolution: bool) -> list[Derived]:
    """The clocks of one ticket that was opened by a mail."""
    status = "new"
    unanswered: datetime | None = opened
    reply: Derived | None = Derived("first_response", opened)
    whole = Derived("resolution", opened)
    found = [each for each in (reply, whole) if each is not whole or resolution]
    for each in (reply, whole):
        each.turn(opened, on=True)
    for at, entries in groupby(log, key=lambda each: each.at):
        for entry in entries:
            if entry.kind == "asked":
                unanswered = at if status in THEIRS or unanswered is None else unanswered
            elif entry.kind == "answered":
                unanswered = None
                if reply is not None:
                    reply.stop(at)
                    reply = None
            status = _status_after(entry, status)
        if reply is None and unanswered is not None and status not in DONE:
            replies = [each for each in reversed(found) if each.kind != "resolution" and each.stopped_at is not None]
            reply = next((each for each in replies if unanswered <= each.stopped_at), None)
            if reply is None:
                reply = Derived("next_update", unanswered)
                found.append(reply)
        _go_on(at, status, reply, whole)
        if status in DONE:
            reply = None
    return found


def _status_after(entry: Happened, status: str) -> str:
    """A customer who writes opens the ticket again; one that is handed on does not wait for the vendor any more."""
    if entry.kind == "asked":
        return "new" if status == "new" else "open"
    if entry.kind == "step":
        return "open" if status == "waiting_vendor" else status
    return str(entry.value) if entry.kind == "status" else status


def _go_on(at: datetime, status: str, reply: Derived | None, whole: Derived) -> None:
    for each in (reply, whole):
        if each is None:
            continue
        if status in DONE:
            if each.stopped_at is None:
                each.stop(at)
            continue
        each.stopped_at = None
        paused = ("waiting_customer",) if each is reply else ("waiting_customer", "waiting_vendor")
        each.turn(at, on=status not in paused)


def derive_levels(log: Iterable[Happened]) -> list[Derived]:
    """What each step of the way promised: to accept the ticket, and to resolve it or hand it on.

    Steps that were left in the instant they were reached promised nothing.
    """
    status = "new"
    found: list[Derived] = []
    live: tuple[Derived, Derived] | None = None
    for entry in log:
        status = _status_after(entry, status)
        if live is not None and (entry.kind in _STEPS or status in DONE):
            for each in live:
                if each.stopped_at is None:
                    each.stop(entry.at)
            live = None
        if entry.kind in _STEPS:
            node = str(entry.value)
            live = Derived("accept", entry.at, node=node), Derived("resolve", entry.at, node=node)
            found += live
        if live is not None and entry.kind == "accepted" and live[0].stopped_at is None:
            live[0].stop(entry.at)
        for each in live or ():
            if each.stopped_at is None:
                paused = ("waiting_customer",) if each.kind == "accept" else ("waiting_customer", "waiting_vendor")
                each.turn(entry.at, on=status not in paused)
    return [each for each in found if each.stopped_at != each.started_at]
