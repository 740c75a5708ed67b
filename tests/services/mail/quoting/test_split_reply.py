"""What is the author's and what is folded, whatever the order they stand in."""

import time
from collections import Counter

import pytest
from hypothesis import given, settings, strategies as st

from app.services.mail.quoting import split_reply

INTRODUCTION = "On Mon, Mar 3, 2025 at 10:00 AM Anna <anna@acme.example> wrote:"


def test_mail_without_a_quote_is_all_visible() -> None:
    assert split_reply("Hello,\n\nit does not print.\n").visible == "Hello,\n\nit does not print."
    assert split_reply("Hello,\n\nit does not print.\n").folded == ""


def test_answer_below_the_quote_stays_visible() -> None:
    reply = split_reply(f"{INTRODUCTION}\n> Does it print?\n\nYes.\n\n-- \nBob\nPurchase")
    assert reply.visible == "Yes."
    assert reply.folded == f"{INTRODUCTION}\n> Does it print?\n-- \nBob\nPurchase"


def test_answers_between_quotes_stay_visible() -> None:
    reply = split_reply(f"{INTRODUCTION}\n> Does it print?\nYes.\n> In colour?\n\nNo, only\nblack.\n>\n> Anna\n")
    assert reply.visible == "Yes.\n\nNo, only\nblack."


def test_rest_of_a_wrapped_quoted_line_is_folded() -> None:
    long = "> In efficitur augue ac tristique ullamcorper. Aenean tincidunt ornare diam,"
    assert split_reply(f"Yes.\n\n{INTRODUCTION}\n{long}\neget accumsan est viverra.\n> Anna").visible == "Yes."


@pytest.mark.parametrize(
    "forward",
    [
        "---------- Forwarded message ---------\nFrom: Anna <a@acme.example>\nSubject: Printer\n\nIt fails.",
        "Von: Anna <anna@acme.example>\nGesendet: 3. März 2025\nAn: Bob\nBetreff: Drucker\n\nEr druckt nicht.",
        "Begin forwarded message:\n\n> From: Anna\n> Subject: Printer\n>\n> It does not print.",
    ],
)
def test_forward_without_own_words_stays_visible(forward: str) -> None:
    assert split_reply(f"\n{forward}").visible.strip() == forward
    assert split_reply(f"\n{forward}").folded == ""


def test_forward_with_own_words_shows_those() -> None:
    reply = split_reply("Can you take this?\n\n---------- Forwarded message ---------\nFrom: a@b.example\n\nIt fails.")
    assert reply.visible == "Can you take this?"
    assert reply.folded.endswith("It fails.")


@pytest.mark.parametrize(
    "mark",
    [
        "##- Please type your reply above this line -##",
        "-- Bitte oberhalb dieser Zeile antworten --",
        "— au-dessus de cette ligne —",
    ],
)
def test_mark_of_a_desk_folds_the_rest(mark: str) -> None:
    assert split_reply(f"It prints.\n\n{mark}\n\nTicket 17 was updated").visible == "It prints."


@pytest.mark.parametrize(
    "text",
    [
        "On your remote host you can run:\n\n    telnet 127.0.0.1",
        "I read what you wrote:\n\nit is not so.",
        "Sent from my desk, is much easier then my mobile phone.\nReally.",
        "From: here\nTo: there\nby train.",
        "It printed:\n\n>>> import os\n>>> os.name",
        "Item one\n---\nItem two is long and has no contact\n---\nItem three",
        "Best regards to your team, by the way.\nWhen will it be fixed?",
        "Am 12.03.2025 um 10:00 schrieb ich Ihnen folgendes:\n\ner druckt nicht.",
        "Hello,\nBest regards,\nAnna\n\nPS: The second printer is down as well.",
    ],
)
def test_words_of_the_author_that_look_like_a_mark_stay_visible(text: str) -> None:
    assert split_reply(text).visible == text


def test_signature_that_stands_alone_stays_visible() -> None:
    assert split_reply("-- \nAnna\nPurchase").visible == "-- \nAnna\nPurchase"


def test_text_below_the_signature_of_a_phone_at_the_top_stays_visible() -> None:
    assert "It prints." in split_reply("Sent from my iPhone\n\nIt prints.").visible


def test_windows_line_ends_are_read() -> None:
    assert split_reply(f"Yes.\r\n\r\n{INTRODUCTION}\r\n> Does it?\r\n").visible == "Yes."


LINES = st.sampled_from(
    (
        *("", "Hello", "> quoted", ">> deeper", INTRODUCTION, "-- ", "--", "Regards,", "From: a@b.example", "To: c"),
        *("Sent: 3 March 2025", "Subject: d", "-----Original Message-----", "Sent from my iPhone", "____________", ">"),
        *("Anna <a@b", ">:", "wrote:", "a:", "—", "Begin forwarded message:", ">>> x", "\u2028x", "\x0cy"),
        "## reply above this line ##",
    )
)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, max_size=25))
def test_no_line_is_lost(lines: list[str]) -> None:
    reply = split_reply("\n".join(lines))
    told = Counter(line.strip() for line in f"{reply.visible}\n{reply.folded}".split("\n") if line.strip())
    assert told == Counter(line.strip() for line in lines if line.strip())


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_split_without_an_error(text: str) -> None:
    reply = split_reply(text)
    assert not reply.folded or reply.visible is not None


@pytest.mark.parametrize(
    "text",
    [
        "> a\n" * 250_000,
        "On " * 350_000,
        "On \n" * 250_000,
        "On 1 wrote:\n" * 100_000,
        "From: a\n" * 120_000,
        "x\n" + "--\n" * 300_000,
        "x\n" + "Regards\n" * 120_000,
        "<" * 1_000_000 + "\n>:",
    ],
    ids=["quotes", "on-line", "on-lines", "wrote", "from", "dashes", "regards", "brackets"],
)
def test_a_megabyte_of_marks_takes_no_time(text: str) -> None:
    start = time.perf_counter()
    split_reply(text)
    assert time.perf_counter() - start < 5
