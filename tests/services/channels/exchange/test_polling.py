"""Reading a mailbox: everything once, and nothing stands in the way of the rest."""

import json
from itertools import chain
from pathlib import Path

import pytest

from app.models.errors import ChannelError
from app.services.channels.exchange import reading
from app.services.channels.exchange.cursor import SyncCursor, state_for
from tests.peers.ews.running import ANNA, DESK, mail, populated, running
from tests.peers.ews.server import EwsServer
from tests.services.channels.exchange.conftest import Open


def test_mail_arrives_as_the_bytes_that_were_delivered(server: EwsServer, connect: Open) -> None:
    item_id = server.store.deliver(DESK, mail(1, text="Ünïcödé"))
    batch = connect().poll(None, 100)
    assert [(each.external_id, each.raw) for each in batch.messages] == [(item_id, mail(1, text="Ünïcödé"))]
    assert not batch.more


def test_the_cursor_brings_only_what_came_since(server: EwsServer, connect: Open) -> None:
    server.store.deliver(DESK, mail(1))
    first = connect().poll(None, 100)
    server.store.deliver(DESK, mail(2))
    second = connect().poll(first.cursor, 100)
    assert [each.raw for each in second.messages] == [mail(2)]
    assert connect().poll(second.cursor, 100).messages == []


def test_a_limit_is_kept_and_more_says_that_there_is_more(server: EwsServer, connect: Open) -> None:
    for number in range(5):
        server.store.deliver(DESK, mail(number, minute=number))
    connector, cursor, sizes = connect(), None, []
    while True:
        batch = connector.poll(cursor, 2)
        sizes.append(len(batch.messages))
        cursor = batch.cursor
        if not batch.more:
            break
    assert sizes == [2, 2, 1]


def test_oldest_first_though_the_server_tells_newest_first(server: EwsServer, connect: Open) -> None:
    server.faults.newest_first = True
    for number in range(3):
        server.store.deliver(DESK, mail(number, minute=number))
    assert [each.raw for each in connect().poll(None, 100).messages] == [mail(n, minute=n) for n in range(3)]


def test_reading_deleting_and_moving_out_only_move_the_cursor(server: EwsServer, connect: Open) -> None:
    ids = [server.store.deliver(DESK, mail(number)) for number in range(3)]
    first = connect().poll(None, 100)
    mailbox = server.store.mailbox(DESK)
    server.store.mark_read(mailbox, mailbox.items[ids[0]], True)
    server.store.remove(mailbox, mailbox.items[ids[1]])
    server.store.move(mailbox, mailbox.items[ids[2]], mailbox.well_known("drafts").id)
    second = connect().poll(first.cursor, 100)
    assert second.messages == []
    assert second.cursor != first.cursor


def test_meeting_requests_and_reports_are_mail_and_contacts_are_not(server: EwsServer, connect: Open) -> None:
    kinds = [
        ("Message", "IPM.Note"),
        ("MeetingRequest", "IPM.Schedule.Meeting.Request"),
        ("Message", "REPORT.IPM.Note.NDR"),
        ("Item", "REPORT.IPM.Note.NDR"),
        ("Contact", "IPM.Contact"),
        ("CalendarItem", "IPM.Appointment"),
        ("Item", "IPM.StickyNote"),
        ("Network", "IPM.Unheard.Of"),
    ]
    ids = [
        server.store.deliver(DESK, mail(n, minute=n), element=element, item_class=item_class)
        for n, (element, item_class) in enumerate(kinds)
    ]
    assert [each.external_id for each in connect().poll(None, 100).messages] == ids[:4]


def test_a_mail_that_is_too_large_is_told_and_not_fetched(server: EwsServer, connect: Open) -> None:
    server.store.deliver(DESK, mail(1))
    large = server.store.deliver(DESK, mail(2), size=5_000_000)
    batch = connect(max_bytes=10_000).poll(None, 100)
    assert [(each.raw, each.problem) for each in batch.messages] == [(mail(1), None), (None, "too_large")]
    assert batch.messages[1].external_id == large
    assert batch.messages[1].size == 5_000_000


def test_a_mail_larger_than_the_server_said_is_too_large_all_the_same(server: EwsServer, connect: Open) -> None:
    server.faults.omit = {"item:Size"}
    server.store.deliver(DESK, mail(1, text="x" * 20_000))
    (message,) = connect(max_bytes=10_000).poll(None, 100).messages
    assert (message.raw, message.problem) == (None, "too_large")
    assert message.size > 20_000


@pytest.mark.parametrize("code", ["ErrorMimeContentConversionFailed", "ErrorInvalidId", "ErrorInternalServerError"])
def test_one_unreadable_mail_does_not_block_the_others(server: EwsServer, connect: Open, code: str) -> None:
    ids = [server.store.deliver(DESK, mail(n, minute=n)) for n in range(3)]
    server.faults.broken = {ids[1]: code}
    batch = connect().poll(None, 100)
    told = {each.external_id: (each.raw is not None, each.problem) for each in batch.messages}
    assert told == {ids[0]: (True, None), ids[1]: (False, "unreadable"), ids[2]: (True, None)}


def test_a_mail_that_crashes_the_call_is_unreadable_while_the_server_answers(server: EwsServer, connect: Open) -> None:
    ids = [server.store.deliver(DESK, mail(n, minute=n)) for n in range(2)]
    server.faults.crashing = {ids[0]}
    told = {each.external_id: each.problem for each in connect().poll(None, 100).messages}
    assert told == {ids[0]: "unreadable", ids[1]: None}


def test_a_mail_without_mime_content_is_unreadable(server: EwsServer, connect: Open) -> None:
    server.store.deliver(DESK, mail(1))
    server.faults.omit = {"item:MimeContent"}
    assert [each.problem for each in connect().poll(None, 100).messages] == ["unreadable"]


def test_a_mail_that_is_gone_between_sync_and_fetch_is_left_out(server: EwsServer, connect: Open) -> None:
    ids = [server.store.deliver(DESK, mail(n)) for n in range(2)]
    server.faults.vanish_before_fetch = {ids[0]}
    assert [each.external_id for each in connect().poll(None, 100).messages] == [ids[1]]


@pytest.mark.parametrize("without_state", [False, True])
def test_an_expired_sync_state_reads_the_folder_from_its_start(
    server: EwsServer, connect: Open, without_state: bool
) -> None:
    server.store.deliver(DESK, mail(1))
    connector = connect()
    cursor = connector.poll(None, 100).cursor
    server.faults.sync_state_expired = True
    server.faults.sync_error_without_state = without_state
    assert [each.raw for each in connector.poll(cursor, 100).messages] == [mail(1)]


@pytest.mark.parametrize("cursor", ["", "garbage", "[]", '{"version": 99}', '{"version": 1, "state": "?"}'])
def test_a_cursor_that_means_nothing_reads_from_the_start(server: EwsServer, connect: Open, cursor: str) -> None:
    server.store.deliver(DESK, mail(1))
    assert len(connect().poll(cursor, 100).messages) == 1


def test_the_cursor_of_another_folder_is_not_used(server: EwsServer, connect: Open) -> None:
    mailbox = server.store.mailbox(DESK)
    support = mailbox.make_folder("Support", mailbox.well_known("inbox").id)
    server.store.deliver(DESK, mail(1))
    server.store.deliver(DESK, mail(2), folder=support.id)
    cursor = connect().poll(None, 100).cursor
    assert [each.raw for each in connect(folder="Inbox/support").poll(cursor, 100).messages] == [mail(2)]


def test_the_cursor_is_short_json_though_the_state_is_long() -> None:
    cursor = SyncCursor("folder", "AAAA" * 30_000).pack()
    assert len(cursor) < 2_000
    assert json.loads(cursor)["folder"] == "folder"
    assert state_for("folder", cursor) == "AAAA" * 30_000


def test_dates_with_nine_digits_and_missing_fields_do_no_harm(server: EwsServer, connect: Open) -> None:
    server.faults.nine_digit_seconds = True
    server.faults.omit = {"item:Size", "item:ItemClass", "last"}
    server.store.deliver(DESK, mail(1))
    batch = connect().poll(None, 100)
    assert [each.raw for each in batch.messages] == [mail(1)]
    assert not batch.more


def test_a_restarted_server_knows_the_cursor(tmp_path: Path, connect: Open) -> None:
    file = tmp_path / "store.json"
    with running(tmp_path, populated(file)) as (before, authority):
        before.store.deliver(DESK, mail(1))
        cursor = connect(server=before.url, ca_file=str(authority)).poll(None, 100).cursor
    with running(tmp_path, populated(file)) as (after, authority):
        after.store.deliver(DESK, mail(2))
        batch = connect(server=after.url, ca_file=str(authority)).poll(cursor, 100)
    assert [each.raw for each in batch.messages] == [mail(2)]


def test_a_closed_connector_connects_again(server: EwsServer, connect: Open) -> None:
    connector = connect()
    cursor = connector.poll(None, 100).cursor
    connector.close()
    server.store.deliver(DESK, mail(2))
    assert [each.raw for each in connector.poll(cursor, 100).messages] == [mail(2)]


def test_a_folder_by_a_path_of_names_in_any_case(server: EwsServer, connect: Open) -> None:
    mailbox = server.store.mailbox(DESK)
    deep = mailbox.make_folder("Drucker", mailbox.make_folder("Team", mailbox.well_known("msgfolderroot").id).id)
    server.store.deliver(DESK, mail(7), folder=deep.id)
    assert [each.raw for each in connect(folder="team/DRUCKER").poll(None, 100).messages] == [mail(7)]


def test_a_missing_folder_is_named(connect: Open) -> None:
    with pytest.raises(ChannelError) as caught:
        connect(folder="inbox/Nowhere").poll(None, 100)
    assert (caught.value.code, caught.value.facts["folder"]) == ("exchange.no_folder", "inbox/Nowhere")


def test_a_folder_deleted_between_two_polls_is_named_and_found_again_later(server: EwsServer, connect: Open) -> None:
    mailbox = server.store.mailbox(DESK)
    inbox = mailbox.well_known("inbox").id
    server.store.deliver(DESK, mail(1), folder=mailbox.make_folder("Support", inbox).id)
    connector = connect(folder="inbox/Support")
    cursor = connector.poll(None, 10).cursor
    server.store.remove_folder(mailbox, "Support")
    with pytest.raises(ChannelError) as caught:
        connector.poll(cursor, 10)
    assert (caught.value.code, caught.value.facts["folder"]) == ("exchange.no_folder", "inbox/Support")
    server.store.deliver(DESK, mail(2), folder=mailbox.make_folder("Support", inbox).id)
    assert [each.raw for each in connector.poll(cursor, 10).messages] == [mail(2)]


def test_a_delegate_who_may_not_see_the_root_reads_the_inbox(server: EwsServer, connect: Open) -> None:
    server.store.mailbox(DESK).hidden_root = True
    server.store.deliver(DESK, mail(1))
    assert len(connect().poll(None, 100).messages) == 1


def test_a_mailbox_without_rights_is_refused_and_an_impersonator_reads_it(server: EwsServer, connect: Open) -> None:
    server.store.deliver(ANNA, mail(1))
    with pytest.raises(ChannelError) as caught:
        connect(address=ANNA).poll(None, 100)
    assert caught.value.code == "exchange.no_rights"
    with pytest.raises(ChannelError) as caught:
        connect(address=ANNA, access="impersonation").poll(None, 100)
    assert caught.value.code == "exchange.no_impersonation"
    server.store.impersonators.add("ACME\\agent")
    assert len(connect(address=ANNA, access="impersonation").poll(None, 100).messages) == 1


def test_many_large_mails_come_in_several_polls(
    server: EwsServer, connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 50_000)
    for number in range(4):
        server.store.deliver(DESK, mail(number, text="x" * 20_000, minute=number))
    connector, cursor, seen = connect(), None, []
    for _ in range(4):
        batch = connector.poll(cursor, 100)
        cursor = batch.cursor
        seen.append([each.raw for each in batch.messages])
        if not batch.more:
            break
    assert [len(each) for each in seen] == [2, 2]
    assert list(chain(*seen)) == [mail(n, text="x" * 20_000, minute=n) for n in range(4)]


def test_a_mail_of_thirty_megabytes_arrives_whole(server: EwsServer, connect: Open) -> None:
    raw = mail(1, text="\r\n".join(["x" * 70] * 420_000))
    server.store.deliver(DESK, raw)
    (message,) = connect(max_bytes=40_000_000, timeout=60).poll(None, 10).messages
    assert message.raw == raw
