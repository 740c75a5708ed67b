"""The work that goes on by itself: every channel, one desk at a time, and one broken channel stops no other."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.models.records.intake import Outcome
from app.models.records.queue import QueueFilter
from app.services import accounts
from app.services.database import Database, leases
from app.services.tickets import queue
from app.services.work.rounds import LEASE, ChannelRounds
from app.services.work.worker import Worker
from tests.fixtures.channels import no_credentials
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml


def wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def worker_on(database: Database, holder: str) -> Worker:
    def rounds() -> ChannelRounds:
        return ChannelRounds(database, SYSTEM, holder, no_credentials, 10**6)

    return Worker(database, rounds, rest=0.05)


def test_mail_is_taken_in_without_a_call_and_only_once_by_two_desks(mail_desk: MailDesk) -> None:
    workers = [worker_on(mail_desk.database, name) for name in ("desk-1", "desk-2")]
    for each in workers:
        each.start()
    for number in range(20):
        mail_desk.channel.deliver(eml(f"Mail {number}", mail_id=f"m{number}@x.example"))
    wait_until(lambda: len(queue.ids(mail_desk.database, QueueFilter())) == 20)
    for each in workers:
        each.stop()
    assert mail_desk.numbers() == sorted(set(mail_desk.numbers()))
    assert len(mail_desk.numbers()) == 20


def test_a_broken_channel_is_told_and_the_others_go_on(mail_desk: MailDesk, tmp_path: Path) -> None:
    broken = accounts.new_account("broken", "folder", "x@desk.example", {"path": str(tmp_path / "gone")})
    accounts.add(mail_desk.database, SYSTEM, broken)
    worker = worker_on(mail_desk.database, "desk-1")
    worker.start()
    mail_desk.channel.deliver(eml(mail_id="a@x.example"))
    wait_until(lambda: len(queue.ids(mail_desk.database, QueueFilter())) == 1)
    wait_until(lambda: accounts.health(mail_desk.database)[0].problem == "folder.cannot_read")
    (tmp_path / "gone").mkdir()
    worker.wake()
    wait_until(lambda: accounts.health(mail_desk.database)[0].problem is None)
    worker.stop()
    assert accounts.health(mail_desk.database)[1].problem is None


def test_a_bug_in_one_round_is_not_the_end_of_the_channel(mail_desk: MailDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    really, calls = mail_desk.channel.poll, []

    def poll(cursor: str | None, limit: int):
        calls.append(cursor)
        if len(calls) == 1:
            raise ZeroDivisionError
        return really(cursor, limit)

    monkeypatch.setattr(mail_desk.channel, "poll", poll)
    mail_desk.channel.deliver(eml(mail_id="a@x.example"))
    worker = worker_on(mail_desk.database, "desk-1")
    worker.start()
    wait_until(lambda: len(queue.ids(mail_desk.database, QueueFilter())) == 1)
    worker.stop()


def test_another_desk_waits_for_the_lease_and_takes_over(mail_desk: MailDesk) -> None:
    held = leases.take(mail_desk.database, SYSTEM, "channel/support", "dead desk", LEASE)
    assert held is not None
    mail_desk.channel.deliver(eml(mail_id="a@x.example"))
    assert mail_desk.rounds("living desk").run(mail_desk.account) is None
    leases.release(mail_desk.database, SYSTEM, held)  # as if its time were up
    report = mail_desk.rounds("living desk").run(mail_desk.account)
    assert report is not None
    assert report.outcomes[Outcome.NEW] == 1


def test_a_worker_stops_when_its_database_was_upgraded_and_sends_nothing(mail_desk: MailDesk) -> None:
    worker = worker_on(mail_desk.database, "desk-1")
    worker.start()
    mail_desk.channel.deliver(eml("Before", mail_id="m1@x.example"))
    wait_until(lambda: mail_desk.numbers() == [1])
    with mail_desk.database.engine.execution_options(firstline_writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    mail_desk.channel.deliver(eml("After", mail_id="m2@x.example"))
    wait_until(lambda: worker.outdated is not None)
    worker.stop()
    assert worker.outdated is not None
    assert worker.outdated.code == "database.upgraded"
    assert mail_desk.numbers() == [1]
