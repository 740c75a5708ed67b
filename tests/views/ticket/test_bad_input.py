"""What a mail may bring that is no ordinary text: it is shown, and the window stays as it is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from app.models.clock import SystemClock
from app.models.records.mail import Address
from app.models.records.tickets import TicketView
from app.views.kit.appearance import Appearance
from app.views.queue.cells import cell
from app.views.ticket.conversation import Conversation
from app.views.ticket.mail_html import LONGEST
from tests.views.messages import AT, a_message, a_row, a_ticket


def shown(ticket: TicketView, appearance: Appearance, qtbot: QtBot) -> Conversation:
    reading = Conversation(appearance, SystemClock())
    qtbot.addWidget(reading)
    reading.resize(600, 500)
    reading.show()
    reading.show_ticket(ticket)
    return reading


def test_a_subject_of_emoji_alone_is_a_subject() -> None:
    from app.models.records.queue import QueueColumn

    assert cell(a_row(subject="🔥🔥🔥"), QueueColumn.SUBJECT, AT).words == "🔥🔥🔥"


def test_a_right_to_left_mail_reads_from_the_right(appearance: Appearance, qtbot: QtBot) -> None:
    reading = shown(a_ticket(a_message(text="שלום, המדפסת לא עובדת.\nHello")), appearance, qtbot)
    document = reading.browser.document()
    found = document.find("המדפסת")
    assert found.block().textDirection() is Qt.LayoutDirection.RightToLeft
    assert document.find("Hello").block().textDirection() is Qt.LayoutDirection.LeftToRight


def test_a_word_of_ten_thousand_letters_breaks_and_widens_nothing(appearance: Appearance, qtbot: QtBot) -> None:
    reading = shown(a_ticket(a_message(text="x" * 10_000)), appearance, qtbot)
    assert reading.width() == 600
    assert reading.browser.document().idealWidth() <= reading.browser.viewport().width() + 1


def test_five_thousand_recipients_are_a_few_names_and_a_number(appearance: Appearance, qtbot: QtBot) -> None:
    people = tuple(Address(f"p{each}@acme.example", f"Person {each}") for each in range(5_000))
    reading = shown(a_ticket(a_message(to=people)), appearance, qtbot)
    assert "Person 3 and 4996 more" in reading.text
    assert "Person 4" not in reading.text


def test_of_twenty_megabytes_only_the_beginning_is_laid_out(appearance: Appearance, qtbot: QtBot) -> None:
    huge = "<p>word</p>" * 2_000_000
    text = "word\n\n" * 2_000_000
    reading = shown(a_ticket(a_message(html=huge, text=text)), appearance, qtbot)
    cursor = QTextCursor(reading.browser.document())
    cursor.movePosition(QTextCursor.MoveOperation.End)
    assert cursor.position() < 2 * LONGEST
    assert "Show the whole message" in reading.text
