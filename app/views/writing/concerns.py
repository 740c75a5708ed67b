"""What is said before an answer goes, once each: a second press sends it. Pure: it needs no widget."""

import re
from collections.abc import Mapping, Sequence

from app.models.records.tickets import MessageKind
from app.models.rules.placeholders import unfilled
from app.models.rules.recipients import Odd, Oddity
from app.services.drafts import StoredDraft
from app.services.tickets.news import News
from app.services.wording import tr
from app.views.ticket.files import size_words
from app.views.writing.answering import Form

LARGE = 20_000_000
"""Bytes of all files together, above which many mailboxes refuse a mail."""
_SPEAKS_OF_A_FILE = re.compile(
    r"\b(?:attached|attachment|attachments|enclosed|anbei|angehängt|beigefügt|(?:im|als|der|siehe) anhang"
    r"|in der anlage)\b",
    re.IGNORECASE,
)
_SAID = (Oddity.MISSPELT, Oddity.OURSELVES)


def concerns(draft: StoredDraft, odd: Sequence[Odd], sizes: Mapping[str, int]) -> list[str]:
    """What is odd about a draft that is about to go, in words."""
    found = []
    if missing := unfilled(draft.text):
        found.append(tr("writing.unfilled", names=", ".join(missing)))
    if draft.kind == Form.NOTE:
        return found
    said = [each for each in odd if each.what in _SAID]
    found += [tr(f"writing.odd.{each.what.value}", address=each.address, suggestion=each.suggestion) for each in said]
    if not draft.subject.strip():
        found.append(tr("writing.no_subject"))
    if draft.kind == Form.ANSWER and not (draft.attachments or draft.pictures) and speaks_of_a_file(draft.text):
        found.append(tr("writing.no_file"))
    total = sum(sizes.get(each, 0) for each in draft.attachments)
    if total > LARGE:
        found.append(tr("writing.too_large", size=size_words(total), limit=size_words(LARGE)))
    return found


def speaks_of_a_file(text: str) -> bool:
    """Whether what was written (and not what is quoted) promises a file."""
    own = "\n".join(line for line in text.splitlines() if not line.startswith(">"))
    return _SPEAKS_OF_A_FILE.search(own) is not None


def told(news: Sequence[News]) -> list[str]:
    """What is new on a ticket, in words."""
    return [_told(each) for each in news]


def _told(news: News) -> str:
    if news.kind is MessageKind.EVENT:
        return tr("writing.news.event", text=news.text)
    if news.kind is not None:
        return tr(f"writing.news.{news.kind.value}", author=news.author, text=news.text)
    if news.status is not None:
        return tr("writing.news.status", author=news.author, status=tr(f"status.{news.status.value}"))
    if news.assignee:
        return tr("writing.news.assignee", author=news.author, assignee=news.assignee)
    return tr("writing.news.unassigned", author=news.author)
