"""Answers, notes and forwards through the window, by keyboard."""

import shutil
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.models.errors import DatabaseError, KnownError
from app.models.identifiers import new_id
from app.models.records.canned import Canned
from app.models.records.desk import Actor, ActorKind, Agent, Role
from app.models.records.queue import QueueFilter
from app.models.records.tickets import MessageKind, NewNote, Status, TicketView
from app.models.tables import Message, Outbox
from app.services import canned, mentions, signatures, staff
from app.services.desk import Desk
from app.services.drafts import Drafts
from app.services.mail.html.rich import read_rich, write_rich
from app.services.tickets import answering, queue, reading
from app.views.kit.picker import Picker
from app.views.main_window import MainWindow
from app.views.writing.composer import Composer
from tests.views.conftest import take_in, until

KEY = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Press = Callable[..., None]


@pytest.fixture
def press(window: MainWindow, qtbot: QtBot) -> Press:
    with qtbot.waitActive(window):
        window.activateWindow()

    def pressed(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers)

    return pressed


@pytest.fixture
def composer(window: MainWindow, desk: Desk, press: Press, qtbot: QtBot) -> Composer:
    """An answer to Priya's ticket is begun."""
    window.ticket.open(queue.ids(desk.database, QueueFilter(words="Visa Mastercard"))[0])
    until(qtbot, lambda: window.is_idle)
    press(KEY.Key_R, CTRL)
    until(qtbot, lambda: window.is_idle)
    return window.layout_.composer


def hold_back(desk: Desk, seconds: float) -> None:
    desk.settings = desk.settings.model_copy(update={"undo_send_seconds": seconds})


def stored(desk: Desk, window: MainWindow) -> TicketView:
    assert window.ticket.ticket is not None
    return reading.show(desk.database, window.ticket.ticket.row.id)


def html(composer: Composer) -> str:
    return write_rich(composer.text.paragraphs())


def sent(desk: Desk, mailbox: Path, words: str) -> EmailMessage:
    """The mail in the outbox folder that holds these words."""
    take_in(desk)
    for each in (mailbox / "outbox").glob("*.eml"):
        mail = message_from_bytes(each.read_bytes(), policy=default)
        plain = mail.get_body(("plain",))
        if plain is not None and words in plain.get_content():
            return mail
    raise AssertionError(words)


def plain_of(mail: EmailMessage) -> str:
    plain = mail.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content()).replace("\r\n", "\n")


def colleague(desk: Desk, name: str = "Lena Vogt") -> Agent:
    return next(each for each in staff.agents(desk.database) if each.name == name)


def test_rich_text_goes_out_small_with_a_plain_alternative(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot, mailbox: Path
) -> None:
    qtbot.keyClicks(composer.text, "It works ")
    press(KEY.Key_B, CTRL)
    qtbot.keyClicks(composer.text, "again")
    press(KEY.Key_B, CTRL)
    press(KEY.Key_Return)
    press(KEY.Key_8, CTRL | SHIFT)
    qtbot.keyClicks(composer.text, "reload")
    press(KEY.Key_Return, CTRL)
    until(qtbot, lambda: not composer.isVisible())
    mail = sent(desk, mailbox, "It works again")
    markup = mail.get_body(("html",))
    assert markup is not None
    assert markup.get_content().startswith("<p>It works <b>again</b></p><ul><li>reload</li></ul>")
    assert "<blockquote>" in markup.get_content()
    assert plain_of(mail).startswith("It works again\n\n- reload\n")
    assert "Priya Nair wrote:\n> " in plain_of(mail)
    shown = stored(desk, window).messages[-1]
    assert shown.html is not None
    assert "<b>again</b>" in shown.html
    assert "blockquote" not in shown.html
    assert shown.folded_html is not None


def test_an_answer_is_taken_back_by_one_key_and_is_a_draft_again(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot
) -> None:
    hold_back(desk, 60)
    before = stored(desk, window)
    composer.text.show_paragraphs(read_rich("<p>Too <b>early</b></p>"), {})
    press(KEY.Key_Return, CTRL)
    until(qtbot, lambda: not composer.isVisible())
    until(qtbot, lambda: "60 s" in window.layout_.told.words)
    assert len(stored(desk, window).messages) == len(before.messages) + 1
    assert stored(desk, window).assignee_id is not None
    press(KEY.Key_Z, CTRL)
    until(qtbot, composer.isVisible)
    after = stored(desk, window)
    assert (after.row.status, after.assignee_id, len(after.messages)) == (
        before.row.status, before.assignee_id, len(before.messages),
    )  # fmt: skip
    assert html(composer) == "<p>Too <b>early</b></p>"
    assert "priya.nair@contoso.example" in composer.to.text()


def test_what_was_held_back_goes_when_its_time_is_over(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot, mailbox: Path
) -> None:
    hold_back(desk, 0.3)
    changed: list[bool] = []
    window.writing.changed.connect(lambda: changed.append(True))
    qtbot.keyClicks(composer.text, "Slowly.")
    press(KEY.Key_Return, CTRL)
    until(qtbot, lambda: len(changed) == 2)  # once when it is stored, once when it may go: each wakes the worker
    assert not window.undo.can_undo
    assert sent(desk, mailbox, "Slowly.")["To"]


def test_what_a_colleague_wrote_meanwhile_is_shown_and_one_more_key_sends(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot
) -> None:
    ticket = stored(desk, window)
    lena = colleague(desk)
    qtbot.keyClicks(composer.text, "My answer.")
    actor = Actor(ActorKind.AGENT, lena.name, lena.id, Role.AGENT)
    answering.note(desk.database, actor, ticket.row.id, NewNote("I answered her by phone."))
    press(KEY.Key_Return, CTRL)
    until(qtbot, composer.asking.isVisible)
    assert "Lena Vogt noted: I answered her by phone." in composer.asking.words
    assert stored(desk, window).messages[-1].kind is MessageKind.NOTE
    press(KEY.Key_Return, CTRL)
    until(qtbot, lambda: not composer.isVisible())
    assert stored(desk, window).messages[-1].text == "My answer."


def test_a_slash_puts_in_a_text_with_what_the_ticket_knows(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot
) -> None:
    assert desk.actor is not None
    words = "<p>Hello {requester.first_name}, about <b>{application}</b>:</p>"
    canned.save(desk.database, desk.actor, Canned(new_id(), "Greeting", "hi", words))
    canned.save(desk.database, desk.actor, Canned(new_id(), "Goodbye", "bye", "<p>Bye</p>"))
    window.writing.aids.look_for_offers()
    until(qtbot, lambda: len(window.writing.aids.offered.canned) == 2)
    qtbot.keyClicks(composer.text, "/gre")
    assert [each.words for each in composer.suggestions.items] == ["Greeting"]
    press(KEY.Key_Return)
    assert html(composer) == "<p>Hello Priya, about <b>Payments API</b>:</p>"
    qtbot.keyClicks(composer.text, " /")
    assert len(composer.suggestions.items) == 2
    press(KEY.Key_Escape)
    assert not composer.suggestions.isVisible()
    assert composer.isVisible()


def test_a_text_is_picked_by_key_and_begins_an_answer(
    window: MainWindow, desk: Desk, press: Press, qtbot: QtBot
) -> None:
    assert desk.actor is not None
    canned.save(desk.database, desk.actor, Canned(new_id(), "Greeting", "hi", "<p>Hello</p>"))
    window.writing.aids.look_for_offers()
    until(qtbot, lambda: bool(window.writing.aids.offered.canned))
    press(KEY.Key_J, CTRL)
    picker = window.findChild(Picker)
    assert picker is not None
    qtbot.keyClicks(picker.line, "greet")
    qtbot.keyClick(picker.line, KEY.Key_Return)
    until(qtbot, window.layout_.composer.isVisible)
    assert window.layout_.composer.text.toPlainText() == "Hello"


def test_what_is_not_filled_in_and_a_forgotten_file_are_told_once(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot
) -> None:
    count = len(stored(desk, window).messages)
    qtbot.keyClicks(composer.text, "Dear {requester.name}, it is attached.")
    press(KEY.Key_Return, CTRL)
    assert "{requester.name}" in composer.asking.words
    assert "attachment" in composer.asking.words
    assert len(stored(desk, window).messages) == count
    qtbot.keyClicks(composer.text, " Bye")
    assert not composer.asking.isVisible()
    press(KEY.Key_Return, CTRL)
    until(qtbot, lambda: not composer.isVisible())
    assert len(stored(desk, window).messages) == count + 1


def test_a_misspelt_address_is_marked_and_corrected_by_one_button(
    composer: Composer, press: Press, qtbot: QtBot
) -> None:
    composer.to.setFocus()
    composer.to.selectAll()
    qtbot.keyClicks(composer.to, "anna@gmial.com")
    until(qtbot, composer.head.correct.isVisible)
    composer.head.correct.setFocus()
    press(KEY.Key_Space)
    assert composer.to.text() == "anna@gmail.com"
    until(qtbot, lambda: not composer.head.correct.isVisible())


def test_a_name_is_completed_from_those_who_are_known(composer: Composer, press: Press, qtbot: QtBot) -> None:
    composer.head.add_cc.click()
    assert composer.cc.hasFocus()
    qtbot.keyClicks(composer.cc, "grac")
    until(qtbot, composer.cc.suggestions.isVisible)
    assert [each.words for each in composer.cc.suggestions.items] == ["Grace Lindqvist"]
    press(KEY.Key_Return)
    assert composer.cc.text().startswith("Grace Lindqvist <")
    assert composer.cc.text().endswith(">, ")


def test_five_thousand_recipients_do_not_hold_up_the_window(composer: Composer, qtbot: QtBot) -> None:
    line = ", ".join(f'"Person, {each}" <p{each}@d{each % 900}.example>' for each in range(5_000))
    started = perf_counter()
    composer.head.open(line, "", "Hello")
    composer.to.setFocus()
    composer.to.end(False)
    qtbot.keyClicks(composer.to, ", z")
    assert perf_counter() - started < 2
    assert len(composer.head.people) == 5_001
    until(qtbot, lambda: not composer.head.isHidden() and len(composer.draft().to) > len(line))


def test_a_colleague_is_called_for_in_a_note(
    window: MainWindow, desk: Desk, press: Press, composer: Composer, qtbot: QtBot
) -> None:
    press(KEY.Key_N, CTRL | SHIFT)
    qtbot.keyClicks(composer.text, "Please @len")
    assert [each.words for each in composer.suggestions.items] == ["Lena Vogt"]
    press(KEY.Key_Return)
    qtbot.keyClicks(composer.text, "look.")
    assert composer.text.toPlainText() == "Please @Lena Vogt look."
    press(KEY.Key_Return, CTRL)
    until(qtbot, lambda: not composer.isVisible())
    (found,) = mentions.unseen(desk.database, colleague(desk).id)
    assert found.text == "Please @Lena Vogt look."


def test_the_teams_signature_is_shown_and_goes_out_below(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot, mailbox: Path
) -> None:
    assert desk.actor is not None
    for each in signatures.signatures(desk.database):
        signatures.save(desk.database, desk.actor, each.team_id, "{agent.name}\n{team.name}")
    window.writing.aids.look_for_offers()
    until(qtbot, composer.signature.isVisible)
    qtbot.keyClicks(composer.text, "Signed.")
    press(KEY.Key_Return, CTRL)
    until(qtbot, lambda: not composer.isVisible())
    assert plain_of(sent(desk, mailbox, "Signed.")).startswith("Signed.\n\n-- \nSam Okafor\nService Desk\n")


def test_one_key_sends_and_sets_the_status(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot
) -> None:
    qtbot.keyClicks(composer.text, "Solved.")
    press(KEY.Key_Return, CTRL | SHIFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    qtbot.keyClick(menu, KEY.Key_3)
    until(qtbot, lambda: not composer.isVisible())
    assert stored(desk, window).row.status is Status.SOLVED


def test_a_pasted_picture_goes_out_between_the_words(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot, mailbox: Path
) -> None:
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(QColor("green"))
    QApplication.clipboard().setImage(picture)
    qtbot.keyClicks(composer.text, "Look: ")
    press(KEY.Key_V, CTRL)
    until(qtbot, lambda: "cid:" in html(composer))
    press(KEY.Key_Return, CTRL)
    until(qtbot, lambda: not composer.isVisible())
    mail = sent(desk, mailbox, "Look:")
    (part,) = [each for each in mail.walk() if each.get_content_type() == "image/png"]
    markup = mail.get_body(("html",))
    assert markup is not None
    assert f'src="cid:{part["Content-ID"].strip("<>")}"' in markup.get_content()
    (kept,) = stored(desk, window).messages[-1].attachments
    assert kept.inline
    until(qtbot, lambda: not list(desk.profile.drafts.glob("*/*.png")))


def test_a_forward_takes_the_message_along(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot, mailbox: Path
) -> None:
    press(KEY.Key_F, CTRL | SHIFT)
    assert composer.to.hasFocus()
    qtbot.keyClicks(composer.to, "acquirer@bank.example")
    composer.text.setFocus()
    qtbot.keyClicks(composer.text, "For you.")
    press(KEY.Key_Return, CTRL)
    until(qtbot, lambda: not composer.isVisible())
    plain = plain_of(sent(desk, mailbox, "For you."))
    assert "Forwarded message" in plain
    assert "From: " in plain


def test_unfinished_drafts_are_listed_and_found_again(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot
) -> None:
    qtbot.keyClicks(composer.text, "half an answer")
    written_for = window.ticket.ticket_id
    other = next(each for each in window.model.ids if each != written_for)
    window.ticket.open(other)
    until(qtbot, lambda: window.is_idle)
    assert not composer.isVisible()
    press(KEY.Key_J, CTRL | SHIFT)
    until(qtbot, lambda: window.findChild(Picker) is not None)
    picker = window.findChild(Picker)
    assert picker is not None
    assert [each.detail for each in picker.items] == ["half an answer"]
    qtbot.keyClick(picker.line, KEY.Key_Return)
    until(qtbot, composer.isVisible)
    assert window.ticket.ticket_id == written_for
    assert composer.text.toPlainText() == "half an answer"


def test_a_full_disk_is_told_and_the_text_stays(
    composer: Composer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise KnownError("file.cannot_write", file="draft", reason="No space left on device")

    with monkeypatch.context() as filled:
        filled.setattr(Drafts, "save", full)
        qtbot.keyClicks(composer.text, "precious")
        until(qtbot, composer.trouble.isVisible)
        assert "No space left" in composer.trouble.words
        assert composer.text.toPlainText() == "precious"
        qtbot.keyClicks(composer.text, " words")
        assert composer.trouble.isVisible()
    qtbot.keyClicks(composer.text, "!")
    until(qtbot, lambda: "kept again" in composer.trouble.words)


def test_another_form_keeps_what_was_written_with_its_formatting(
    composer: Composer, press: Press, qtbot: QtBot
) -> None:
    composer.text.show_paragraphs(read_rich("<p>a <b>b</b></p>"), {})
    composer.text.moveCursor(QTextCursor.MoveOperation.End)
    press(KEY.Key_N, CTRL | SHIFT)
    assert html(composer) == "<p>a <b>b</b></p>"
    assert not composer.to.isVisible()


def test_a_very_long_text_is_pasted_as_a_file(composer: Composer, press: Press, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("a line of a log\n" * 200_000)
    press(KEY.Key_V, CTRL)
    until(qtbot, lambda: len(composer.files.paths) == 1)
    assert Path(composer.files.paths[0]).read_text(encoding="utf-8").startswith("a line of a log\n")
    assert composer.text.toPlainText() == ""
    until(qtbot, lambda: "3.2 MB" in composer.files.findChildren(QPushButton)[-1].text())


def test_a_discarded_draft_comes_back_with_its_picture(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot
) -> None:
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(QColor("green"))
    QApplication.clipboard().setImage(picture)
    qtbot.keyClicks(composer.text, "Not yet: ")
    press(KEY.Key_V, CTRL)
    until(qtbot, lambda: "cid:" in html(composer))
    before = html(composer)
    composer.discard.setFocus()
    press(KEY.Key_Space)
    until(qtbot, lambda: window.is_idle)
    assert not composer.isVisible()
    assert Drafts(desk.profile.drafts, desk.journal).waiting() == set()
    (again,) = [each for each in window.layout_.told.findChildren(QPushButton) if each.isVisible()]
    again.click()
    until(qtbot, composer.isVisible)
    assert html(composer) == before
    assert len(composer.text.pictures(composer.draft().pictures)) == 1


def test_a_status_chosen_for_one_answer_is_not_that_of_the_next(
    window: MainWindow, desk: Desk, composer: Composer, press: Press, qtbot: QtBot
) -> None:
    qtbot.keyClicks(composer.text, "It is attached.")
    press(KEY.Key_Return, CTRL | SHIFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    qtbot.keyClick(menu, KEY.Key_3)
    until(qtbot, composer.asking.isVisible)
    composer.discard.click()
    until(qtbot, lambda: window.is_idle)
    with qtbot.waitActive(window):  # without a window manager nobody else does it once a menu has closed
        window.activateWindow()
    window.commands.run("reply")
    qtbot.keyClicks(composer.text, "Not solved.")
    press(KEY.Key_Return, CTRL)
    until(qtbot, lambda: not composer.isVisible())
    assert stored(desk, window).row.status is Status.OPEN


def test_an_answer_taken_back_is_in_sight_although_it_cannot_be_kept(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    ticket_id = window.ticket.ticket_id
    assert ticket_id is not None
    qtbot.keyClick(window, Qt.Key.Key_R, CTRL)
    qtbot.keyClicks(window.layout_.composer.text, "Nowhere else")
    shutil.rmtree(desk.profile.journal, ignore_errors=True)
    desk.profile.journal.write_text("in the way", encoding="utf-8")
    window.layout_.composer.discarded.emit()
    until(qtbot, window.layout_.composer.isHidden)
    window.layout_.told.findChild(QPushButton).click()
    until(qtbot, window.layout_.composer.isVisible)
    assert window.layout_.composer.draft().text.strip() == "Nowhere else"
    desk.profile.journal.unlink()


def test_an_answer_whose_commit_was_not_heard_of_is_sent_once(
    window: MainWindow, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is cut behind the commit: its author sends once more, and the customer gets one mail."""
    real, lost = answering.answer, [True]

    def cut(*told: Any) -> Any:
        message_id = real(*told)
        if lost:
            lost.clear()
            raise DatabaseError("database.lost", detail="cut")
        return message_id

    monkeypatch.setattr(answering, "answer", cut)
    qtbot.keyClick(window, Qt.Key.Key_R, CTRL)
    body = window.layout_.composer.text
    qtbot.keyClicks(body, "Once and only once.")
    qtbot.keyClick(body, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: not lost and window.is_idle)
    assert window.layout_.composer.isVisible()
    qtbot.keyClick(body, Qt.Key.Key_Return, CTRL)
    until(qtbot, window.layout_.composer.isHidden)
    with desk.database.read() as session:
        found = session.scalars(select(Message.id).where(Message.text.startswith("Once and only"))).all()
        assert len(found) == 1
        assert len(session.scalars(select(Outbox.id).where(Outbox.message_id == found[0])).all()) == 1
    assert Drafts(desk.profile.drafts, desk.journal).unfinished() == []


def test_other_words_after_a_lost_connection_are_another_answer(
    window: MainWindow, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, lost = answering.answer, [True]

    def refused(*told: Any) -> Any:
        if lost:
            lost.clear()
            raise DatabaseError("database.lost", detail="cut")
        return real(*told)

    monkeypatch.setattr(answering, "answer", refused)
    qtbot.keyClick(window, Qt.Key.Key_R, CTRL)
    body = window.layout_.composer.text
    qtbot.keyClicks(body, "First thought")
    qtbot.keyClick(body, Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: not lost and window.is_idle)
    qtbot.keyClicks(body, " and second")
    qtbot.keyClick(body, Qt.Key.Key_Return, CTRL)
    until(qtbot, window.layout_.composer.isHidden)
    with desk.database.read() as session:
        found = session.scalars(select(Message.text).where(Message.text.contains("thought"))).all()
    assert [each.splitlines()[0] for each in found] == ["First thought and second"]
