"""What stands in the editor is what comes out of it, and keys give it its forms."""

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QImage, QTextCursor
from pytestqt.qtbot import QtBot

from app.services.mail.html.rich import read_rich, write_rich
from app.views.kit.appearance import Appearance
from app.views.writing.body import Body

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key


@pytest.fixture
def body(appearance: Appearance, qtbot: QtBot) -> Body:
    made = Body(appearance)
    qtbot.addWidget(made)
    made.show()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


def html(body: Body) -> str:
    return write_rich(body.paragraphs())


@pytest.mark.parametrize(
    "small",
    [
        "<p>a<br>b</p><p>c <b>d</b> <i>e</i> <u>f</u> <s>g</s> <code>h</code></p>",
        "<p>Hi</p><ul><li>x<ol><li>y</li></ol></li><li>z</li></ul><p>bye</p>",
        "<ul><li>a</li></ul><ol><li>b</li></ol>",
        "<blockquote><p>q</p><blockquote><p>deep</p></blockquote></blockquote><p>x</p>",
        "<pre>a  b\n\nc</pre><p>😀 <b>e😀f</b></p>",
        '<p><a href="https://x.example">here</a> and on</p>',
        "<p>\u05e9\u05dc\u05d5\u05dd</p>",
    ],
)
def test_a_text_goes_through_the_editor_unchanged(body: Body, small: str) -> None:
    body.show_paragraphs(read_rich(small), {})
    assert html(body) in (small, small.replace("</ul><ol>", "</ul><p><br></p><ol>"))


def test_words_are_stressed_by_keys(body: Body, qtbot: QtBot) -> None:
    qtbot.keyClicks(body, "a ")
    qtbot.keyClick(body, KEY.Key_B, CTRL)
    qtbot.keyClicks(body, "bold")
    qtbot.keyClick(body, KEY.Key_B, CTRL)
    qtbot.keyClick(body, KEY.Key_I, CTRL)
    qtbot.keyClicks(body, " it")
    assert html(body) == "<p>a <b>bold</b><i> it</i></p>"


def test_a_list_is_begun_by_a_key_and_left_by_an_empty_line(body: Body, qtbot: QtBot) -> None:
    qtbot.keyClick(body, KEY.Key_8, CTRL | SHIFT)
    qtbot.keyClicks(body, "one")
    qtbot.keyClick(body, KEY.Key_Return)
    qtbot.keyClicks(body, "two")
    qtbot.keyClick(body, KEY.Key_Return)
    qtbot.keyClick(body, KEY.Key_Return)
    qtbot.keyClicks(body, "after")
    assert html(body) == "<ul><li>one</li><li>two</li></ul><p>after</p>"


def test_chosen_lines_become_a_numbered_list_and_plain_again(body: Body, qtbot: QtBot) -> None:
    body.setPlainText("one\ntwo")
    body.selectAll()
    qtbot.keyClick(body, KEY.Key_7, CTRL | SHIFT)
    assert html(body) == "<ol><li>one</li><li>two</li></ol>"
    qtbot.keyClick(body, KEY.Key_7, CTRL | SHIFT)
    assert html(body) == "<p>one<br>two</p>"


def test_a_line_becomes_a_quote_and_another_code(body: Body, qtbot: QtBot) -> None:
    qtbot.keyClicks(body, "said")
    qtbot.keyClick(body, KEY.Key_9, CTRL | SHIFT)
    qtbot.keyClick(body, KEY.Key_Return)
    qtbot.keyClick(body, KEY.Key_Return)
    qtbot.keyClick(body, KEY.Key_0, CTRL | SHIFT)
    qtbot.keyClicks(body, "x = 1")
    assert html(body) == "<blockquote><p>said</p></blockquote><pre>x = 1</pre>"


def test_what_is_typed_behind_a_link_is_not_in_it(body: Body, qtbot: QtBot) -> None:
    qtbot.keyClicks(body, "page")
    body.selectAll()
    body.set_link("https://x.example")
    body.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(body, " next")
    assert html(body) == '<p><a href="https://x.example">page</a> next</p>'


def test_pasted_html_is_cleaned_and_can_be_undone(body: Body, qtbot: QtBot) -> None:
    source = QMimeData()
    source.setHtml('<p onclick="x()" style="font-size:40pt">Hello <b>you</b><img src="https://t.example/1.gif"></p>')
    body.insertFromMimeData(source)
    assert html(body) == "<p>Hello <b>you</b></p>"
    qtbot.keyClick(body, KEY.Key_Z, CTRL)
    assert body.toPlainText() == ""


def test_a_picture_alone_is_a_picture_and_files_are_files(body: Body, qtbot: QtBot) -> None:
    picture, source = QImage(4, 4, QImage.Format.Format_RGB32), QMimeData()
    picture.fill(QColor("red"))
    source.setImageData(picture)
    with qtbot.waitSignal(body.picture_given):
        body.insertFromMimeData(source)
    body.insert_picture("one@firstline", picture)
    assert html(body) == '<p><img src="cid:one@firstline" alt=""></p>'
    assert set(body.pictures(["one@firstline", "two@firstline"])) == {"one@firstline"}


def test_a_slash_tells_what_is_typed_behind_it(body: Body, qtbot: QtBot) -> None:
    told: list[tuple[str, str]] = []
    ended: list[bool] = []
    body.begun.connect(lambda mark, typed, _caret: told.append((mark, typed)))
    body.ended.connect(lambda: ended.append(True))
    qtbot.keyClicks(body, "and/or ")
    assert told == []
    qtbot.keyClicks(body, "/pw")
    assert told == [("/", ""), ("/", "p"), ("/", "pw")]
    qtbot.keyClicks(body, " ")
    assert len(ended) == 8
