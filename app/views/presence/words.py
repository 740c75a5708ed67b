"""Who else is here, in a line. Pure: it needs no widget."""

from collections.abc import Sequence

from app.models.records.presence import Present
from app.services.wording import tr

_NAMED = 3


def presence_words(others: Sequence[Present]) -> str:
    """Those about to take it, those who write, and behind them those who look; empty where nobody does."""
    claiming = [each.name for each in others if each.claiming]
    typing = [each.name for each in others if each.typing and not each.claiming]
    looking = [each.name for each in others if not each.typing]
    told = [_told("presence.claiming", claiming), _told("presence.typing", typing), _told("presence.looking", looking)]
    return "  ·  ".join(filter(None, told))


def _told(key: str, names: list[str]) -> str:
    if not names:
        return ""
    if len(names) > _NAMED:
        return tr(f"{key}_many", names=", ".join(names[:_NAMED]), more=len(names) - _NAMED)
    return tr(key if len(names) == 1 else f"{key}_some", names=", ".join(names))
