"""How a ticket's clocks stand, in words. Pure: it needs no widget."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.models.records.clocks import ClockKind, ClockState, ClockView
from app.services.wording import tr
from app.views.escalating.lengths import length_words
from app.views.tree.words import instant_words

_ORDER = tuple(ClockKind)


@dataclass(frozen=True, slots=True)
class ChipWords:
    """`tone` is a token of the theme that has an area of its own, or `muted`; `hint` says all of it."""

    text: str
    tone: str
    icon: str
    hint: str


@dataclass(frozen=True, slots=True)
class ClockWords:
    """A clock as the panel shows it; `share` is how much of its budget is used, more than 1 once it is broken."""

    name: str
    state: str
    detail: str
    tone: str
    share: float

    @property
    def spoken(self) -> str:
        return ", ".join(filter(None, (self.name, self.state, self.detail)))


@dataclass(frozen=True, slots=True)
class SpentWords:
    """With whom the time of a ticket was spent: names and lengths, the most first."""

    teams: tuple[tuple[str, str], ...] = ()
    people: tuple[tuple[str, str], ...] = ()


def chips(clocks: Iterable[ClockView], now: datetime) -> list[ChipWords]:
    """The clocks that matter now: those that are broken, that run, and that are paused, the most urgent first."""
    shown = [each for each in clocks if each.is_broken or each.state is not ClockState.STOPPED]
    return [_chip(each, now) for each in sorted(shown, key=lambda each: _urgency(each, now))]


def panel(clocks: Iterable[ClockView], now: datetime) -> list[ClockWords]:
    """All clocks: the customer's before those of the levels, each in the order in which they began."""
    return [_words(each, now) for each in sorted(clocks, key=lambda each: (_ORDER.index(each.kind), each.started_at))]


def spent(clocks: Sequence[ClockView]) -> SpentWords:
    """By the clock that runs from the first to the last: the resolution's, or the one that ran longest."""
    told = [each for each in clocks if each.teams or each.people]
    told.sort(key=lambda each: (each.kind is not ClockKind.RESOLUTION, -each.spent))
    if not told:
        return SpentWords()
    return SpentWords(_named(told[0].teams), _named(told[0].people))


def _named(times: Iterable[tuple[str, timedelta]]) -> tuple[tuple[str, str], ...]:
    return tuple((name or tr("clocks.nobody"), length_words(time)) for name, time in times)


def _urgency(clock: ClockView, now: datetime) -> tuple[int, datetime]:
    rank = 0 if clock.is_broken else 1 if clock.state is ClockState.RUNNING else 2
    return rank, clock.due_at or clock.broken_at or now


def _chip(clock: ClockView, now: datetime) -> ChipWords:
    words = _words(clock, now)
    icon = "waiting" if clock.state is ClockState.PAUSED else "warning" if clock.is_broken else "clock"
    short = tr(f"clocks.short.{clock.kind.value}")
    return ChipWords(tr("clocks.chip", clock=short, state=words.state), words.tone, icon, words.spoken)


def _words(clock: ClockView, now: datetime) -> ClockWords:
    share = clock.spent / clock.target if clock.target else 1.0
    state, tone = _state(clock, now)
    return ClockWords(tr(f"clocks.name.{clock.kind.value}"), state, _detail(clock, now), tone, share)


def _state(clock: ClockView, now: datetime) -> tuple[str, str]:
    """In a few words, and their tone. A broken clock says by how much, for as long as that grows."""
    if clock.state is ClockState.STOPPED:
        return (tr("clocks.broken"), "danger") if clock.is_broken else (tr("clocks.met"), "success")
    if clock.is_broken:
        late = -clock.left if clock.left < timedelta(0) else now - (clock.broken_at or now)
        return tr("clocks.late", time=length_words(late)), "danger"
    if clock.state is ClockState.PAUSED:
        return tr("clocks.paused"), "muted"
    left = clock.due_at - now if clock.due_at is not None else clock.left
    return tr("clocks.left", time=length_words(left)), "warning" if clock.warned_at is not None else "info"


def _detail(clock: ClockView, now: datetime) -> str:
    """When it is due and by whose hours, or why it rests."""
    target = length_words(clock.target)
    if clock.state is ClockState.PAUSED:
        reason = tr(f"clock_reason.{clock.reason.value}")
        return tr("clocks.paused_detail", reason=reason, left=length_words(clock.left), target=target)
    if clock.state is ClockState.STOPPED and clock.stopped_at is not None:
        stopped = instant_words(clock.stopped_at, now)
        return tr("clocks.stopped_detail", stopped=stopped, spent=length_words(clock.spent), target=target)
    calendar = clock.calendar or tr("clock.round_the_clock")
    if clock.due_at is None:
        return tr("clocks.no_due", target=target, calendar=calendar)
    return tr("clocks.due_detail", due=instant_words(clock.due_at, now), target=target, calendar=calendar)
