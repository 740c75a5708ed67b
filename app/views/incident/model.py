"""What a ticket has to do with a major incident, in words. Pure: it needs no widget."""

from app.models.records.incidents import IncidentView, Told
from app.services.wording import tr

_SHOWN = 5


def banner_words(seen: IncidentView) -> str:
    """Empty where the ticket is neither a major incident nor a part of one."""
    if seen.major:
        return tr("incident.is_major", parts=seen.parts, open=seen.open_parts) if seen.parts else tr("incident.alone")
    if seen.above:
        first = seen.above[0]
        return tr("incident.is_part", number=first.number, subject=first.subject or tr("ticket.no_subject"))
    return ""


def preview_words(seen: IncidentView) -> str:
    """Who will get an update, before it is written."""
    words = tr("incident.preview", count=seen.reached)
    return f"{words} {tr('incident.preview_lost', numbers=_numbers(seen.unreached))}" if seen.unreached else words


def told_words(told: Told) -> str:
    words = tr("incident.told", count=told.mails)
    return f"{words} {tr('incident.lost', numbers=_numbers(told.unreached))}" if told.unreached else words


def _numbers(numbers: tuple[int, ...]) -> str:
    shown = ", ".join(f"#{each}" for each in numbers[:_SHOWN])
    more = len(numbers) - _SHOWN
    return tr("incident.and_more", numbers=shown, count=more) if more > 0 else shown
