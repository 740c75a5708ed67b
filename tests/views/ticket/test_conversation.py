"""Reading a ticket in the window."""

import socket
from time import perf_counter
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument
from pytestqt.qtbot import QtBot

from app.models.clock import SystemClock
from app.models.records.tickets import Delivery, MessageKind, TicketView
from app.views.kit.appearance import Appearance
from app.views.kit.contrast import AA_TEXT, contrast
from app.views.ticket.conversation import Conversation, target_of
from tests.views.messages import a_file, a_message, a_ticket

IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture
def reading(appearance: Appearance, qtbot: QtBot) -> Conversation:
    made = Conversation(appearance, SystemClock())
    qtbot.addWidget(made)
    made.resize(640, 700)
    made.show()
    return made


def click(reading: Conversation, address: str) -> None:
    reading.browser.anchorClicked.emit(QUrl(address))


def colours_of(reading: Conversation, words: str) -> str:
    cursor = reading.browser.document().find(words)
    assert not cursor.isNull()
    return cursor.charFormat().foreground().color().name()


def test_messages_stand_one_below_the_other_oldest_first(reading: Conversation) -> None:
    reading.show_ticket(a_ticket(a_message(text="first"), a_message(MessageKind.NOTE, text="second")))
    assert reading.text.index("first") < reading.text.index("second")
    assert "Internal note" in reading.text


def test_what_happened_is_told_in_the_middle_however_many_lines_it_has(reading: Conversation) -> None:
    event = a_message(MessageKind.EVENT, text="It is offered to you.\nAccept or decline it.")
    reading.show_ticket(a_ticket(a_message(), event, a_message(text="after it")))
    document = reading.browser.document()
    for words in ("offered to you", "Accept or decline", event.author):
        block = document.find(words, document.find("offered").block().position()).block()
        assert block.blockFormat().alignment() == Qt.AlignmentFlag.AlignHCenter, words
    assert document.find("after it").block().blockFormat().alignment() != Qt.AlignmentFlag.AlignHCenter


def test_markup_left_open_in_one_mail_does_not_reach_the_next(reading: Conversation) -> None:
    hostile = a_message(html="<table><tr><td><b><i>left open", text="left open")
    reading.show_ticket(a_ticket(hostile, a_message(text="innocent")))
    cursor = reading.browser.document().find("innocent")
    assert not cursor.charFormat().fontItalic()
    assert cursor.currentTable() is None


def test_nothing_is_loaded_from_the_network_or_the_disk(
    reading: Conversation, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a conversation opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    picture.save(f"{tmp_path}/secret.png")
    for address in (
        f"file://{tmp_path}/secret.png",
        f"{tmp_path}/secret.png",
        "http://127.0.0.1:9/a.png",
        "qrc:/x.png",
    ):
        found = reading.browser.loadResource(IMAGE, QUrl(address))
        assert (found.width(), found.height()) == (1, 1)
    reading.show_ticket(a_ticket(a_message(html=f'<img src="file://{tmp_path}/secret.png"><p>x</p>')))
    reading.grab()
    assert reading.browser.loadResource(QTextDocument.ResourceType.StyleSheetResource.value, QUrl("a.css")) is None


def test_an_inline_picture_is_asked_for_and_drawn(reading: Conversation, qtbot: QtBot) -> None:
    logo = a_file("logo.png", media_type="image/png", content_id="logo@acme", inline=True)
    ticket = a_ticket(a_message(html='<p>x</p><img src="cid:logo@acme">', attachments=(logo,)))
    with qtbot.waitSignal(reading.pictures_wanted) as asked:
        reading.show_ticket(ticket)
    assert asked.args == [[logo]]
    picture = QImage(30, 30, QImage.Format.Format_RGB32)
    picture.fill(QColor("#ff00ff"))
    reading.show_pictures({"logo@acme": picture})
    drawn = reading.browser.grab().toImage()
    assert any(
        drawn.pixelColor(x, y) == QColor("#ff00ff") for x in range(0, drawn.width(), 5) for y in range(0, 300, 5)
    )


def test_pictures_held_back_are_told_and_shown_on_demand(reading: Conversation, qtbot: QtBot) -> None:
    reading.show_ticket(a_ticket(a_message(html="<p>x</p>", remote_images=3)))
    assert "3 pictures" in reading.remote.words
    assert reading.remote.isVisible()
    with qtbot.waitSignal(reading.remote_wanted):
        reading.remote._button.click()
    reading.show_ticket(a_ticket(a_message()))
    assert not reading.remote.isVisible()


def test_remote_pictures_are_asked_for_once_they_are_allowed(reading: Conversation, qtbot: QtBot) -> None:
    allowed = a_ticket(a_message(html='<img src="https://pictures.example/a.png"><p>x</p>'))
    with qtbot.waitSignal(reading.remote_pictures_wanted) as asked:
        reading.show_ticket(allowed)
    assert asked.args == [["https://pictures.example/a.png"]]


def test_the_quoted_rest_opens_and_shuts(reading: Conversation) -> None:
    message = a_message(folded="> long ago")
    reading.show_ticket(a_ticket(message, a_message(text="after")))
    assert "long ago" not in reading.text
    click(reading, f"quote:{message.id}")
    assert reading.text.index("long ago") < reading.text.index("after")
    click(reading, f"quote:{message.id}")
    assert "long ago" not in reading.text


def test_why_a_message_is_here_is_told_with_ways_to_mend_it(reading: Conversation, qtbot: QtBot) -> None:
    message = a_message()
    reading.show_ticket(a_ticket(message))
    click(reading, f"why:{message.id}")
    assert "No ticket matches it" in reading.text
    with qtbot.waitSignal(reading.split_clicked) as split:
        click(reading, f"split:{message.id}")
    with qtbot.waitSignal(reading.move_clicked) as moved:
        click(reading, f"move:{message.id}")
    assert split.args == moved.args == [message.id]
    assert isinstance(split.args[0], UUID)


def test_a_file_is_a_chip_that_can_be_clicked(reading: Conversation, qtbot: QtBot) -> None:
    file = a_file("report.pdf")
    reading.show_ticket(a_ticket(a_message(attachments=(file,))))
    found = [
        QPoint(x, y)
        for y in range(0, 300, 6)
        for x in range(0, 400, 12)
        if reading.browser.anchorAt(QPoint(x, y)) == f"file:{file.id}"
    ]
    assert found
    with qtbot.waitSignal(reading.file_clicked) as clicked:
        qtbot.mouseClick(reading.browser.viewport(), Qt.MouseButton.LeftButton, pos=found[len(found) // 2])
    assert clicked.args == [file]


def test_links_can_be_reached_and_followed_by_keyboard(reading: Conversation, qtbot: QtBot) -> None:
    message = a_message(text="see https://a.example/x", reasons=())
    reading.show_ticket(a_ticket(message))
    with qtbot.waitActive(reading):
        reading.activateWindow()
    reading.browser.setFocus()
    qtbot.keyClick(reading.browser, Qt.Key.Key_Tab)
    with qtbot.waitSignal(reading.link_clicked) as clicked:
        qtbot.keyClick(reading.browser, Qt.Key.Key_Return)
    assert clicked.args == [QUrl("https://a.example/x")]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_words_that_would_vanish_on_the_ground_are_made_readable(
    appearance: Appearance, reading: Conversation, name: str
) -> None:
    appearance.choose("dark" if name == "dark" else "light")
    ground = appearance.theme["panel"]
    reading.show_ticket(
        a_ticket(a_message(html='<p style="color:#ffffff">white</p><p style="color:#000000">black</p><p>plain</p>'))
    )
    for words in ("white", "black", "plain"):
        assert contrast(colours_of(reading, words), ground) >= AA_TEXT


def test_a_colour_that_can_be_read_is_kept(reading: Conversation) -> None:
    reading.show_ticket(a_ticket(a_message(html='<p style="color:#b00000">see my remarks in red</p>')))
    assert colours_of(reading, "remarks") == "#b00000"


def test_news_of_the_same_ticket_leave_the_reader_where_they_are(reading: Conversation) -> None:
    ticket = a_ticket(*(a_message(text=f"message {number}\n" * 8) for number in range(12)))
    reading.show_ticket(ticket)
    bar = reading.browser.verticalScrollBar()
    bar.setValue(40)
    more = TicketView(
        **{name: getattr(ticket, name) for name in TicketView.__slots__}
        | {"messages": (*ticket.messages, a_message(text="news"))}
    )
    reading.show_ticket(more)
    assert "news" in reading.text
    assert bar.value() == 40


def test_a_message_that_changed_is_written_anew_in_its_place(reading: Conversation) -> None:
    from dataclasses import replace

    sent = a_message(MessageKind.MAIL_OUT, text="our answer", delivery=Delivery.QUEUED)
    ticket = a_ticket(a_message(text="question"), sent, a_message(text="thanks"))
    reading.show_ticket(ticket)
    assert "Waiting to be sent" in reading.text
    middle = replace(ticket.messages[1], delivery=Delivery.SENT)
    reading.show_ticket(replace(ticket, messages=(ticket.messages[0], middle, ticket.messages[2])))
    text = reading.text
    assert "Waiting to be sent" not in text
    assert text.index("question") < text.index("our answer") < text.index("Sent") < text.index("thanks")


def test_the_current_message_is_where_the_caret_is(reading: Conversation) -> None:
    ticket = a_ticket(a_message(text="first"), a_message(text="second"))
    reading.show_ticket(ticket)
    assert reading.current_message() == ticket.messages[1]
    reading.browser.setTextCursor(reading.browser.document().find("first"))
    assert reading.current_message() == ticket.messages[0]


def test_five_hundred_messages_open_in_half_a_second(reading: Conversation) -> None:
    html = "<p>Hello,</p><ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr></table>" * 3
    ticket = a_ticket(*(a_message(html=html, text="x", folded="> y") for _ in range(500)))
    started = perf_counter()
    reading.show_ticket(ticket)
    reading.grab()
    assert perf_counter() - started < 1.5  # half a second on a machine that has nothing else to do
    assert "Show earlier messages (460)" in reading.text


def test_older_messages_come_when_they_are_wanted(reading: Conversation) -> None:
    reading.show_ticket(a_ticket(*(a_message(text=f"number {number}.") for number in range(60))))
    assert "number 3." not in reading.text
    click(reading, "earlier:")
    assert "number 3." in reading.text
    assert "earlier messages" not in reading.text


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://user:secret@bank.example:8443/a?b=c", "https://bank.example:8443/a"),
        ("https://fırstline.example/x", "https://xn--frstline-tkb.example/x"),
        ("mailto:anna@acme.example?subject=x", "anna@acme.example"),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("smb://server/share", None),
    ],
)
def test_where_a_link_leads_is_told_without_disguise(address: str, target: str | None) -> None:
    assert target_of(QUrl(address)) == target
