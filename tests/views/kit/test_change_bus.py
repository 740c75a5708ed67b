"""News of other desks, in batches."""

from collections.abc import Sequence
from uuid import uuid4

from pytestqt.qtbot import QtBot

from app.models.errors import KnownError
from app.models.records.queue import Change
from app.views.kit.change_bus import ChangeBus, Changes
from app.views.kit.task_runner import TaskRunner
from tests.views.conftest import until

TICKET = uuid4()


class Feed:
    """Gives prepared answers, then nothing new."""

    def __init__(self, *answers: Sequence[Change] | KnownError) -> None:
        self.answers = list(answers)

    def __call__(self) -> Sequence[Change]:
        answer = self.answers.pop(0) if self.answers else []
        if isinstance(answer, KnownError):
            raise answer
        return answer


def test_a_batch_names_its_topics_and_tickets(runner: TaskRunner, qtbot: QtBot) -> None:
    batch = [Change(1, "ticket", str(TICKET), TICKET), Change(2, "agent", "x", None), Change(3, "message", "y", TICKET)]
    bus = ChangeBus(runner, Feed(batch), lambda: 10)
    with qtbot.waitSignal(bus.changed) as told:
        bus.start()
    assert told.args == [Changes(frozenset({"ticket", "agent", "message"}), frozenset({TICKET}))]
    bus.stop()


def test_it_keeps_looking_by_itself(runner: TaskRunner, qtbot: QtBot) -> None:
    bus = ChangeBus(runner, Feed([], [], [Change(1, "ticket", "x", TICKET)]), lambda: 5)
    with qtbot.waitSignal(bus.changed):
        bus.start()
    bus.stop()


def test_a_lost_database_is_told_once_and_so_is_its_return(runner: TaskRunner, qtbot: QtBot) -> None:
    lost = KnownError("database.lost", detail="x")
    bus = ChangeBus(runner, Feed(lost, lost, lost, []), lambda: 5)
    told: list[str] = []
    bus.lost.connect(lambda error: told.append(error.code))
    bus.found.connect(lambda: told.append("found"))
    bus.start()
    until(qtbot, lambda: "found" in told)
    assert told == ["database.lost", "found"]
    bus.stop()


def test_a_look_asked_for_while_one_is_under_way_follows_it(runner: TaskRunner, qtbot: QtBot) -> None:
    bus = ChangeBus(runner, Feed([], [Change(1, "ticket", "x", TICKET)]), lambda: 60_000)
    with qtbot.waitSignal(bus.changed):
        bus.start()
        bus.look()
    bus.stop()
