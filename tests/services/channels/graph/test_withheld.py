"""One mail that Graph fails at for ever holds nothing up for good, is told, and is read when it works again."""

from typing import Literal

import pytest

from app.models.errors import ChannelError
from app.services.channels.graph.connector import GraphConnector
from app.services.channels.graph.reading import TRIES
from app.services.channels.interface import Incoming
from tests.peers.graph.faults import error
from tests.peers.graph.running import DESK
from tests.peers.graph.server import GraphServer
from tests.services.channels.graph.conftest import Open
from tests.services.channels.graph.test_polling import deliver, numbers, read_all

DOWN = (503, "ErrorServerBusy")
DAY = 24 * 3600


class Reading:
    """Reads as the core does: it keeps each cursor, rests where reading fails, and begins anew behind it."""

    def __init__(self, connector: GraphConnector, cursor: str | None = None) -> None:
        self.connector, self.cursor = connector, cursor
        self.found: list[Incoming] = []

    def round(self) -> ChannelError | None:
        for _ in range(100):
            try:
                batch = self.connector.poll(self.cursor, 10)
            except ChannelError as failure:
                return failure
            self.found, self.cursor = [*self.found, *batch.messages], batch.cursor
            if not batch.more:
                return None
        raise AssertionError("reading does not end")

    def rounds(self, most: int = 20) -> list[str]:
        """Until one goes well; the errors of those that did not."""
        told: list[str] = []
        while (failure := self.round()) is not None:
            told.append(failure.code)
            if len(told) == most:
                return told
        return told

    @property
    def read(self) -> list[str]:
        """What was read, and what was only told."""
        return [each.problem or _subject(each) for each in self.found]


def _subject(mail: Incoming) -> str:
    assert mail.raw is not None
    return next(line.removeprefix(b"Subject: ").decode() for line in mail.raw.splitlines() if line.startswith(b"Subj"))


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("known", [True, False], ids=["changes", "first reading"])
def test_a_mail_that_fails_for_ever_is_told_after_some_tries_and_the_rest_is_read(
    server: GraphServer, connect: Open, status: int, known: bool
) -> None:
    cursor = None
    if known:
        deliver(server, 0)
        _, cursor = read_all(connect())
    reading = Reading(connect(), cursor)
    bad = [deliver(server, number) for number in range(1, 5)][1]
    server.faults.broken = {bad: (status, "ErrorInternalServerError")}
    assert len(reading.rounds()) == TRIES - 1
    assert reading.read == ["Mail 1", "withheld", "Mail 3", "Mail 4"]
    assert [each.external_id for each in reading.found if each.raw is None] == [bad]


def test_it_is_told_what_the_channel_waits_for(server: GraphServer, connect: Open) -> None:
    server.faults.broken = {deliver(server, 1): DOWN}
    assert Reading(connect()).rounds() == ["graph.busy"] * (TRIES - 1)


def test_another_process_goes_on_counting(server: GraphServer, connect: Open) -> None:
    server.faults.broken = {deliver(server, 1): DOWN}
    deliver(server, 2)
    cursor: str | None = None
    for _ in range(TRIES - 1):
        reading = Reading(connect(), cursor)
        assert reading.round() is not None
        cursor = reading.cursor
    reading = Reading(connect(), cursor)
    assert (reading.round(), reading.read) == (None, ["withheld", "Mail 2"])


def test_a_server_that_hands_over_no_mail_at_all_makes_the_channel_wait(server: GraphServer, connect: Open) -> None:
    elsewhere = deliver(server, 0, folder="archive")
    bad = [deliver(server, number) for number in range(1, 4)]
    server.faults.broken = dict.fromkeys([elsewhere, *bad], DOWN)
    reading = Reading(connect())
    assert len(reading.rounds(most=8)) == 8
    assert reading.found == []
    server.faults.broken.clear()
    assert reading.rounds() == []
    assert reading.read == numbers(1, 2, 3)


def test_a_server_that_is_down_is_no_mails_fault(server: GraphServer, connect: Open) -> None:
    deliver(server, 1)
    reading = Reading(connect())
    server.faults.answers["*"] = [error(500, "ErrorInternalServerError")] * 9
    assert len(reading.rounds(most=9)) == 9
    assert reading.rounds() == []
    assert reading.read == numbers(1)


def test_a_mail_that_fails_for_a_while_keeps_its_place(server: GraphServer, connect: Open) -> None:
    bad = deliver(server, 1)
    deliver(server, 2)
    server.faults.broken = {bad: DOWN}
    reading = Reading(connect())
    assert reading.round() is not None
    server.faults.broken.clear()
    assert reading.rounds() == []
    assert reading.read == numbers(1, 2)


def test_many_that_fail_side_by_side_do_not_each_hold_the_channel(server: GraphServer, connect: Open) -> None:
    bad = [deliver(server, number) for number in range(6)]
    deliver(server, 6)
    server.faults.broken = dict.fromkeys(bad, (500, "ErrorInternalServerError"))
    reading = Reading(connect())
    assert len(reading.rounds()) == TRIES - 1
    assert reading.read == ["withheld"] * 6 + ["Mail 6"]


def test_a_mail_is_the_only_one_of_its_mailbox(server: GraphServer, connect: Open) -> None:
    server.faults.broken = {deliver(server, 1): DOWN}
    reading = Reading(connect())
    reading.rounds()
    assert reading.read == ["withheld"]


@pytest.mark.parametrize("drop", ["before", "mid-answer"])
def test_a_mail_at_which_the_line_breaks_is_passed_over_as_well(
    server: GraphServer, connect: Open, drop: Literal["before", "mid-answer"]
) -> None:
    bad = deliver(server, 1)
    deliver(server, 2)
    reading = Reading(connect())
    told = []
    for _ in range(TRIES):
        server.faults.drop = {f"{bad}/$value": drop}
        failure = reading.round()
        told.append(failure and failure.code)
    assert told == ["graph.connection_lost"] * (TRIES - 1) + [None]
    assert reading.read == ["withheld", "Mail 2"]


def test_graph_is_left_alone_for_as_long_as_it_asked_also_over_one_mail(
    server: GraphServer, connect: Open, rests: list[float]
) -> None:
    bad = deliver(server, 1)
    deliver(server, 2)
    reading = Reading(connect())
    for _ in range(TRIES):
        server.faults.answers[f"{bad}/$value"] = [error(503, "ErrorServerBusy", Retry_After="120")]
        asked = len(server.calls)
        failure = reading.round()
        assert failure is not None
        assert failure.facts["seconds"] >= 119
        assert [each for each in server.calls[asked:] if each.endswith("$value")][-1].endswith(f"{bad}/$value")
        rests.append(121)
    assert reading.rounds() == []
    assert reading.read == ["withheld", "Mail 2"]


def test_a_withheld_mail_is_asked_for_seldom_and_read_once_when_it_works(server: GraphServer, connect: Open) -> None:
    clock = Clock()
    bad = deliver(server, 1)
    deliver(server, 2)
    server.faults.broken = {bad: DOWN}
    reading = Reading(connect(now=clock))
    reading.rounds()
    asked_in_vain = 0
    for _ in range(6 * 24 * 3):
        clock.seconds += 600
        before = len(server.calls)
        assert reading.round() is None
        asked_in_vain += sum(each.endswith(f"{bad}/$value") for each in server.calls[before:])
    assert 8 <= asked_in_vain <= 12
    assert reading.read == ["withheld", "Mail 2"]
    server.faults.broken.clear()
    clock.seconds += DAY
    for _ in range(3):
        assert reading.round() is None
        clock.seconds += DAY
    assert reading.read == ["withheld", "Mail 2", "Mail 1"]
    assert {each.external_id for each in reading.found if _is(each, "Mail 1")} == {bad}


def _is(mail: Incoming, subject: str) -> bool:
    return mail.raw is not None and _subject(mail) == subject


def test_what_somebody_has_put_elsewhere_or_deleted_is_not_asked_for_any_more(
    server: GraphServer, connect: Open
) -> None:
    clock = Clock()
    moved, deleted = deliver(server, 1), deliver(server, 2)
    deliver(server, 3, folder="archive")
    server.faults.broken = dict.fromkeys((moved, deleted), DOWN)
    reading = Reading(connect(now=clock))
    reading.rounds()
    mailbox = server.store.mailbox(DESK)
    server.store.move(mailbox, mailbox.item(moved), "archive")
    server.store.remove(mailbox, mailbox.item(deleted))
    server.faults.broken.clear()
    for _ in range(3):
        clock.seconds += DAY
        assert reading.round() is None
    assert reading.read == ["withheld", "withheld"]
    before = len(server.calls)
    clock.seconds += DAY
    reading.round()
    assert not [each for each in server.calls[before:] if each.endswith("$value")]
    server.store.move(mailbox, mailbox.item(moved), "inbox")
    reading.round()
    assert reading.read[2:] == numbers(1)


def test_when_the_mark_expired_a_withheld_mail_holds_nothing_up_again(server: GraphServer, connect: Open) -> None:
    server.faults.broken = {deliver(server, 1): DOWN}
    deliver(server, 2)
    reading = Reading(connect())
    reading.rounds()
    server.faults.marks_expired = True
    deliver(server, 3)
    assert reading.round() is None
    assert reading.read == ["withheld", "Mail 2", "Mail 2", "Mail 3"]


def test_a_clock_that_was_years_ahead_forgets_no_withheld_mail(server: GraphServer, connect: Open) -> None:
    clock = Clock()
    server.faults.broken = {deliver(server, 1): DOWN}
    reading = Reading(connect(now=clock))
    clock.seconds += 3650 * DAY
    reading.rounds()
    clock.seconds -= 3650 * DAY
    server.faults.broken.clear()
    assert reading.round() is None
    assert reading.read == ["withheld", "Mail 1"]
