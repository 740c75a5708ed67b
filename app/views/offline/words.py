"""What is told while the database is away, and of what waits. Pure: it needs no widget."""

from dataclasses import dataclass
from datetime import datetime

from app.models.errors import DatabaseError
from app.services.offline import Outcome, TicketNote, Unfiled
from app.services.offline.filing import keeps_waiting
from app.services.wording import tr, tr_error
from app.views.kit.times import date_words, time_words

ALLOWED = frozenset(
    (
        "next", "previous", "read_on", "read_back", "tickets", "form", "columns", "select_none", "news",
        "reply", "reply_all", "forward", "note", "send_and", "canned", "attach", "drafts",
        "call", "new_ticket", "call_next", "waiting", "refresh",
        "palette", "shortcuts", "about", "settings", "theme", "print", "export_pdf", "connect", "quit",
    )
)  # fmt: skip
"""The commands that need no database: they read what is there already, or write what can wait. All others rest."""

_FIRST_VIEW = "view_"
_VIEWS_THAT_CHANGE = ("view_new", "view_edit")
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits, as a list shows it; `problem` tells why it could not be filed."""

    words: str
    detail: str
    icon: str
    problem: str


def is_allowed(command: str) -> bool:
    """Whether it can be run while the database is away."""
    return command in ALLOWED or (command.startswith(_FIRST_VIEW) and command not in _VIEWS_THAT_CHANGE)


def banner_words(error: DatabaseError | None, since: datetime, now: datetime, waiting: int) -> str:
    """That it is away, what can be done, what cannot, and what waits."""
    told = [tr("offline.away", time=time_words(since, now))]
    if error is not None and error.code != "database.lost":
        told.append(tr_error(error))
    told.append(tr("offline.meanwhile"))
    if waiting:
        told.append(waiting_words(waiting))
    return " ".join(told)


def waiting_words(count: int) -> str:
    return tr("offline.waits_one") if count == 1 else tr("offline.waits", count=count)


def as_of_words(words: str, read_at: datetime | None) -> str:
    """`words`, with when it was read where it could not be read again now."""
    return tr("offline.as_of", words=words, time=f"{read_at.astimezone():%H:%M}") if read_at else words


def back_words(outcomes: list[Outcome], meant: int) -> str:
    """What became of what waited, now that the database is back; `meant` answers are drafts. Empty for nothing."""
    filed = sum(each.ticket_id is not None for each in outcomes)
    refused = sum(each.error is not None and not keeps_waiting(each.error) for each in outcomes)
    told = []
    for key, count in (("filed", filed), ("refused", refused), ("meant", meant)):
        if count:
            told.append(tr(f"offline.{key}_one") if count == 1 else tr(f"offline.{key}", count=count))
    return " ".join(told)


def line_of(thing: Unfiled, actor_name: str) -> Line:
    """A call or a note as it stands in the list."""
    problem = tr_error(thing.refused) if thing.refused else ""
    if not problem and thing.by_name != actor_name:
        problem = tr("offline.of_another", name=thing.by_name)
    told = date_words(thing.at)
    if isinstance(thing.what, TicketNote):
        words = tr("offline.note_on", number=thing.what.number, title=thing.what.title or tr("ticket.no_subject"))
        return Line(words, f"{told}  ·  {_begun(thing.what.note.text)}", "note", problem)
    form = thing.what
    who = form.person_name or form.who or tr("call.parked_nobody")
    words = (
        tr("offline.call_on", name=who, number=form.ticket_number)
        if form.ticket_number
        else tr("offline.call_of", name=who)
    )
    return Line(words, f"{told}  ·  {_begun(form.subject or form.text)}", "phone", problem)


def _begun(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
