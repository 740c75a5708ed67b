"""Rich text goes out as small HTML and comes back as it was."""

import pytest

from app.models.records.rich_text import Kind, Paragraph, Run, Style
from app.services.mail.html.rich import from_plain, is_plain, pictures_in, read_rich, write_rich
from app.services.mail.html.rich_plain import to_plain

SMALL = [
    ("<p>a<br>b</p><p>c <b>d</b></p>", "a\nb\n\nc d"),
    ("<p>Hi</p><ul><li>x<ol><li>y</li><li>z</li></ol></li><li>w</li></ul><p>bye</p>",
     "Hi\n\n- x\n  1. y\n  2. z\n- w\n\nbye"),
    ("<blockquote><p>q</p><blockquote><p>deep</p></blockquote></blockquote><p>x</p>", "> q\n>\n> > deep\n\nx"),
    ("<pre>a  b\n c\n\nd</pre><p>e <code>x</code></p>", "a  b\n c\n\nd\n\ne x"),
    ('<p><a href="https://x.example/?a=1&amp;b=2">here</a></p>', "here <https://x.example/?a=1&b=2>"),
    ('<p><a href="https://x.example">https://x.example</a></p>', "https://x.example"),
    ("<p>a</p><p><br></p><p><br></p><p>b</p>", "a\n\n\n\nb"),
    ('<p>x<img src="cid:a@b" alt="a chart"></p>', "xa chart"),
    ("<p>a \xa0b &lt;i&gt; &amp;</p>", "a  b <i> &"),
    ("<p><s><u><i><b>x</b></i></u></s></p>", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "plain"), SMALL)
def test_what_was_written_reads_the_same(html: str, plain: str) -> None:
    assert write_rich(read_rich(html)) == html
    assert to_plain(read_rich(html)) == plain


@pytest.mark.parametrize(
    ("html", "small"),
    [
        ("<div>one</div><div><br></div><div>two</div>", "<p>one</p><p>two</p>"),
        ('<span style="font-weight: 700">B</span><font color=red>x</font>', "<p><b>B</b>x</p>"),
        ('<p class=MsoNormal style="margin:0"><o:p>Hi</o:p></p>', "<p>Hi</p>"),
        ("<script>alert(1)</script><p onclick=x()>safe</p>", "<p>safe</p>"),
        ('<a href="javascript:alert(1)">x</a>', "<p>x</p>"),
        ('<img src="https://track.example/1.gif" alt="logo">', "<p>logo</p>"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "<p>a b<br>c</p>"),
        ("<h1>Title</h1>text", "<p><b>Title</b></p><p>text</p>"),
        ("", ""),
    ],
)
def test_strange_html_becomes_ours(html: str, small: str) -> None:
    assert write_rich(read_rich(html)) == small


def test_plain_lines_come_back_as_they_were() -> None:
    text = "Hello,\n\n  indented\n\n\nbye"
    assert to_plain(from_plain(text)) == text
    assert is_plain(from_plain(text))
    assert not is_plain([Paragraph((Run("x", Style(bold=True)),))])
    assert not is_plain([Paragraph((Run("x"),), Kind.CODE)])


def test_pictures_are_known_by_their_content_ids() -> None:
    assert pictures_in(read_rich('<p>a<img src="cid:one@x"></p><p><img src="cid:two@x"></p>')) == {"one@x", "two@x"}


def test_a_very_deep_quote_is_read_without_falling() -> None:
    html = "<blockquote>" * 3_000 + "deep" + "</blockquote>" * 3_000
    assert to_plain(read_rich(html)).endswith("deep")
