"""Lengths of time in words. Pure: it needs no widget."""

from datetime import timedelta

from app.services.wording import tr

_DAY = 1440
_LONG = 10
"""Hours from which on minutes are not told."""


def length_words(span: timedelta) -> str:
    """Days and hours, hours and minutes, or minutes; what is less than the smallest unit told is cut off."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < 1:
        return tr("length.less")
    if minutes < 60:
        return tr("length.minutes", minutes=minutes)
    hours, rest = divmod(minutes, 60)
    if minutes < 2 * _DAY:
        short = rest and hours < _LONG
        return tr("length.hours", hours=hours, minutes=rest) if short else tr("length.whole_hours", hours=hours)
    days, over = divmod(hours, 24)
    return tr("length.days", days=days, hours=over) if over else tr("length.whole_days", days=days)
