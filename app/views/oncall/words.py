"""What the on-call window says, in words. Pure: it needs no widget."""

from datetime import datetime

from app.models.records.on_call import Shift
from app.services.wording import tr
from app.views.oncall.board import BALANCED_OVER, Bar, Board


def weekday(at: datetime) -> str:
    """The short name of the weekday of a local time."""
    return tr(f"oncall_view.day.{at.weekday()}")


def day_words(at: datetime) -> str:
    """The day and month of a local time."""
    return tr("oncall_view.date", day=at.day, month=tr(f"oncall_view.month.{at.month}"))


def moment(board: Board, at: datetime) -> str:
    """An instant by the clock of the board's zone, with its day."""
    local = board.local(at)
    return tr("oncall_view.moment", day=weekday(local), date=day_words(local), time=f"{local:%H:%M}")


def span(board: Board, since: datetime, until: datetime) -> str:
    return tr("oncall_view.span", since=moment(board, since), until=moment(board, until))


def who(bar: Bar) -> str:
    return bar.who or tr("oncall_view.nobody")


def initials(bar: Bar) -> str:
    """For where a name has no room; a gap calls for attention there too."""
    if bar.shift.is_gap:
        return "!"
    return "".join(each[0] for each in who(bar).split()[:2])


def headline(board: Board) -> str:
    """Who is on duty now, until when, and who is next."""
    duty = board.duty
    facts = {"who": board.name(duty.agent_id) or tr("oncall_view.nobody")}
    if duty.until is None:
        return tr("oncall_view.now", **facts)
    facts["until"] = moment(board, duty.until)
    following = board.name(duty.next_id)
    return tr("oncall_view.now_next", **facts, next=following) if following else tr("oncall_view.now_until", **facts)


def detail(board: Board, shift: Shift) -> str:
    """Why it is this person; empty where it is simply their turn."""
    if shift.is_gap:
        return tr("oncall_view.gap")
    if shift.instead_of is not None:
        return tr("oncall_view.instead_of", who=board.name(shift.instead_of))
    return tr("oncall_view.by_hand") if shift.rotation_id is None else ""


def spoken(board: Board, bar: Bar) -> str:
    """A shift in one sentence."""
    told = tr("oncall_view.spoken", who=who(bar), span=span(board, bar.shift.since, bar.shift.until))
    why = detail(board, bar.shift)
    return f"{told}, {why}" if why else told


def balance_lines(board: Board) -> list[str]:
    """Each person's hours, nights and weekends, the most first; and what nobody covers."""
    balance = board.balance
    people = sorted(balance.hours, key=lambda each: -balance.hours[each])
    lines = [tr("oncall_view.score", weeks=BALANCED_OVER.days // 7, score=balance.score)]
    lines += [
        tr(
            "oncall_view.share",
            who=board.name(each),
            hours=round(balance.hours[each]),
            nights=round(balance.nights.get(each, 0)),
            weekends=round(balance.weekends.get(each, 0)),
        )
        for each in people
    ]
    if balance.gap_hours:
        lines.append(tr("oncall_view.gap_hours", hours=f"{balance.gap_hours:g}"))
    return lines
