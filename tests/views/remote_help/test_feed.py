"""What a run tells while it runs: bounded, and in the end all that is known of each target."""

import threading

from pytestqt.qtbot import QtBot

from app.models.errors import KnownError
from app.models.records.runs import Ended, Line, Outcome, RemoteState, Stream
from app.views.remote_help.feed import AT_ONCE, MOST, Feed, shown
from app.views.remote_help.model import state_line
from app.views.remote_help.output_view import OutputView

GOOD = Ended(Outcome.SUCCEEDED, RemoteState.FINISHED, 0)


def test_a_million_lines_leave_the_last_and_say_how_many_are_missing(qtbot: QtBot) -> None:
    feed, view = Feed(["a"]), OutputView()
    qtbot.addWidget(view)
    for number in range(1_000_000):
        feed.say("a", Line(Stream.OUT, str(number)))
    news = feed.take()
    assert news.missed == 1_000_000 - AT_ONCE
    view.add([text for _, text in news.lines], news.missed)
    assert view.blockCount() <= MOST
    assert view.toPlainText().endswith("999999")
    assert len(feed.lines_of("a")) == MOST


def test_many_hosts_share_the_room_that_there_is() -> None:
    hosts = [f"h{number}" for number in range(200)]
    feed = Feed(hosts)
    for host in hosts:
        for number in range(1_000):
            feed.say(host, Line(Stream.OUT, str(number)))
    assert {len(feed.lines_of(each)) for each in hosts} == {200}


def test_lines_from_many_threads_are_all_there() -> None:
    feed = Feed(["a", "b"])

    def say(host: str) -> None:
        for number in range(150):
            feed.say(host, Line(Stream.ERROR, str(number)))

    threads = [threading.Thread(target=say, args=(each,)) for each in ("a", "b")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    news = feed.take()
    assert len(news.lines) == 300
    assert [text for host, text in news.lines if host == "b"] == [f"! {number}" for number in range(150)]
    assert feed.take().lines == ()


def test_how_far_it_is_counts_targets_and_what_each_tells() -> None:
    feed = Feed(["a", "b"])
    assert feed.share == 0.0
    feed.moved("a", 0.5, "half")
    assert feed.share == 0.25
    feed.over("b", GOOD, {})
    assert feed.share == 0.75
    assert Feed(["alone"]).share is None


def test_a_target_in_words() -> None:
    clock = [0.0]
    feed = Feed(["a"], lambda: clock[0])
    assert state_line(feed.states["a"], 0.0).state == "waits"
    feed.began("a")
    feed.say("a", Line(Stream.OUT, "reading"))
    clock[0] = 75.0
    line = state_line(feed.states["a"], clock[0])
    assert (line.state, line.last, line.time) == ("runs", "reading", "1 min 15 s")
    feed.over("a", Ended(Outcome.FAILED, RemoteState.FINISHED, 3), {"New password": "secret"})
    line = state_line(feed.states["a"], clock[0])
    assert (line.state, line.exit, line.last) == ("failed", "3", "It ended there by itself.")
    assert feed.take().revealed == (("a", "New password", "secret"),)
    assert feed.take().revealed == ()


def test_what_a_lost_connection_leaves_open_is_said_once() -> None:
    feed = Feed(["a"])
    cut = KnownError("ssh.cut", host="a", reason="")
    feed.over("a", Ended(Outcome.LOST, RemoteState.UNKNOWN, problem=cut), {})
    assert state_line(feed.states["a"], 0.0).last.count("Nobody knows") == 1


def test_what_steers_a_terminal_is_not_shown() -> None:
    assert shown("\x1b[31mred\x1b[0m and \x1b]0;title\x07plain") == "red and plain"
    assert shown("10 %\r50 %\r100 %") == "100 %"
    assert shown("a\0b\x07") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
