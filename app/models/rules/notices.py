"""When somebody is told of news, and when they are left alone. Pure.

Quiet hours are in local time, by the clock on the wall: they begin and end at the same time of day whatever the clocks
of the country do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from app.models.records.notices import Notice

_WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class Quiet:
    """`begins` and `ends` are times of day; a span over midnight begins in the evening. Without both there is none."""

    begins: time | None = None
    ends: time | None = None
    weekend: bool = False
    urgent_breaks_it: bool = True

    def holds(self, local: datetime) -> bool:
        """Whether it is quiet at that local moment; the end itself is not."""
        if self.weekend and local.weekday() in _WEEKEND:
            return True
        if self.begins is None or self.ends is None or self.begins == self.ends:
            return False
        now = local.time()
        if self.begins < self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends


def to_tell(news: Sequence[Notice], quiet: Quiet, local: datetime, looking_at: UUID | None) -> list[Notice]:
    """What of it is told now: not what one is looking at, and in quiet hours only what may break them."""
    there = [each for each in news if each.ticket_id != looking_at]
    if not quiet.holds(local):
        return there
    return [each for each in there if each.urgent and quiet.urgent_breaks_it]
