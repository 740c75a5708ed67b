"""Reading: what came, once, the oldest first, whatever the server does with its marks and pages."""

import base64
import json
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.models.errors import ChannelError
from app.services.channels.graph import fetching, reading
from app.services.channels.graph.connector import GraphConnector
from app.services.channels.interface import Batch
from tests.fixtures.rounds import eml
from tests.peers.graph.faults import Answer, error
from tests.peers.graph.running import DESK, SHARED
from tests.peers.graph.server import GraphServer
from tests.services.channels.graph.conftest import Open

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def deliver(server: GraphServer, number: int, address: str = DESK, **fields: Any) -> str:
    fields.setdefault("received", NOON + timedelta(minutes=number))
    return server.store.deliver(address, eml(f"Mail {number}", mail_id=f"m{number}@x.example"), **fields)


def subjects(batch: Batch) -> list[str]:
    lines = [line for each in batch.messages for line in (each.raw or b"").splitlines()]
    return [line.removeprefix(b"Subject: ").decode() for line in lines if line.startswith(b"Subject: ")]


def read_all(connector: GraphConnector, cursor: str | None = None, limit: int = 50) -> tuple[list[str], str]:
    """Every mail behind the cursor, and the cursor behind them."""
    found: list[str] = []
    for _ in range(200):
        batch = connector.poll(cursor, limit)
        assert len(batch.messages) <= limit
        found, cursor = found + subjects(batch), batch.cursor
        if not batch.more:
            return found, cursor
    raise AssertionError("reading does not end")


def numbers(*which: int) -> list[str]:
    return [f"Mail {each}" for each in which]


def test_the_first_reading_begins_with_the_oldest_although_changes_are_told_newest_first(
    server: GraphServer, connect: Open
) -> None:
    for number in (3, 1, 2, 7, 5, 4, 6):
        deliver(server, number)
    assert read_all(connect(), limit=2)[0] == numbers(1, 2, 3, 4, 5, 6, 7)


def test_many_mails_of_one_second_are_each_read_once(server: GraphServer, connect: Open) -> None:
    for number in range(12):
        deliver(server, number, received=NOON + timedelta(milliseconds=70 * number))
    assert read_all(connect(), limit=3)[0] == numbers(*range(12))


def test_mail_that_comes_while_the_old_is_read_is_not_lost(server: GraphServer, connect: Open) -> None:
    for number in range(4):
        deliver(server, number)
    connector = connect()
    first = connector.poll(None, 2)
    deliver(server, 4)
    deliver(server, 0, received=NOON - timedelta(days=9))  # moved in from elsewhere, older than what is read
    rest, _ = read_all(connector, first.cursor, 2)
    assert subjects(first) == numbers(0, 1)
    assert rest.count("Mail 0") == 1
    assert set(rest) == set(numbers(0, 2, 3, 4))


def test_mail_that_is_settled_away_while_the_old_is_read_makes_no_other_be_skipped(
    server: GraphServer, connect: Open
) -> None:
    for number in range(9):
        deliver(server, number)
    connector = connect(handled="move", handled_folder="Done")
    found: list[str] = []
    cursor, more = None, True
    while more:
        batch = connector.poll(cursor, 2)
        connector.settle([each.external_id for each in batch.messages])
        found, cursor, more = found + subjects(batch), batch.cursor, batch.more
    assert found == numbers(*range(9))
    assert list(server.store.messages(DESK)) == []


def test_a_killed_process_goes_on_where_the_committed_cursor_stands(server: GraphServer, connect: Open) -> None:
    for number in range(5):
        deliver(server, number)
    first = connect().poll(None, 2)
    assert read_all(connect(), first.cursor, 2)[0] == numbers(2, 3, 4)


def test_changes_removals_and_drafts_only_move_the_cursor(server: GraphServer, connect: Open) -> None:
    server.faults.tell_all_changes = True
    one = deliver(server, 1)
    connector = connect()
    _, cursor = read_all(connector)
    mailbox = server.store.mailbox(DESK)
    deliver(server, 2, is_draft=True)
    server.store.remove(mailbox, mailbox.item(one))
    batch = connector.poll(cursor, 10)
    assert (list(batch.messages), batch.more, batch.cursor != cursor) == ([], False, True)


def test_a_mail_keeps_its_name_when_it_is_moved_out_and_back(server: GraphServer, connect: Open) -> None:
    one = deliver(server, 1)
    connector = connect()
    first = connector.poll(None, 10)
    _, cursor = read_all(connector, first.cursor)
    mailbox = server.store.mailbox(DESK)
    server.store.move(mailbox, mailbox.item(one), "archive")
    server.store.move(mailbox, mailbox.item(one), "inbox")
    again = connector.poll(cursor, 10)
    assert [each.external_id for each in again.messages] == [each.external_id for each in first.messages] == [one]


def test_when_the_mark_expired_everything_is_read_again_under_the_same_names(
    server: GraphServer, connect: Open
) -> None:
    known = [deliver(server, number) for number in range(3)]
    connector = connect()
    _, cursor = read_all(connector)
    deliver(server, 3)
    server.faults.marks_expired = True
    batch = connector.poll(cursor, 10)
    assert subjects(batch) == numbers(0, 1, 2, 3)
    assert [each.external_id for each in batch.messages][:3] == known
    assert read_all(connector, batch.cursor)[0] == []


@pytest.mark.parametrize("cursor", ["garbage", "{}", "[]", '{"version": 1, "folder": "x", "state": "%%%"}', "null"])
def test_a_cursor_that_is_none_of_ours_reads_from_the_start(server: GraphServer, connect: Open, cursor: str) -> None:
    deliver(server, 1)
    assert read_all(connect(), cursor)[0] == numbers(1)


def test_a_cursor_of_another_folder_reads_this_one_from_the_start(server: GraphServer, connect: Open) -> None:
    deliver(server, 1)
    deliver(server, 2, folder="archive")
    _, cursor = read_all(connect())
    assert read_all(connect(folder="Archiv"), cursor)[0] == numbers(2)


def test_folders_are_found_by_path_in_any_case_and_language(server: GraphServer, connect: Open) -> None:
    mailbox = server.store.mailbox(DESK)
    for number in range(120):  # more than a page
        mailbox.make_folder(f"Other {number}", mailbox.folder("inbox").id)
    under = mailbox.make_folder("Über uns", mailbox.folder("inbox").id)
    deliver(server, 1, folder=under.id)
    assert read_all(connect(folder="Inbox/über UNS"))[0] == numbers(1)
    assert read_all(connect(folder="Posteingang/Über uns"))[0] == numbers(1)


def test_a_folder_that_is_not_there_is_told(connect: Open) -> None:
    for missing in ("inbox/Nowhere", "Nowhere"):
        with pytest.raises(ChannelError, match=r"graph\.no_folder") as told:
            connect(folder=missing).poll(None, 10)
        assert (told.value.passing, told.value.facts["folder"]) == (False, missing)


def test_a_shared_mailbox_is_read_by_who_has_rights_on_it(server: GraphServer, connect: Open) -> None:
    deliver(server, 1, SHARED)
    assert read_all(connect(address=SHARED, user=DESK))[0] == numbers(1)


def test_large_mails_end_a_batch_and_the_rest_follows(
    server: GraphServer, connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 3_000)
    for number in range(7):
        server.store.deliver(DESK, eml(f"Mail {number}", "x" * 1000, mail_id=f"m{number}@x"), received=NOON)
    connector = connect()
    assert len(connector.poll(None, 50).messages) == 3
    found, cursor = read_all(connector)
    assert found == numbers(*range(7))
    for number in range(7, 14):
        server.store.deliver(DESK, eml(f"Mail {number}", "x" * 1000, mail_id=f"m{number}@x"))
    assert len(connector.poll(cursor, 50).messages) == 3
    assert read_all(connector, cursor)[0] == numbers(*range(7, 14))


def test_the_size_of_a_mail_that_is_too_large_is_the_mailboxs_own_count(server: GraphServer, connect: Open) -> None:
    server.store.deliver(DESK, eml("Big", "x" * 50_000, mail_id="b@x"), size=70_001)
    (incoming,) = connect(max_bytes=10_000).poll(None, 10).messages
    assert (incoming.raw, incoming.size, incoming.problem) == (None, 70_001, "too_large")


def test_one_mail_that_cannot_be_given_out_keeps_no_other_from_coming(server: GraphServer, connect: Open) -> None:
    broken = [deliver(server, number) for number in range(2)]
    deliver(server, 2)
    server.faults.broken = {
        broken[0]: (400, "ErrorMimeContentInvalid"),
        broken[1]: (404, "ErrorItemNotFound"),
    }
    batch = connect().poll(None, 10)
    assert [each.problem for each in batch.messages] == ["unreadable", None]


@pytest.mark.parametrize(
    ("refusal", "problems"),
    [((403, "ErrorAccessDenied"), ["unreadable", None]), ((404, "ErrorMessageNotFound"), [None])],
)
def test_one_mail_that_may_not_be_seen_or_is_gone_by_any_name_keeps_no_other_from_coming(
    server: GraphServer, connect: Open, refusal: tuple[int, str], problems: list[str | None]
) -> None:
    server.faults.broken = {deliver(server, 0): refusal}
    deliver(server, 1)
    batch = connect().poll(None, 10)
    assert [each.problem for each in batch.messages] == problems


def test_rights_that_are_taken_away_are_told_and_not_blamed_on_one_mail(server: GraphServer, connect: Open) -> None:
    deliver(server, 1)
    connector = connect()
    connector.test()
    server.faults.answers = {
        "$value": [error(403, "ErrorAccessDenied")],
        "mailFolders/" + server.store.mailbox(DESK).folder("inbox").id: [error(403, "ErrorAccessDenied")],
    }
    with pytest.raises(ChannelError, match=r"graph\.no_consent"):
        connector.poll(None, 10)


def test_pages_without_an_end_end_a_poll(server: GraphServer, connect: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_PAGES", 5)
    deliver(server, 1)
    inbox = f"{server.url}/v1.0/users/{DESK}/mailFolders/inbox/messages"
    again = json.dumps({"value": [], "@odata.nextLink": inbox}).encode()
    server.faults.answers["/messages"] = [Answer(200, again, {"Content-Type": "application/json"})] * 9
    with pytest.raises(ChannelError, match=r"graph\.not_understood"):
        connect().poll(None, 10)


def test_changes_that_lead_to_themselves_are_told(server: GraphServer, connect: Open) -> None:
    connector = connect()
    _, cursor = read_all(connector)
    link = json.loads(zlib.decompress(base64.b64decode(json.loads(cursor)["state"])))["link"]
    again = json.dumps({"value": [], "@odata.nextLink": link}).encode()
    server.faults.answers["delta"] = [Answer(200, again, {"Content-Type": "application/json"})]
    with pytest.raises(ChannelError, match=r"graph\.not_understood"):
        connector.poll(cursor, 10)


def test_a_meeting_request_an_empty_subject_and_a_double_in_a_page_each_come_once(
    server: GraphServer, connect: Open
) -> None:
    _, cursor = read_all(connect())
    told = {
        "@odata.type": "#microsoft.graph.eventMessageRequest",
        "id": "m",
        "receivedDateTime": "2026-11-02T12:00:00Z",
    }
    entries = [told, {"id": "gone", "@removed": {"reason": "deleted"}}, told, {**told, "subject": ""}]
    page = json.dumps({"value": entries, "@odata.deltaLink": f"{server.url}/v1.0/next"}).encode()
    server.faults.answers["delta"] = [Answer(200, page, {"Content-Type": "application/json"})]
    raw = b"Subject: \r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    server.faults.answers["$value"] = [Answer(200, raw)]
    batch = connect().poll(cursor, 10)
    assert [(each.external_id, each.raw) for each in batch.messages] == [("m", raw)]


@pytest.mark.parametrize("answer", [b"{}", b'{"id": 7}', b"[" * 200_000])
def test_json_that_is_no_folder_is_told_and_tried_again_later(
    server: GraphServer, connect: Open, answer: bytes
) -> None:
    server.faults.answers["inbox"] = [Answer(200, answer, {"Content-Type": "application/json"})]
    with pytest.raises(ChannelError, match=r"graph\.not_understood") as told:
        connect().poll(None, 10)
    assert told.value.passing


def test_when_graph_has_had_enough_in_a_batch_what_was_fetched_is_kept(server: GraphServer, connect: Open) -> None:
    for number in range(3):
        deliver(server, number)
    _, cursor = read_all(connect())
    server.faults.broken[[deliver(server, number) for number in range(3, 6)][1]] = (429, "ApplicationThrottled")
    batch = connect().poll(cursor, 10)
    assert (subjects(batch), batch.more) == (numbers(3), True)
    server.faults.broken.clear()
    assert read_all(connect(), batch.cursor)[0] == numbers(4, 5)


def test_an_error_of_graph_for_all_is_told_and_not_blamed_on_one_mail(server: GraphServer, connect: Open) -> None:
    deliver(server, 1)
    server.faults.answers = {"$value": [error(403, "ErrorAccessDenied")]}
    connector = connect()
    connector.test()
    server.faults.answers["mailFolders/" + server.store.mailbox(DESK).folder("inbox").id] = [error(500, "UnknownError")]
    cursor = connector.poll(None, 10).cursor
    with pytest.raises(ChannelError, match=r"graph\.refused"):
        connector.poll(cursor, 10)
