"""Which ticket a mail belongs to."""

import pytest

from app.models.records.mail import Attachment, MailKind
from app.models.rules.threading import find_thread
from tests.fixtures.mails import Threads, mail, thread

TOKEN = "0123456789abcdef0123"


def rule_for(written, known) -> str | None:
    match = find_thread(written, known)
    return match.reason.rule if match else None


def test_a_mail_that_names_nothing_starts_a_ticket() -> None:
    assert rule_for(mail(), Threads()) is None


def test_in_reply_to_decides_before_references() -> None:
    known = Threads(by_mail={"a@x": thread(1), "b@x": thread(2)})
    match = find_thread(mail(in_reply_to=("a@x",), references=("b@x",)), known)
    assert match is not None
    assert (match.reason.rule, match.thread.number) == ("in_reply_to", 1)


def test_the_newest_known_reference_decides() -> None:
    known = Threads(by_mail={"old@x": thread(1), "new@x": thread(2)})
    match = find_thread(mail(in_reply_to=("unknown@x",), references=("old@x", "new@x", "never-seen@x")), known)
    assert match is not None
    assert (match.reason.rule, match.thread.number) == ("references", 2)


def test_the_right_token_in_the_reply_address_wins_over_everything() -> None:
    known = Threads(by_mail={"a@x": thread(1)}, by_number={42: thread(42)}, tokens={42: TOKEN})
    match = find_thread(mail(to=f"support+42.{TOKEN}@desk.example", in_reply_to=("a@x",)), known)
    assert match is not None
    assert (match.reason.rule, match.thread.number) == ("reply_token", 42)


@pytest.mark.parametrize("token", ["0123456789abcdef0124", "0" * 20])
def test_a_guessed_token_opens_nothing(token: str) -> None:
    known = Threads(by_number={42: thread(42)}, tokens={42: TOKEN})
    assert rule_for(mail(to=f"support+42.{token}@desk.example"), known) is None


def test_a_tag_counts_only_from_who_takes_part() -> None:
    known = Threads(by_number={42: thread(42)})
    assert rule_for(mail("AW: VPN [#42]"), known) == "subject_tag"
    assert rule_for(mail("AW: VPN [#42]", sender="stranger@evil.example"), known) is None
    assert rule_for(mail("AW: VPN [#43]"), known) is None


def test_a_bounce_finds_the_mail_it_gives_back() -> None:
    returned = Attachment("header.txt", "text/rfc822-headers", b"Subject: hi\r\nMessage-ID: <sent@desk.example>\r\n")
    known = Threads(by_mail={"sent@desk.example": thread(42)})
    assert rule_for(mail(kind=MailKind.BOUNCE, attachments=(returned,)), known) == "returned_mail"
    assert rule_for(mail(kind=MailKind.MAIL, attachments=(returned,)), known) is None
