"""Quotes in HTML, as the programs of the world wrap them."""

import time

import pytest

from app.services.mail.html import to_text
from app.services.mail.quoting import split_html

OUTLOOK_HEADERS = (
    "<p class=MsoNormal><b><span>Von:</span></b><span> Anna &lt;anna@acme.example&gt; <br><b>Gesendet:</b> Montag, "
    "3. März 2025 10:00<br><b>An:</b> Desk<br><b>Betreff:</b> Drucker<o:p></o:p></span></p>"
)
INTRODUCTION = "On 3 Mar 2025, at 10:00, Anna &lt;anna@acme.example&gt; wrote:"
BODIES = {
    "gmail": '<div dir="ltr">Mine</div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, Anna wrote:<br>'
    '</div><blockquote class="gmail_quote"><p>theirs</p></blockquote></div>',
    "outlook-web": '<html><head><style>p{}</style></head><body><div>Mine</div><div id="appendonsend"></div><hr>'
    '<div id="divRplyFwdMsg"><b>From:</b> Anna</div><div>theirs</div></body></html>',
    "outlook": "<div class=WordSection1><p class=MsoNormal>Mine<o:p></o:p></p><div>"
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
    f"{OUTLOOK_HEADERS}</div></div><p>theirs</p></div>",
    "outlook-by-words": f"<div><p>Mine</p><div><div>{OUTLOOK_HEADERS}</div></div><p>theirs</p></div>",
    "apple": f'<div>Mine</div><br><div><blockquote type="cite"><div>{INTRODUCTION}</div>theirs</blockquote></div>',
    "apple-older": f'Mine<br><div><div>{INTRODUCTION}</div><br><blockquote type="cite">theirs</blockquote></div>',
    "thunderbird": '<p>Mine</p><div class="moz-cite-prefix">Am 03.03.25 um 10:00 schrieb Anna:<br></div>'
    '<blockquote type="cite" cite="mid:x">theirs</blockquote>',
    "yahoo": '<div>Mine</div><div class="yahoo_quoted"><div>On Monday, Anna wrote:</div>theirs</div>',
    "proton": '<div>Mine</div><div class="protonmail_quote">On Monday, A wrote:<blockquote>theirs</blockquote></div>',
    "gmx": '<div>Mine<div name="quote"><b>Gesendet:</b> Montag<div name="quoted-content">theirs</div></div></div>',
    "zimbra": '<div>Mine</div><hr id="zwchr" data-marker="__DIVIDER__"><div><b>From: </b>Anna</div><div>theirs</div>',
    "mail.ru": '<div>Mine</div><blockquote style="border-left:1px solid #0857A6;margin:10px">theirs</blockquote>',
    "roundcube": '<p>Mine</p><p id="reply-intro">On 2025-03-03 10:00, Anna wrote:</p>'
    '<blockquote type="cite">theirs</blockquote>',
    "unmarked-blockquote": "<p>Mine</p><div>Le 3 mars 2025 à 10:00, Anna &lt;a@b.example&gt; a écrit :</div>"
    "<blockquote>theirs</blockquote>",
    "dashes": "<div>Mine<br>-----Original Message-----<br>From: a@b.example<br>theirs</div><div>theirs too</div>",
    "signature": '<div>Mine</div><div class="gmail_signature">Bob, theirs</div>',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_quote_is_folded_and_kept(body: str) -> None:
    visible, folded = split_html(body)
    assert to_text(visible).strip() == "Mine"
    assert "theirs" in folded
    assert "Mine" not in folded


def test_answer_below_the_quote_stays_visible() -> None:
    quote = '<div class="moz-cite-prefix">On 3 March Anna wrote:</div><blockquote type="cite">theirs</blockquote>'
    visible, folded = split_html(f"{quote}<p>Mine</p>")
    assert to_text(visible) == "Mine"
    assert "theirs" in folded


def test_answers_between_quotes_stay_visible() -> None:
    quote = '<blockquote type="cite">theirs</blockquote>'
    visible, folded = split_html(f"{quote}<p>Mine</p>{quote}<p>also</p>")
    assert to_text(visible) == "Mine\n\nalso"
    assert folded.count("theirs") == 2


def test_forward_without_own_words_stays_visible() -> None:
    body = '<div class="gmail_quote">---------- Forwarded message ---------<br>From: Anna<br>It fails.</div>'
    assert split_html(body) == (body, "")


def test_picture_is_an_answer() -> None:
    visible, folded = split_html('<img src="cid:a"><div class="gmail_quote">theirs</div>')
    assert "cid:a" in visible
    assert "theirs" in folded


def test_citation_in_a_text_stays_visible() -> None:
    body = "<p>The manual says</p><blockquote>press twice</blockquote><p>but it fails</p>"
    assert split_html(body) == (body, "")


@pytest.mark.parametrize(
    "body",
    ["", "  ", "<div>" * 100_000, "<blockquote>" * 50_000 + "x", "<b>" * 50_000 + "x", "<!-- x", "\0\ud800<p>x"],
    ids=["empty", "blank", "divs", "blockquotes", "bolds", "comment", "broken"],
)
def test_hostile_bodies_take_no_time(body: str) -> None:
    start = time.perf_counter()
    split_html(body)
    assert time.perf_counter() - start < 5
