"""Lengths of time in words. Pure: it needs no widget."""

from datetime import timedelta

from app.services.wording import tr

_DAY = 1440


def length_words(span: timedelta) -> str:
    """Days and hours, hours and minutes, or minutes; less than a minute is told as such."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < 1:
        return tr("length.less")
    if minutes < 60:
        return tr("length.minutes", minutes=minutes)
    hours, rest = divmod(minutes, 60)
    if minutes >= 2 * _DAY:
        return tr("length.days", days=minutes // _DAY, hours=hours % 24)
    return tr("length.hours", hours=hours, minutes=rest) if rest else tr("length.whole_hours", hours=hours)
