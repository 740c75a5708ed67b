"""What a card says, in words. Pure: it needs no widget."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.models.records.desk import Level
from app.models.records.trees import Finding, NodeView, TreeView
from app.services.wording import tr
from app.views.kit.times import age_words, time_words

_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class CardWords:
    """The lines of a card, from above. `duty_is_bad`: nobody is there. `warning` is empty where all is well, `mark`
    where the ticket is not.

    `share` is the ring: how much of the time is used (0 to 1, more where it is over); None where no clock runs here.
    """

    name: str
    team: str
    duty: str
    duty_detail: str
    duty_is_bad: bool = False
    is_closed: bool = False
    warning: str = ""
    share: float | None = None
    time_left: str = ""
    walked: bool = False
    current: bool = False
    is_start: bool = False
    mark: str = ""
    spoken: str = ""


def card_words(view: NodeView, whole: TreeView) -> CardWords:
    """What the card of a node says at the instant of the tree."""
    duty, detail, bad = _duty(view, whole.at)
    left = _left(view, whole.at)
    words = CardWords(
        name=view.node.name,
        team=_team(view),
        duty=duty,
        duty_detail=detail,
        duty_is_bad=bad,
        is_closed=not view.is_open,
        warning=_warning(view, whole.at),
        share=view.share,
        time_left=left,
        walked=view.walked or view.node.key in whole.way,
        current=view.current,
        is_start=view.node.key == whole.tree.start,
        mark=_mark(view, whole),
    )
    return _with_spoken(words)


def level_words(level: Level) -> str:
    """The heading of a level's band."""
    return tr("tree_view.level_vendor") if level is Level.VENDOR else tr("tree_view.level", level=int(level))


def instant_words(at: datetime, now: datetime) -> str:
    """A moment near now: the time of today, the weekday with it within a week, else the day."""
    local, today = at.astimezone(), now.astimezone()
    if local.date() == today.date() or abs(at - now) > _WEEK:
        return time_words(at, now)
    return tr("tree_view.day_time", day=weekday_words(local.weekday()), time=f"{local:%H:%M}")


def weekday_words(day: int) -> str:
    """The short name of a weekday; Monday is 0."""
    return tr(f"tree_view.day.{day}")


def finding_words(finding: Finding, now: datetime) -> str:
    """What is wrong, with its instants in local time."""
    facts = {name: _fact(name, value, now) for name, value in finding.facts.items()}
    return tr(f"finding.{finding.code}", **facts)


def _fact(name: str, value: str, now: datetime) -> str:
    return instant_words(datetime.fromisoformat(value), now) if name in ("since", "until") else value


def _team(view: NodeView) -> str:
    if view.team:
        return view.team
    if view.vendor:
        return view.vendor
    return view.manager or tr("tree_view.no_team")


def _duty(view: NodeView, now: datetime) -> tuple[str, str, bool]:
    """Who is there, until when and who is next, and whether that is nobody."""
    if not view.is_open:
        opens = tr("tree_view.closed", opens=instant_words(view.opens_at, now)) if view.opens_at else ""
        return opens or tr("tree_view.closed_for_good"), _next(view), view.opens_at is None
    if view.on_duty:
        return view.on_duty, _until(view, now), False
    if view.vendor or view.manager:
        return view.vendor or view.manager, tr("tree_view.vendor" if view.vendor else "tree_view.manager"), False
    return tr("tree_view.nobody"), _next(view), True


def _next(view: NodeView) -> str:
    return tr("tree_view.next_only", next=view.next_on_duty) if view.next_on_duty else ""


def _until(view: NodeView, now: datetime) -> str:
    if view.duty is None or view.duty.until is None:
        return tr("tree_view.always")
    facts: Mapping[str, str] = {"until": instant_words(view.duty.until, now), "next": view.next_on_duty}
    return tr("tree_view.until_next" if view.next_on_duty else "tree_view.until", **facts)


def _warning(view: NodeView, now: datetime) -> str:
    """How many there are where there are several; a gap is told by its hours alone."""
    if len(view.findings) > 1:
        return tr("tree_view.warnings", count=len(view.findings))
    gap = view.gap or _gap_of(view.findings)
    if gap is not None:
        return tr("tree_view.gap", since=instant_words(gap[0], now), until=instant_words(gap[1], now))
    return finding_words(view.findings[0], now) if view.findings else ""


def _gap_of(findings: tuple[Finding, ...]) -> tuple[datetime, datetime] | None:
    for each in findings:
        if each.code == "gap":
            return datetime.fromisoformat(each.facts["since"]), datetime.fromisoformat(each.facts["until"])
    return None


def _left(view: NodeView, now: datetime) -> str:
    if view.due_at is None:
        return ""
    if view.due_at < now:
        return tr("tree_view.late", time=age_words(view.due_at, now))
    return tr("tree_view.left", time=age_words(now, view.due_at))


def _mark(view: NodeView, whole: TreeView) -> str:
    if not view.current:
        return ""
    number = whole.ticket_number
    return tr("tree_view.ticket", number=number) if number else tr("tree_view.current")


def _with_spoken(words: CardWords) -> CardWords:
    marks = [
        tr(f"tree_view.{mark}")
        for mark, holds in (("start", words.is_start), ("walked", words.walked), ("current", words.current))
        if holds
    ]
    details = [words.team, words.duty, words.duty_detail, words.time_left, words.warning, *marks]
    told = tr("tree_view.spoken", name=words.name, details=", ".join(each for each in details if each))
    return replace(words, spoken=told)
