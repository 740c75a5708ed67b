"""The demo desk has a past: played through the desk's own services, on both engines."""

from pathlib import Path

from app.models.records.queue import QueueFilter
from app.models.records.tickets import MessageKind, Status
from app.services.database import Database
from app.services.sample import add_history, arrange_sample, fill_with_sample
from app.services.tickets import queue, reading
from tests.fixtures.databases import SYSTEM


def test_the_past_has_every_status_level_and_kind_of_message(database: Database, tmp_path: Path) -> None:
    fill_with_sample(database, SYSTEM, tmp_path / "mailbox")
    arrange_sample(database, SYSTEM)
    add_history(database, SYSTEM)
    tickets = queue.page(database, QueueFilter(open=None), 100)
    assert {each.status for each in tickets} == set(Status)
    assert {int(each.level) for each in tickets} == {1, 2, 3, 4}
    assert {each.unread for each in tickets} == {0}
    now = database.clock.now()
    assert all(each.opened_at < each.updated_at <= now for each in tickets if each.assignee)
    assert any(each.due_at and each.due_at < now for each in tickets)
    talk = reading.show(database, next(each.id for each in tickets if each.subject.startswith("Refund")))
    assert {each.kind for each in talk.messages} == {MessageKind.MAIL_IN, MessageKind.MAIL_OUT, MessageKind.NOTE}
    assert [each.at for each in talk.messages[1:]] == sorted(each.at for each in talk.messages[1:])
