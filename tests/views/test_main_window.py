"""The desk's window at work, by keyboard, on a real database."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.models.errors import DatabaseError, KnownError
from app.models.identifiers import new_id
from app.models.records.queue import QueueColumn, QueueFilter
from app.models.records.tickets import MessageKind, Status, TicketView
from app.services import presence, staff
from app.services.desk import Desk
from app.services.drafts import Drafts
from app.services.sample.mailbox import compose
from app.services.tickets import editing, queue, reading
from app.services.tickets.editing import Stale
from app.views.kit.appearance import Appearance
from app.views.kit.picker import Picker
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from app.views.queue.cells import cell
from app.views.screens import render_main_window
from tests.views.conftest import settle_files, take_in, until

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
Press = Callable[..., None]


@pytest.fixture
def press(window: MainWindow, qtbot: QtBot) -> Press:
    with qtbot.waitActive(window):
        window.activateWindow()

    def pressed(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers)

    return pressed


def stored(desk: Desk, window: MainWindow) -> TicketView:
    assert window.ticket.ticket is not None
    return reading.show(desk.database, window.ticket.ticket.row.id)


def calm(window: MainWindow, qtbot: QtBot) -> None:
    until(qtbot, lambda: window.is_idle)


def opened(window: MainWindow) -> str:
    assert window.ticket.ticket is not None
    return window.ticket.ticket.row.subject


def go_to(window: MainWindow, desk: Desk, words: str, qtbot: QtBot) -> None:
    """Open the ticket that holds these words."""
    window.ticket.open(queue.ids(desk.database, QueueFilter(words=words))[0])
    calm(window, qtbot)


def deliver(mailbox: Path, name: str, subject: str, **told: object) -> None:
    from app.models.clock import SystemClock

    mail = {
        "id": name,
        "from": "New Person <new@acme.example>",
        "subject": subject,
        "minutes": 0,
        "text": "help",
        **told,
    }
    (mailbox / f"{name}.eml").write_bytes(compose(mail, SystemClock().now()))
    settle_files(mailbox)


def test_the_window_opens_with_the_newest_ticket_and_the_counts_of_the_views(window: MainWindow, desk: Desk) -> None:
    ids = queue.ids(desk.database, QueueFilter())
    assert window.model.ids == ids
    assert window.ticket.ticket_id == ids[0]
    assert window.layout_.title.text() == opened(window)
    view = window.layout_.views
    told = view.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == f"All open, {len(ids)} tickets"


def test_next_and_previous_go_through_the_queue(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    ids = list(window.model.ids)
    press(Qt.Key.Key_Down, ALT)
    until(qtbot, lambda: window.ticket.ticket is not None and window.ticket.ticket.row.id == ids[1])
    press(Qt.Key.Key_Up, ALT)
    until(qtbot, lambda: window.ticket.ticket is not None and window.ticket.ticket.row.id == ids[0])


def test_taking_a_ticket_can_be_undone(window: MainWindow, desk: Desk, press: Press, qtbot: QtBot) -> None:
    assert desk.actor is not None
    press(Qt.Key.Key_T, CTRL)
    until(qtbot, lambda: stored(desk, window).assignee_id == desk.actor.id)
    until(qtbot, window.layout_.told.isVisible)
    calm(window, qtbot)
    assert not window.commands.action("take").isEnabled()
    press(Qt.Key.Key_Z, CTRL)
    until(qtbot, lambda: stored(desk, window).assignee_id is None)


def test_an_answer_is_written_and_sent_by_keyboard(
    window: MainWindow, desk: Desk, press: Press, qtbot: QtBot, mailbox: Path
) -> None:
    go_to(window, desk, "Visa Mastercard", qtbot)
    press(Qt.Key.Key_R, CTRL)
    composer = window.layout_.composer
    assert composer.text.hasFocus()
    assert "priya.nair@contoso.example" in composer.to.text()
    qtbot.keyClicks(composer.text, "We are on it.")
    press(Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: not composer.isVisible())
    sent = stored(desk, window).messages[-1]
    assert (sent.kind, sent.text) == (MessageKind.MAIL_OUT, "We are on it.")
    until(qtbot, lambda: "We are on it." in window.layout_.conversation.text)
    assert Drafts(desk.profile.drafts, desk.journal).waiting() == set()
    take_in(desk)
    written = [each.read_text(encoding="utf-8", errors="replace") for each in (mailbox / "outbox").glob("*.eml")]
    assert any(
        "We are on it." in each and "since about 07:40" not in each.split("We are on it.")[0] for each in written
    )


def test_an_answer_is_sent_once_however_often_the_key_is_pressed(
    window: MainWindow, desk: Desk, press: Press, qtbot: QtBot
) -> None:
    before = len(stored(desk, window).messages)
    press(Qt.Key.Key_R, CTRL)
    qtbot.keyClicks(window.layout_.composer.text, "once")
    for _ in range(3):
        press(Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: not window.layout_.composer.isVisible())
    calm(window, qtbot)
    assert len(stored(desk, window).messages) == before + 1


def test_who_wrote_again_meanwhile_is_looked_at_before_the_answer_goes(
    window: MainWindow, desk: Desk, mailbox: Path, press: Press, qtbot: QtBot
) -> None:
    go_to(window, desk, "Visa Mastercard", qtbot)
    press(Qt.Key.Key_R, CTRL)
    qtbot.keyClicks(window.layout_.composer.text, "We look into it.")
    deliver(mailbox, "card-3", "Re: Card declined", answers="card", text="It works again, thank you.")
    take_in(desk)
    until(qtbot, lambda: "It works again" in window.layout_.conversation.text)
    press(Qt.Key.Key_Return, CTRL)
    until(qtbot, window.layout_.composer.asking.isVisible)
    assert "It works again" in window.layout_.composer.asking.words
    assert window.layout_.composer.isVisible()
    press(Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: stored(desk, window).messages[-1].text == "We look into it.")


def test_what_is_quoted_is_folded_and_can_be_left_out(
    window: MainWindow, desk: Desk, mailbox: Path, press: Press, qtbot: QtBot
) -> None:
    go_to(window, desk, "Visa Mastercard", qtbot)
    press(Qt.Key.Key_R, CTRL)
    composer = window.layout_.composer
    assert not composer.quoted.isVisible()
    qtbot.mouseClick(composer.unfold, Qt.MouseButton.LeftButton)
    assert composer.quoted.isVisible()
    assert "issued in the UK" in composer.quoted.toPlainText()
    qtbot.keyClick(composer.quote, Qt.Key.Key_Space)
    qtbot.keyClicks(composer.text, "Without the rest.")
    press(Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: not composer.isVisible())
    take_in(desk)
    sent = [each.read_text(encoding="utf-8", errors="replace") for each in (mailbox / "outbox").glob("*.eml")]
    assert any("Without the rest." in each and "issued in the UK" not in each for each in sent)


def test_an_empty_answer_is_not_sent(window: MainWindow, desk: Desk, press: Press, qtbot: QtBot) -> None:
    before = len(stored(desk, window).messages)
    press(Qt.Key.Key_R, CTRL)
    press(Qt.Key.Key_Return, CTRL)
    assert window.layout_.told.words == "There is nothing to send yet: the text is empty."
    assert len(stored(desk, window).messages) == before


def test_what_cannot_be_sent_stays_in_the_composer(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    press(Qt.Key.Key_R, CTRL)
    composer = window.layout_.composer
    composer.to.clear()
    qtbot.keyClicks(composer.text, "to nobody")
    press(Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: window.layout_.told.words == "Nobody is named to send this to.")
    assert composer.isVisible()
    assert composer.text.toPlainText() == "to nobody"
    assert composer.send.isEnabled()


def test_a_note_is_for_the_staff_alone(window: MainWindow, desk: Desk, press: Press, qtbot: QtBot) -> None:
    press(Qt.Key.Key_N, CTRL | SHIFT)
    assert not window.layout_.composer.to.isVisible()
    qtbot.keyClicks(window.layout_.composer.text, "Called her.")
    press(Qt.Key.Key_Return, CTRL)
    until(qtbot, lambda: stored(desk, window).messages[-1].kind is MessageKind.NOTE)
    assert stored(desk, window).messages[-1].text == "Called her."


def test_a_draft_is_journaled_while_it_is_typed_and_comes_back(
    window: MainWindow, desk: Desk, press: Press, qtbot: QtBot
) -> None:
    drafts, ticket_id = Drafts(desk.profile.drafts, desk.journal), window.ticket.ticket_id
    assert ticket_id is not None
    press(Qt.Key.Key_R, CTRL)
    qtbot.keyClicks(window.layout_.composer.text, "half a sent")
    until(qtbot, lambda: (found := drafts.load(ticket_id)) is not None and found.text == "half a sent")
    press(Qt.Key.Key_Down, ALT)
    until(qtbot, lambda: window.ticket.ticket is not None and window.ticket.ticket.row.id != ticket_id)
    assert not window.layout_.composer.isVisible()
    press(Qt.Key.Key_Up, ALT)
    until(qtbot, window.layout_.composer.isVisible)
    assert window.layout_.composer.text.toPlainText() == "half a sent"


def test_a_discarded_draft_does_not_come_back(window: MainWindow, desk: Desk, press: Press, qtbot: QtBot) -> None:
    press(Qt.Key.Key_R, CTRL)
    qtbot.keyClicks(window.layout_.composer.text, "never mind")
    qtbot.mouseClick(window.layout_.composer.discard, Qt.MouseButton.LeftButton)
    calm(window, qtbot)
    assert not window.layout_.composer.isVisible()
    assert Drafts(desk.profile.drafts, desk.journal).waiting() == set()


def test_new_mail_appears_without_a_click(window: MainWindow, desk: Desk, mailbox: Path, qtbot: QtBot) -> None:
    before = len(window.model.ids)
    deliver(mailbox, "fresh", "The lift is stuck")
    take_in(desk)
    until(qtbot, lambda: len(window.model.ids) == before + 1)
    until(qtbot, lambda: (row := window.model.row(0)) is not None and row.subject == "The lift is stuck")


def test_nobody_is_taken_away_from_what_they_write_by_news(
    window: MainWindow, desk: Desk, mailbox: Path, press: Press, qtbot: QtBot
) -> None:
    subject = opened(window)
    press(Qt.Key.Key_R, CTRL)
    qtbot.keyClicks(window.layout_.composer.text, "I am writing")
    deliver(mailbox, "fresh", "Something else")
    take_in(desk)
    until(qtbot, lambda: window.model.row(0) is not None and window.model.row(0).subject == "Something else")
    calm(window, qtbot)
    assert opened(window) == subject
    assert window.layout_.composer.text.hasFocus()
    assert window.layout_.tickets.current == window.ticket.ticket_id


def test_a_reply_shows_in_the_conversation_that_is_open(
    window: MainWindow, desk: Desk, mailbox: Path, qtbot: QtBot
) -> None:
    go_to(window, desk, "Visa Mastercard", qtbot)
    deliver(mailbox, "card-3", "Re: Card declined", answers="card", text="It works again, thank you.")
    take_in(desk)
    until(qtbot, lambda: "It works again" in window.layout_.conversation.text)


def test_a_solved_ticket_leaves_the_view_and_stays_open_beside_it(
    window: MainWindow, press: Press, qtbot: QtBot
) -> None:
    ticket_id, subject = window.ticket.ticket_id, opened(window)
    press(Qt.Key.Key_E, CTRL)
    until(qtbot, lambda: ticket_id not in window.model.ids)
    calm(window, qtbot)
    assert opened(window) == subject
    assert window.layout_.tickets.current is None


def test_someone_elses_change_is_told_and_shown(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    window.bus.stop()
    calm(window, qtbot)
    ticket = window.ticket.ticket
    assert ticket is not None
    lena = next(each for each in staff.agents(desk.database) if each.name == "Lena Vogt")
    other = staff.sign_in(desk.database, lena.mail)
    editing.assign(desk.database, other, Stale(ticket.row.id), lena.id)
    editing.set_status(desk.database, other, Stale(ticket.row.id), Status.WAITING_CUSTOMER)
    window.ticket.set_property("status", Status.SOLVED)
    until(qtbot, lambda: "Lena Vogt was first on ticket" in window.layout_.told.words)
    until(qtbot, lambda: window.ticket.ticket is not None and window.ticket.ticket.assignee_id == lena.id)
    assert stored(desk, window).row.status is Status.WAITING_CUSTOMER


def test_a_message_is_split_off_and_brought_back(window: MainWindow, desk: Desk, press: Press, qtbot: QtBot) -> None:
    go_to(window, desk, "Visa Mastercard", qtbot)
    first, before = window.ticket.ticket_id, len(stored(desk, window).messages)
    press(Qt.Key.Key_S, CTRL | ALT)
    until(qtbot, lambda: window.ticket.ticket is not None and window.ticket.ticket.row.id != first)
    assert first is not None
    assert len(reading.show(desk.database, first).messages) == before - 1
    calm(window, qtbot)
    press(Qt.Key.Key_Z, CTRL)
    until(qtbot, lambda: len(reading.show(desk.database, first).messages) == before)


def test_a_ticket_is_merged_into_another_by_its_number(
    window: MainWindow, desk: Desk, press: Press, qtbot: QtBot
) -> None:
    mine = window.ticket.ticket_id
    other = next(each for each in queue.rows(desk.database, list(window.model.ids)) if each.id != mine)
    press(Qt.Key.Key_M, CTRL | SHIFT)
    picker = next(iter(window.findChildren(Picker)))
    qtbot.keyClicks(picker.line, f"#{other.number}")
    until(qtbot, lambda: [each.value for each in picker.items][:1] == [other.number])
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    until(qtbot, lambda: window.ticket.ticket is not None and window.ticket.ticket.row.id == other.id)
    until(qtbot, lambda: mine not in window.model.ids)


def test_a_number_that_is_no_ticket_is_told(window: MainWindow, qtbot: QtBot) -> None:
    window.ticket.merge_into(99_999)
    until(qtbot, lambda: window.layout_.told.words == "There is no ticket 99999.")


def test_searching_finds_words_of_a_conversation(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    press(Qt.Key.Key_F, CTRL)
    assert window.layout_.tickets.search.hasFocus()
    qtbot.keyClicks(window.layout_.tickets.search, "journal")
    until(qtbot, lambda: len(window.model.ids) == 1)
    press(Qt.Key.Key_Return)
    assert window.layout_.tickets.table.hasFocus()
    window.layout_.tickets.search.setText("zeppelin")
    until(qtbot, lambda: "Nothing found" in window.layout_.tickets.state.words)


def test_a_view_is_chosen_by_its_number(window: MainWindow, press: Press, qtbot: QtBot) -> None:
    press(Qt.Key.Key_2, ALT)
    assert window.layout_.views.current.key == "view.mine"
    until(qtbot, lambda: "Nothing here" in window.layout_.tickets.state.words)


def test_a_lost_database_is_told_and_its_return_too(
    window: MainWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    working = desk.database.read

    def lost() -> None:
        raise DatabaseError("database.lost", detail="connection refused")

    monkeypatch.setattr(desk.database, "read", lost)
    until(qtbot, lambda: "connection refused" in window.layout_.problem.words and window.layout_.problem.isVisible())
    assert window.layout_.database.text() == "No database"
    monkeypatch.setattr(desk.database, "read", working)
    until(qtbot, lambda: not window.layout_.problem.isVisible())
    assert window.layout_.database.text() == "Embedded database"


def test_a_channel_that_stops_is_told_in_words(window: MainWindow, desk: Desk, mailbox: Path, qtbot: QtBot) -> None:
    mailbox.rename(mailbox.with_name("elsewhere"))
    take_in(desk)
    window.commands.run("refresh")
    until(qtbot, window.layout_.problem.isVisible)
    assert window.layout_.problem.words.startswith("sample-mailbox: The folder ")
    mailbox.with_name("elsewhere").rename(mailbox)
    take_in(desk)
    window.commands.run("refresh")
    until(qtbot, lambda: not window.layout_.problem.isVisible())


def test_the_gui_thread_never_touches_the_database(
    desk: Desk, runner: TaskRunner, appearance: Appearance, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    gui, read, write = threading.get_ident(), desk.database.read, desk.database.write

    def elsewhere(work: Callable) -> Callable:
        def checked(*told: object) -> object:
            assert threading.get_ident() != gui
            return work(*told)

        return checked

    monkeypatch.setattr(desk.database, "read", elsewhere(read))
    monkeypatch.setattr(desk.database, "write", elsewhere(write))
    window = MainWindow(desk, runner, appearance)
    qtbot.addWidget(window)
    window.show()
    window.start()
    until(qtbot, lambda: window.ticket.ticket is not None)
    window.ticket.take()
    window.commands.run("note")
    window.layout_.composer.text.setPlainText("x")
    window.layout_.composer.send.click()
    until(qtbot, lambda: window.is_idle)
    window.close()


def test_every_command_has_words_and_no_two_share_a_key(window: MainWindow) -> None:
    keys = [each.keys for each in window.commands if each.keys]
    assert len(keys) == len(set(keys))
    assert all(each.words and not each.words.startswith("command.") for each in window.commands)


def test_whatever_can_have_the_focus_has_a_name(window: MainWindow) -> None:
    nameless = [
        f"{type(each).__name__} {each.objectName()}"
        for each in window.findChildren(QWidget)
        if each.isVisible()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (each.accessibleName() or getattr(each, "text", str)())
    ]
    assert nameless == []


def test_the_window_fits_a_small_screen(window: MainWindow) -> None:
    assert window.minimumSizeHint().width() <= 1_024
    assert window.minimumSizeHint().height() <= 700


def test_everything_waits_while_no_ticket_is_shown(
    desk: Desk, runner: TaskRunner, appearance: Appearance, qtbot: QtBot
) -> None:
    window = MainWindow(desk, runner, appearance)
    qtbot.addWidget(window)
    for each in window.commands:  # the library is for administrators, and Sam is a supervisor
        waits = each.needs_ticket or each.id in ("undo", "script_library") or each.id.startswith("handoff_")
        assert window.commands.action(each.id).isEnabled() is not waits, each.id


def test_an_unknown_ticket_shows_why(window: MainWindow, qtbot: QtBot) -> None:
    from uuid import uuid4

    window.ticket.open(uuid4())
    until(qtbot, lambda: "does not exist any more" in window.layout_.conversation.state.words)


def test_the_window_can_be_drawn_to_a_file(desk: Desk, tmp_path: Path) -> None:
    picture = render_main_window(desk, tmp_path / "desk.png")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_known_error_is_never_taken_for_a_bug(window: MainWindow, bugs: list[Exception], qtbot: QtBot) -> None:
    window.fail(KnownError("ticket.gone"))
    assert window.layout_.told.words == "This ticket does not exist any more."
    assert bugs == []


def test_what_was_opened_is_not_left_on_the_disk(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    (desk.profile.opened / "x").mkdir(parents=True)
    (desk.profile.opened / "x" / "report.pdf").write_bytes(b"%PDF")
    window.close()
    until(qtbot, lambda: not desk.profile.opened.exists())


def test_a_free_ticket_that_a_colleague_writes_to_says_so_in_the_list(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    rows = queue.rows(desk.database, list(window.model.ids))
    place, free = next((place, each) for place, each in enumerate(rows) if each.assignee is None)
    lena = next(each for each in staff.agents(desk.database) if each.name == "Lena Vogt")
    other, session = staff.sign_in(desk.database, lena.mail), new_id()

    def told() -> str:
        row = window.model.row(place)
        return cell(row, QueueColumn.ASSIGNEE, desk.clock.now()).words if row is not None else ""

    presence.report(desk.database, other, session, free.id, typing=True)
    until(qtbot, lambda: told() == "… Lena Vogt")
    presence.leave(desk.database, other, session)
    until(qtbot, lambda: told() == "unassigned")
