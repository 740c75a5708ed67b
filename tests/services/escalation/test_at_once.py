"""Several people answer to the same at the same moment, and the sweep goes on meanwhile: one wins, others hear who."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from app.models.errors import Conflict, KnownError
from app.models.records.handoffs import HandoffState, Outcome
from app.services.escalation import attempts, replying
from app.services.tickets.editing import Stale, assign
from tests.fixtures.databases import SYSTEM
from tests.services.escalation.desk import Ladder


def at_once(*doings: Callable[[], object]) -> list[KnownError | None]:
    """Do all of it at the same moment, each in a thread; what each was refused with."""
    start = Barrier(len(doings))

    def one(do: Callable[[], object]) -> KnownError | None:
        start.wait(timeout=30)
        try:
            do()
        except KnownError as refused:
            return refused
        return None

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(one, doings))


def sweep(rungs: Ladder) -> None:
    with rungs.desk.database.write(SYSTEM) as work:
        attempts.sweep(work)


@pytest.mark.parametrize("turn", range(5))
def test_of_two_who_accept_at_once_one_has_it_and_the_other_hears_who(rungs: Ladder, turn: int) -> None:
    rungs.ask()
    rungs.hand()
    step, names = rungs.step.id, ("Ann", "Bob") if turn % 2 else ("Bob", "Ann")
    refused = at_once(
        *(lambda name=name: replying.accept(rungs.desk.database, rungs.actor(name), step) for name in names)
    )
    [winner] = [name for name, error in zip(names, refused, strict=True) if error is None]
    [lost] = [each for each in refused if each is not None]
    assert isinstance(lost, Conflict)
    assert (lost.code, lost.facts["by"]) == ("escalation.taken", winner)
    assert (rungs.step.state, rungs.step.accepted_by) == (HandoffState.ACCEPTED, winner)
    assert rungs.ticket.assignee_id == rungs.people[winner].id


@pytest.mark.parametrize("turn", range(5))
def test_who_accepts_while_the_sweep_goes_on_has_it_or_comes_too_late(rungs: Ladder, turn: int) -> None:
    """In the very moment in which the next step's turn has come; neither waits for the other for ever."""
    rungs.ask()
    rungs.hand()
    rungs.sweep(minutes=15)
    rungs.desk.clock.forward(minutes=15)
    doings: list[Callable[[], object]] = [
        partial(replying.accept, rungs.desk.database, rungs.actor("Bob"), rungs.step.id),
        partial(sweep, rungs),
    ]
    refused = at_once(*(doings if turn % 2 else reversed(doings)))
    codes = {each.code for each in refused if each is not None}
    if not codes:
        assert (rungs.step.node, rungs.step.state, rungs.step.accepted_by) == ("l2", HandoffState.ACCEPTED, "Bob")
    else:
        assert codes == {"escalation.over"}
        assert (rungs.step.node, rungs.step.state) == ("l3", HandoffState.OFFERED)


@pytest.mark.parametrize("turn", range(5))
def test_two_sweeps_at_once_ask_everybody_once(rungs: Ladder, turn: int) -> None:
    rungs.ask()
    rungs.hand()
    rungs.desk.clock.forward(minutes=15)
    assert at_once(*[lambda: sweep(rungs)] * 3) == [None] * 3
    assert rungs.asked() == [("Ann", "no_answer"), ("Bob", "pending")]


@pytest.mark.parametrize("turn", range(3))
def test_who_declines_and_who_accepts_at_once_leave_one_who_has_it(rungs: Ladder, turn: int) -> None:
    rungs.ask()
    rungs.hand()
    step, database = rungs.step.id, rungs.desk.database
    refused = at_once(
        lambda: replying.decline(database, rungs.actor("Ann"), step, "Away"),
        lambda: replying.accept(database, rungs.actor("Bob"), step),
        lambda: assign(database, rungs.actor("Mia"), Stale(rungs.ticket.row.id), rungs.people["Mia"].id),
    )
    assert {each.code for each in refused if each is not None} <= {"escalation.taken"}
    assert rungs.step.state is HandoffState.ACCEPTED
    assert Outcome.PENDING not in {each.outcome for each in rungs.attempts}
