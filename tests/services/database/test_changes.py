"""What one desk does all others hear of: once each, at once, whoever commits late and whatever is cut meanwhile."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event, Thread

import pytest
from sqlalchemy import delete, select, text

from app.models.errors import DatabaseError
from app.models.records.queue import Change as ChangeRecord
from app.models.tables import Change
from app.services.database import Database, changes, open_database
from app.services.database.changes import EVERYTHING, ChangeFeed
from app.services.database.doorbell import Doorbell, hang
from tests.fixtures.databases import SYSTEM, SettableClock

PATIENCE = 20


@pytest.fixture
def other(database: Database, clock: SettableClock) -> Iterator[Database]:
    """Another desk on the same database."""
    opened = open_database(database.engine.url.render_as_string(hide_password=False), clock)
    yield opened
    opened.close()


def tell(database: Database, *names: str) -> None:
    for each in names:
        with database.write(SYSTEM) as work:
            work.changed("team", each)


def ids(told: list[ChangeRecord]) -> list[str]:
    return [each.id for each in told]


def wait_for(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)


def cut_all(database: Database) -> None:
    """End every other connection to a shared database, as a network does."""
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    with database.engine.connect() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))


def test_each_change_is_told_once_and_the_start_is_now(database: Database, other: Database) -> None:
    tell(other, "before")
    feed = ChangeFeed(database)
    assert feed.read() == []
    tell(other, "after")
    assert ids(feed.read()) == ["after"]
    assert feed.read() == []


def test_a_row_that_commits_late_is_neither_skipped_nor_told_twice(postgres_url: str, clock: SettableClock) -> None:
    database = open_database(postgres_url, clock)
    feed = ChangeFeed(database)
    feed.read()
    with database.write(SYSTEM) as late:
        late.changed("team", "late")
        late.flush_log()
        late._changes.clear()
        tell(database, "quick")
        early = ids(feed.read())
        assert feed.is_behind
    after = ids(feed.read())
    assert not feed.is_behind
    database.close()
    assert early + after == ["late", "quick"]


def test_desks_that_write_at_the_same_time_are_all_heard(database: Database, other: Database) -> None:
    feed, heard = ChangeFeed(database), list[str]()
    feed.read()
    writers = [Thread(target=tell, args=(other, *(f"{name}{each}" for each in range(25)))) for name in "abcd"]
    for each in writers:
        each.start()
    while any(each.is_alive() for each in writers):
        heard += ids(feed.read())
    heard += ids(feed.read())
    assert sorted(heard) == sorted(f"{name}{each}" for name in "abcd" for each in range(25))


def test_a_connection_that_was_cut_goes_on_where_it_was(postgres_url: str, clock: SettableClock) -> None:
    database, other = (open_database(postgres_url, clock) for _ in range(2))
    feed, heard = ChangeFeed(database), list[str]()
    feed.read()
    for number in range(10):
        tell(other, str(number))
        cut_all(other)
        with_luck: list[str] = []
        while not with_luck:
            with suppress(DatabaseError):
                with_luck = ids(feed.read())
        heard += with_luck
    database.close()
    other.close()
    assert heard == [str(each) for each in range(10)]


def test_too_much_at_once_is_told_as_everything(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_LIMIT", 5)
    feed = ChangeFeed(database)
    feed.read()
    tell(database, *"abcdefg")
    assert [each.topic for each in feed.read()] == [EVERYTHING]
    tell(database, "h")
    assert ids(feed.read()) == ["h"]


def test_what_was_trimmed_meanwhile_is_told_as_everything(database: Database) -> None:
    tell(database, "a")
    feed = ChangeFeed(database)
    feed.read()
    tell(database, "b", "c", "d")
    with database.write(SYSTEM) as work:
        oldest = work.session.scalars(select(Change.sequence).order_by(Change.sequence).limit(3)).all()
        work.session.execute(delete(Change).where(Change.sequence.in_(oldest)))
    assert [each.topic for each in feed.read()] == [EVERYTHING]
    tell(database, "e")
    assert ids(feed.read()) == ["e"]


@pytest.fixture
def bell(database: Database) -> Iterator[tuple[Doorbell, Event]]:
    rung = Event()
    doorbell = hang(database, rung.set)
    doorbell.start()
    wait_for(lambda: doorbell.is_hung and rung.is_set())
    rung.clear()
    yield doorbell, rung
    doorbell.stop()


def test_the_bell_rings_when_another_desk_changes_something(bell: tuple[Doorbell, Event], other: Database) -> None:
    _, rung = bell
    tell(other, "a")
    assert rung.wait(PATIENCE)


def test_the_bell_does_not_ring_while_nothing_happens(bell: tuple[Doorbell, Event], other: Database) -> None:
    _, rung = bell
    with other.read() as session:
        session.execute(text("SELECT 1"))
    assert not rung.wait(0.6)


def test_a_bell_that_is_stopped_is_silent(bell: tuple[Doorbell, Event], other: Database) -> None:
    doorbell, rung = bell
    doorbell.stop()
    tell(other, "a")
    assert not rung.wait(0.6)


def test_a_bell_whose_connection_was_cut_hangs_again_and_rings_for_what_it_missed(
    postgres_url: str, clock: SettableClock
) -> None:
    database, rung = open_database(postgres_url, clock), Event()
    doorbell = hang(database, rung.set)
    doorbell.start()
    wait_for(lambda: doorbell.is_hung)
    rung.clear()
    cut_all(database)
    tell(database, "missed, perhaps")
    assert rung.wait(PATIENCE)
    wait_for(lambda: doorbell.is_hung)
    rung.clear()
    tell(database, "heard")
    assert rung.wait(PATIENCE)
    doorbell.stop()
    database.close()
