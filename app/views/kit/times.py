"""Moments and ages as told at a desk, in local time. Pure: it needs no widget."""

from datetime import datetime, timedelta

from app.services.wording import tr

_MINUTE = timedelta(minutes=1)


def time_words(at: datetime, now: datetime) -> str:
    """A moment as told at a desk: the time today, the day with it this year, the year before."""
    local, today = at.astimezone(), now.astimezone().date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return tr("time.yesterday", time=f"{local:%H:%M}")
    return local.strftime(tr("time.day") if local.year == today.year else tr("time.date"))


def age_words(since: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits: now, 5 min, 3 h, 12 d."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 1:
        return tr("age.now")
    if minutes < 60:
        return tr("age.minutes", count=minutes)
    return tr("age.hours", count=minutes // 60) if minutes < 48 * 60 else tr("age.days", count=minutes // 1440)


def moment_words(at: datetime) -> str:
    """A moment in full, with its zone."""
    return at.astimezone().strftime(tr("time.moment"))


def date_words(at: datetime) -> str:
    """A day and its time."""
    return at.astimezone().strftime(tr("time.date_time"))


def countdown_words(until: datetime, now: datetime) -> str:
    """How long is left, or by how much it is late; seconds are not told, for a number that runs draws the eye."""
    if until >= now:
        return tr("countdown.left", time=age_words(now, until)) if until - now >= _MINUTE else tr("countdown.now")
    return tr("countdown.late", time=age_words(until, now)) if now - until >= _MINUTE else tr("countdown.now")


def duration_words(seconds: int) -> str:
    """How long something took, as a clock shows it: 1:35, 1:02:07."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
