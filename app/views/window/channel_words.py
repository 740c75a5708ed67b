"""The status bar's words about channels. Pure: it needs no widget."""

from collections.abc import Sequence

from app.models.records.channels import ChannelHealth
from app.services.wording import tr


def problem_words(health: Sequence[ChannelHealth]) -> str:
    """What stops the first channel that does not work; empty while all do."""
    for each in health:
        if each.problem:
            return tr("status_bar.problem", name=each.name, problem=problem_of(each))
    return ""


def problem_of(health: ChannelHealth) -> str:
    """What stops this channel; empty while it works."""
    return tr(f"error.{health.problem}", **health.problem_facts) if health.problem else ""


def channels_words(health: Sequence[ChannelHealth]) -> str:
    """How many channels work, when mail was last read, and what waits to be sent."""
    if not health:
        return tr("status_bar.no_channels")
    broken = [each.name for each in health if each.problem]
    told = [tr("status_bar.broken", names=", ".join(broken))] if broken else []
    polled = [each.polled_at for each in health if each.polled_at]
    if polled:
        told.append(tr("status_bar.read", time=f"{max(polled).astimezone():%H:%M:%S}"))
    elif not broken:
        told.append(tr("status_bar.not_read"))
    waiting, dead = sum(each.waiting for each in health), sum(each.dead for each in health)
    if waiting:
        told.append(tr("status_bar.waiting", count=waiting))
    if dead:
        told.append(tr("status_bar.dead", count=dead))
    return "   ·   ".join(told)
