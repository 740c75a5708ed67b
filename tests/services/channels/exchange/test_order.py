"""Oldest first, whatever a mail says of its time."""

from hypothesis import given, strategies as st

from app.services.channels.exchange.order import oldest_first
from app.services.channels.interface import Incoming


def incoming(name: str, head: str | None) -> Incoming:
    raw = None if head is None else f"{head}\r\nSubject: x\r\n\r\nbody\r\n".encode()
    return Incoming(name, raw, 10)


def names(*messages: Incoming) -> list[str]:
    return [each.external_id for each in oldest_first(messages)]


def test_the_last_mail_server_is_believed_before_the_sender() -> None:
    late = "Received: from a by b; Tue, 03 Nov 2026 10:00:00 +0100\r\nDate: Mon, 02 Nov 1998 10:00:00 +0000"
    early = "Received: from a by b; Tue, 03 Nov 2026 08:30:00 +0000\r\nDate: Mon, 02 Nov 2099 10:00:00 +0000"
    assert names(incoming("late", late), incoming("early", early)) == ["early", "late"]


def test_a_mail_without_a_time_stays_behind_the_one_told_before_it() -> None:
    first, second = "Date: Mon, 02 Nov 2026 10:00:00 +0000", "Date: Mon, 02 Nov 2026 09:00:00 +0000"
    told = [incoming("10", first), incoming("none", "Date: never"), incoming("09", second), incoming("gone", None)]
    assert names(*told) == ["09", "gone", "10", "none"]


@given(st.lists(st.binary(max_size=200)))
def test_no_bytes_break_it_and_none_are_lost(raws: list[bytes]) -> None:
    told = [Incoming(str(number), b"Date: " + raw, len(raw)) for number, raw in enumerate(raws)]
    assert sorted(oldest_first(told), key=lambda each: int(each.external_id)) == told
