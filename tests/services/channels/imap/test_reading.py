"""Which mails of a mailbox are read: large mailboxes, mails that go away or cannot be had, and what is not touched."""

import re

import pytest

from tests.peers.imap_script import ImapScript, folder
from tests.services.channels.imap.conftest import connector, failure


def ranged(uids: range | list[int]):
    """A SEARCH over these UIDs, as servers answer `UID 3:*` and `UID 3:9`."""

    def reply(command: str) -> bytes:
        first, last = re.search(r"(\d+)(?::(\d+|\*))?$", command).groups()
        end = uids[-1] if last == "*" else int(last or first)
        found = [uid for uid in uids if int(first) <= uid <= end] or ([uids[-1]] if last == "*" else [])
        return b"* SEARCH " + " ".join(map(str, found)).encode() + b"\r\n"

    return reply


def fetched(command: str) -> bytes:
    """Sizes and bodies of whatever is asked for."""
    numbers = re.search(r"FETCH ([\d,:]+)", command)[1]
    uids = []
    for part in numbers.split(","):
        first, _, last = part.partition(":")
        uids += range(int(first), int(last or first) + 1)
    item = "BODY[] {5}\r\nhello" if "BODY" in command else "RFC822.SIZE 5"
    return "".join(f"* {uid} FETCH (UID {uid} {item})\r\n" for uid in uids).encode()


def mailbox(uids: range | list[int], **replies: object) -> ImapScript:
    opened = folder(len(uids), uids[-1] + 1)
    return ImapScript({"EXAMINE": opened, "SELECT": opened, "SEARCH": ranged(uids), "FETCH": fetched, **replies})


def bodies(script: ImapScript) -> list[str]:
    return [each for each in script.told if "BODY" in each]


def test_a_mailbox_of_200_000_mails_is_read_though_a_list_of_them_fits_no_line() -> None:
    script = mailbox(range(1, 200_001))
    with script.running() as port:
        reading = connector(port)
        first = reading.poll(None, 3)
        later = reading.poll('{"uidvalidity": 7, "uid": 150000}', 3)
        end = reading.poll('{"uidvalidity": 7, "uid": 200000}', 3)
        reading.close()
    assert [each.external_id for each in first.messages] == ["7:1", "7:2", "7:3"]
    assert [each.external_id for each in later.messages] == ["7:150001", "7:150002", "7:150003"]
    assert (first.more, later.more, end.more, list(end.messages)) == (True, True, False, [])


def test_mails_behind_a_gap_of_millions_are_found_in_a_few_steps() -> None:
    script = mailbox([*range(1, 5_500), *range(90_000_000, 90_000_600)])
    with script.running() as port:
        reading = connector(port)
        batch = reading.poll('{"uidvalidity": 7, "uid": 5499}', 10)
        reading.close()
    assert [each.external_id for each in batch.messages][:2] == ["7:90000000", "7:90000001"]
    assert len([each for each in script.told if "SEARCH" in each]) < 12


def test_no_number_that_was_not_seen_is_passed_over() -> None:
    script = mailbox(range(1, 3), EXAMINE=folder(2, 500))
    with script.running() as port:
        reading = connector(port)
        assert '"uid": 2' in reading.poll(None, 10).cursor
        reading.close()


def test_a_mail_that_the_server_does_not_give_out_is_named_and_the_others_come() -> None:
    def without_two(command: str) -> bytes:
        return b"TAG NO [CORRUPTION] cannot\r\n" if "BODY" in command and " 2 " in command else fetched(command)

    script = mailbox(range(1, 4), FETCH=without_two)
    with script.running() as port:
        reading = connector(port)
        batch = reading.poll(None, 10)
        reading.close()
    assert [(each.external_id, each.problem) for each in batch.messages] == [
        ("7:1", None),
        ("7:2", "unreadable"),
        ("7:3", None),
    ]


@pytest.mark.parametrize("answer", [b"TAG NO [UNAVAILABLE] not now\r\n", None, b"* 1 FETCH (UID 1 BODY[] {5}\r\nhe"])
def test_a_server_that_cannot_give_a_mail_now_is_asked_again_later(answer: bytes | None) -> None:
    script = mailbox(range(1, 3), FETCH=lambda command: answer if "BODY" in command else fetched(command))
    with script.running() as port:
        reading = connector(port, timeout=1)
        assert failure(lambda: reading.poll(None, 10)).passing
        script.replies["FETCH"] = fetched
        assert len(reading.poll(None, 10).messages) == 2
        reading.close()


@pytest.mark.parametrize("answer", [b"", b"TAG NO [EXPUNGEISSUED] gone\r\n", b"* 1 FETCH (UID 1 BODY[] NIL)\r\n"])
def test_a_mail_that_went_away_between_search_and_fetch_is_passed_over(answer: bytes) -> None:
    script = mailbox(range(1, 3))

    def going(command: str) -> bytes:
        if "BODY" not in command or " 1 " not in command:
            return fetched(command)
        script.replies["SEARCH"] = ranged([2])
        return answer

    script.replies["FETCH"] = going
    with script.running() as port:
        reading = connector(port)
        batch = reading.poll(None, 10)
        reading.close()
    assert [each.external_id for each in batch.messages] == ["7:2"]


def test_a_mail_above_the_limit_is_told_by_its_size_and_never_fetched() -> None:
    def sized(command: str) -> bytes:
        return fetched(command).replace(b"RFC822.SIZE 5", b"RFC822.SIZE 60000000", 1)

    script = mailbox(range(1, 3), FETCH=lambda command: fetched(command) if "BODY" in command else sized(command))
    with script.running() as port:
        reading = connector(port)
        batch = reading.poll(None, 10)
        reading.close()
    assert [(each.size, each.problem) for each in batch.messages] == [(60_000_000, "too_large"), (5, None)]
    assert len(bodies(script)) == 1


def test_reading_flags_nothing() -> None:
    script = mailbox(range(1, 3))
    with script.running() as port:
        reading = connector(port)
        reading.poll(None, 10)
        reading.close()
    assert all("BODY.PEEK[]" in each for each in bodies(script))
    assert not [each for each in script.told if each.startswith("SELECT")]


def test_news_from_before_the_waiting_end_it_at_once() -> None:
    script = mailbox(range(1, 3))
    script.replies["CAPABILITY"] = b"* CAPABILITY IMAP4rev1 IDLE\r\n"
    with script.running() as port:
        reading = connector(port)
        reading.poll(None, 10)
        script.replies["EXAMINE"] = folder(3, 4)
        assert reading.wait(60) is True
        reading.close()
    assert "IDLE" not in script.told


def test_a_server_that_does_not_tell_of_news_is_not_waited_for() -> None:
    with mailbox(range(1, 3)).running() as port:
        reading = connector(port)
        assert reading.wait(60) is False
        reading.close()
