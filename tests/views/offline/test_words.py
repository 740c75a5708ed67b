"""What is told while the database is away, and of what waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.models.errors import DatabaseError, KnownError
from app.models.identifiers import new_id
from app.models.records.call_form import CallForm
from app.models.records.tickets import NewNote
from app.services.offline import Outcome, TicketNote, Unfiled
from app.services.wording import use_language
from app.views.offline.words import as_of_words, back_words, banner_words, is_allowed, line_of

AT = datetime(2026, 3, 2, 14, 2, tzinfo=UTC)
LOST = DatabaseError("database.lost", detail="gone")
CALL = Unfiled(new_id(), "Sam", AT, CallForm(AT, who="+44 20", person_name="Priya", subject="Cards  only\nUK"))
NOTE = replace(CALL, what=TicketNote(new_id(), 7, "VPN", was_done=False, note=NewNote("x" * 200)))
MERGED = KnownError("waiting.merged", number=7, into=9)


def test_the_banner_says_since_when_what_can_be_done_and_what_waits() -> None:
    told = banner_words(LOST, AT, AT + timedelta(minutes=5), 2)
    assert told.startswith(f"The database cannot be reached since {AT.astimezone():%H:%M}. You can read, log calls")
    assert told.endswith("2 entries wait to be filed.")
    assert "gone" not in told
    assert "wait to be filed" not in banner_words(LOST, AT, AT, 0)


def test_the_banner_gives_a_reason_where_the_server_gave_one() -> None:
    refused = banner_words(DatabaseError("database.sign_in_refused", detail="x"), AT, AT, 0)
    assert len(refused) > len(banner_words(LOST, AT, AT, 0))


def test_every_language_has_a_singular() -> None:
    filed = Outcome(NOTE, new_id(), 7)
    assert back_words([filed], 0) == "The database is back. What waited is filed."
    use_language("de")
    assert banner_words(LOST, AT, AT, 1).endswith("1 Eintrag wartet auf die Ablage.")
    assert back_words([filed, filed, Outcome(NOTE, error=MERGED)], 1) == (
        "Die Datenbank ist wieder da. 2 wartende Einträge sind abgelegt. Ein Eintrag konnte nicht abgelegt werden. "
        "Eine Antwort, die Sie senden wollten, wartet als Entwurf."
    )


def test_what_waits_on_is_no_news() -> None:
    assert back_words([Outcome(NOTE, error=LOST)], 0) == ""
    assert back_words([], 0) == ""


def test_a_line_says_what_it_is_and_why_it_is_there() -> None:
    call, note = line_of(CALL, "Sam"), line_of(replace(NOTE, refused=MERGED), "Sam")
    assert (call.words, call.icon, call.problem) == ("Call: Priya", "phone", "")
    assert call.detail.endswith("Cards only UK")
    assert note.words == "Note on #7  VPN"
    assert note.detail.endswith("x…")
    assert note.problem == "Ticket 7 was merged into ticket 9 meanwhile."
    assert line_of(CALL, "Lena").problem == "Sam wrote this. It is filed when they work at this desk again."


def test_a_list_that_was_read_now_says_no_time() -> None:
    assert as_of_words("Mine", None) == "Mine"
    assert as_of_words("Mine", AT) == f"Mine  ·  as of {AT.astimezone():%H:%M}"


@pytest.mark.parametrize("command", ["call", "note", "reply", "next", "view_3", "quit", "waiting"])
def test_reading_and_writing_go_on(command: str) -> None:
    assert is_allowed(command)


@pytest.mark.parametrize(
    "command", ["close", "assignee", "team", "merge", "take", "solve", "view_new", "undo", "search"]
)
def test_what_changes_something_waits(command: str) -> None:
    assert not is_allowed(command)
