"""HTML read as a person would copy it."""

import time

import pytest
from hypothesis import given, settings, strategies as st

from app.services.mail.html import to_text
from app.services.mail.quoting import split_reply


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br><br>Three", "One\nTwo\n\nThree"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo"),
        ("<p>many   spaces\n and  lines</p>", "many spaces and lines"),
        ("caf&eacute;&nbsp;&lt;x&gt;", "café <x>"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>", "1 | 2\n3 | 4"),
        ('<a href="https://a.example/x">here</a>', "here <https://a.example/x>"),
        ('<a href="https://a.example/">a.example</a>', "a.example"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ('<a href="javascript:x">here</a>', "here"),
        (
            "<blockquote>One<br>Two<blockquote>Three</blockquote></blockquote>Four",
            "> One\n> Two\n>\n> > Three\n>\n\nFour",
        ),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<head><title>t</title><style>p{}</style></head><body>x<script>y</script>", "x"),
        ("<p>a<o:p>b</o:p></p>", "ab"),
        ('<img alt="Logo" src="x">', "Logo"),
        ("", ""),
        ("\0\ud800", "?"),
    ],
)
def test_words_in_their_lines(html: str, text: str) -> None:
    assert to_text(html) == text


def test_quote_in_html_is_folded_as_text() -> None:
    html = (
        "<p>Mine</p><div>On 3 March 2025, Anna &lt;a@b.example&gt; wrote:</div><blockquote><p>theirs</p></blockquote>"
    )
    assert split_reply(to_text(html)).visible == "Mine"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/abdivpretolu =\"'&;x\0\n")) | st.text())
def test_any_input_gives_text(html: str) -> None:
    assert "\0" not in to_text(html)


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul", "table", "a", "pre", "font"])
def test_hundred_thousand_nested_tags_take_no_time(tag: str) -> None:
    start = time.perf_counter()
    assert "x" in to_text(f"<{tag}>" * 100_000 + "x")
    assert time.perf_counter() - start < 5
