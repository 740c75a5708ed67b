"""The status bar's words about channels. Pure."""

from collections.abc import Sequence

from app.models.records.channels import ChannelHealth
from app.services.wording import tr


def channels_words(health: Sequence[ChannelHealth]) -> str:
    """The first problem there is, else when mail was last read, and what waits to be sent."""
    for each in health:
        if each.problem:
            return f"{each.name}: {tr(f'error.{each.problem}', **each.problem_facts)}"
    if not health:
        return tr("status_bar.no_channels")
    polled = [each.polled_at for each in health if each.polled_at]
    told = [tr("status_bar.read", time=f"{max(polled).astimezone():%H:%M:%S}")] if polled else []
    waiting, dead = sum(each.waiting for each in health), sum(each.dead for each in health)
    if waiting:
        told.append(tr("status_bar.waiting", count=waiting))
    if dead:
        told.append(tr("status_bar.dead", count=dead))
    return "   ".join(told) or tr("status_bar.not_read")
