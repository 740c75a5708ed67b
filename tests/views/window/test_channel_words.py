"""What the status bar says of the channels."""

from datetime import UTC, datetime

from app.models.records.channels import ChannelHealth
from app.views.window.channel_words import channels_words, problem_words

AT = datetime(2026, 3, 2, 9, 30, 5, tzinfo=UTC)
GOOD = ChannelHealth("support", AT)
BROKEN = ChannelHealth("sales", None, "folder.cannot_read", {"path": "/srv/mail", "reason": "gone"}, AT)


def test_without_a_channel_it_is_said_how_to_add_one() -> None:
    assert channels_words([]).startswith("No mailbox yet. An administrator adds one")
    assert problem_words([]) == ""


def test_a_channel_that_works_tells_when_mail_last_came() -> None:
    assert channels_words([GOOD]) == f"Last mail at {AT.astimezone():%H:%M:%S}"
    assert problem_words([GOOD]) == ""


def test_a_channel_that_never_read_says_so() -> None:
    assert channels_words([ChannelHealth("support", None)]) == "No mail yet"


def test_a_broken_channel_is_named_beside_those_that_work() -> None:
    assert channels_words([GOOD, BROKEN]).startswith("Not working: sales   ·   Last mail")
    assert problem_words([GOOD, BROKEN]) == "sales: The folder /srv/mail cannot be read: gone"


def test_what_waits_and_what_was_given_up_is_counted() -> None:
    words = channels_words([ChannelHealth("support", AT, waiting=2, dead=1), ChannelHealth("sales", AT, waiting=1)])
    assert words.endswith("3 to send   ·   1 not delivered")
