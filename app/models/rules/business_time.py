"""Counting the time in which somebody is served.

All counting is in real time: an hour that a clock change leaves out does not count, one that it repeats counts twice.
A budget that ends exactly at closing time is due at closing time; no budget at all is due when next open.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.models.records.calendars import DAY, Calendar, Day

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_ONE_DAY = timedelta(days=1)
_STRETCH = 400
"""Days that are laid out at once: more than a year, so that few questions need a second stretch."""
_FARTHEST = 30 * 366
"""Days ahead that are looked through for an open hour, before there counts as none."""
_FIRST, _LAST = date(1900, 1, 1), date(9990, 1, 1)


class _Laid(NamedTuple):
    """The open spans from the day `first` to before `end`, in microseconds since 1970; what was open before each."""

    first: date
    end: date
    opens: list[int]
    closes: list[int]
    before: list[int]

    @property
    def total(self) -> int:
        return self.before[-1]


class BusinessTime:
    """The hours of one calendar. Safe to use from several threads. Instants are aware.

    `holidays` are the local days that are closed besides the calendar's own closures. Raises
    `zoneinfo.ZoneInfoNotFoundError` for a zone that nobody knows.
    """

    def __init__(self, calendar: Calendar, holidays: Container[date] = ()) -> None:
        self._calendar, self._holidays = calendar, holidays
        self._zone = ZoneInfo(calendar.zone)
        self._never = not any(calendar.week) and not any(calendar.special.values())
        self._laid: _Laid | None = None

    def elapsed(self, since: datetime, until: datetime) -> timedelta:
        """What of the time from `since` to `until` was open; nothing where they are the wrong way round."""
        if until <= since or self._never:
            return timedelta(0)
        laid = self._around(since, until)
        return (_open_before(laid, _ticks(until)) - _open_before(laid, _ticks(since))) * _TICK

    def due(self, since: datetime, budget: timedelta) -> datetime | None:
        """When `budget` of open time is used up; None where that is never, or not within 30 years."""
        if budget <= timedelta(0):
            return self.next_open(since)
        if self._never:
            return None
        laid = self._around(since, since)
        wanted = _open_before(laid, _ticks(since)) + budget // _TICK
        while laid.total < wanted:
            longer = self._longer(laid, since)
            if longer is None:
                return None
            laid = longer
        place = bisect_left(laid.before, wanted) - 1
        return _instant(laid.opens[place] + wanted - laid.before[place])

    def is_open(self, at: datetime) -> bool:
        """Opening time is open, closing time is closed."""
        return self._span_at(at) is not None

    def next_open(self, at: datetime) -> datetime | None:
        """`at` itself while open, else when it opens next; None where that is never, or not within 30 years."""
        if self._never:
            return None
        laid: _Laid | None = self._around(at, at)
        while laid is not None:
            place = bisect_right(laid.closes, _ticks(at))
            if place < len(laid.opens):
                return _instant(max(laid.opens[place], _ticks(at)))
            laid = self._longer(laid, at)
        return None

    def closes(self, at: datetime) -> datetime | None:
        """When it closes next; None while it is closed, and where it never closes within 30 years."""
        span = self._span_at(at)
        while span is not None and (end := _instant(span[1])) - at < _FARTHEST * _ONE_DAY:
            following = self._span_at(end)  # midnight is no closing time where the next day opens with it
            if following is None:
                return end
            span = following
        return None

    def spans(self, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
        """When it is open between the two, in order; spans that touch are one."""
        if until <= since or self._never:
            return []
        laid, first, last = self._around(since, until), _ticks(since), _ticks(until)
        found: list[tuple[int, int]] = []
        for place in range(bisect_right(laid.closes, first), bisect_left(laid.opens, last)):
            opens, closes = max(laid.opens[place], first), min(laid.closes[place], last)
            if found and found[-1][1] == opens:
                opens = found.pop()[0]
            found.append((opens, closes))
        return [(_instant(opens), _instant(closes)) for opens, closes in found]

    def _span_at(self, at: datetime) -> tuple[int, int] | None:
        if self._never:
            return None
        laid, now = self._around(at, at), _ticks(at)
        place = bisect_right(laid.opens, now) - 1
        if place < 0 or laid.closes[place] <= now:
            return None
        return laid.opens[place], laid.closes[place]

    def _around(self, since: datetime, until: datetime) -> _Laid:
        """What is laid out, with all days from before `since` to after `until` in it."""
        first, last = since.astimezone(UTC).date(), until.astimezone(UTC).date()
        laid = self._laid
        if laid is not None and laid.first + 3 * _ONE_DAY < first and last < laid.end - 3 * _ONE_DAY:
            return laid
        first, last = _days_off(first, -4), _days_off(last, 4)
        if laid is None:
            return self._lay(first, max(last, _days_off(first, _STRETCH)))
        if first < laid.first:
            first = min(first, _days_off(laid.first, -_STRETCH))
        if last > laid.end:
            last = max(last, _days_off(laid.end, _STRETCH))
        return self._lay(min(first, laid.first), max(last, laid.end))

    def _longer(self, laid: _Laid, since: datetime) -> _Laid | None:
        """The same with twice as many days ahead; None at the end of what is looked through."""
        ahead = (laid.end - since.astimezone(UTC).date()).days
        if ahead > _FARTHEST or laid.end >= _LAST:
            return None
        return self._lay(laid.first, _days_off(laid.end, max(_STRETCH, ahead)))

    def _lay(self, first: date, end: date) -> _Laid:
        spans = list(self._walk(first, end))
        opens, closes = [each[0] for each in spans], [each[1] for each in spans]
        before = list(accumulate((each[1] - each[0] for each in spans), initial=0))
        self._laid = _Laid(first, end, opens, closes, before)
        return self._laid

    def _walk(self, first: date, end: date) -> Iterator[tuple[int, int]]:
        """Each day's spans in real time, never two at once, and none of a day that the zone left out."""
        done, day = -(2**63), first
        while day < end:
            spans = self._day(day)
            for span in () if spans and self._is_left_out(day) else spans:
                opens, closes = max(self._at(day, span.opens), done), self._at(day, span.closes)
                if closes > opens:
                    yield opens, closes
                    done = closes
            day += _ONE_DAY

    def _day(self, day: date) -> Day:
        calendar = self._calendar
        if day in calendar.special:
            return calendar.special[day]
        if day in self._holidays or any(each.first <= day <= each.last for each in calendar.closures):
            return ()
        return calendar.week[day.weekday()]

    def _at(self, day: date, seconds: int) -> int:
        """The instant of a wall time: by the offset before, where the clock skips it; the first, where it repeats."""
        whole, rest = divmod(seconds, DAY)
        wall = datetime.combine(day + whole * _ONE_DAY, time(), self._zone) + timedelta(seconds=rest)
        return _ticks(wall)

    def _is_left_out(self, day: date) -> bool:
        """Whether the zone jumped over the whole day, as Samoa did over 30 December 2011."""
        noon = datetime.combine(day, time(12), self._zone)
        return noon.astimezone(UTC).astimezone(self._zone).date() != day


class RoundTheClock:
    """The hours of who is always there, asked for like those of a calendar."""

    def elapsed(self, since: datetime, until: datetime) -> timedelta:
        return max(until - since, timedelta(0))

    def due(self, since: datetime, budget: timedelta) -> datetime | None:
        """None beyond the last year that there is."""
        try:
            return since + max(budget, timedelta(0))
        except OverflowError:
            return None

    def is_open(self, at: datetime) -> bool:  # noqa: ARG002
        return True

    def next_open(self, at: datetime) -> datetime | None:
        return at

    def closes(self, at: datetime) -> datetime | None:  # noqa: ARG002
        """None: never."""
        return None

    def spans(self, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
        return [(since, until)] if until > since else []


Hours = BusinessTime | RoundTheClock


def _open_before(laid: _Laid, at: int) -> int:
    place = bisect_right(laid.opens, at) - 1
    if place < 0:
        return 0
    return laid.before[place] + min(at, laid.closes[place]) - laid.opens[place]


def _days_off(day: date, days: int) -> date:
    """`days` later or earlier, within the years that can be counted."""
    if days < 0:
        return _FIRST if (day - _FIRST).days < -days else day + days * _ONE_DAY
    return _LAST if (_LAST - day).days < days else day + days * _ONE_DAY


def _ticks(at: datetime) -> int:
    return (at - _EPOCH) // _TICK


def _instant(ticks: int) -> datetime:
    return _EPOCH + ticks * _TICK
