"""News in words. Pure: it needs no widget."""

from collections.abc import Sequence
from datetime import time

from app.models.records.notices import Notice
from app.models.records.on_call import HandOver
from app.models.rules.notices import Quiet
from app.services.settings import Settings
from app.services.wording import tr

_TOLD = 3


def notice_words(notice: Notice) -> str:
    """One piece of news: what, and which ticket."""
    subject = notice.subject or tr("ticket.no_subject")
    return tr(
        f"notice.{notice.kind.value}", number=notice.number, subject=subject, who=notice.who or tr("notice.somebody")
    )


def bundle(news: Sequence[Notice]) -> tuple[str, str]:
    """Heading and words for all of it at once: the first few, and how many more there are."""
    heading = notice_words(news[0]) if len(news) == 1 else tr("notice.several", count=len(news))
    if len(news) == 1:
        return tr("notice.heading"), heading
    lines = [notice_words(each) for each in news[:_TOLD]]
    if len(news) > _TOLD:
        lines.append(tr("notice.more", count=len(news) - _TOLD))
    return heading, "\n".join(lines)


def hand_over_words(coming: HandOver) -> str:
    """That duty begins, and until when, or that it ends, and who has it then."""
    at = f"{coming.at.astimezone():%H:%M}"
    if not coming.begins:
        return tr("notice.duty_ends", team=coming.team, at=at, other=coming.other or tr("notice.nobody"))
    until = f"{coming.until.astimezone():%d.%m. %H:%M}" if coming.until is not None else tr("notice.no_end")
    return tr("notice.duty_begins", team=coming.team, at=at, until=until, other=coming.other or tr("notice.nobody"))


def quiet_of(settings: Settings) -> Quiet:
    """When this person wants to be left alone."""
    return Quiet(
        _time(settings.quiet_from), _time(settings.quiet_until), settings.quiet_weekend, settings.urgent_breaks_quiet
    )


def _time(words: str) -> time | None:
    return time.fromisoformat(words) if words else None
