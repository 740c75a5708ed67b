"""A second person: asked, answering, and how long that holds; on either engine."""

import pytest

from app.models.errors import Conflict, KnownError, NotAllowed
from app.services.remote_help import agreeing, recording
from app.services.remote_help.agreeing import Answer
from tests.services.remote_help.conftest import HOST, Helping, shell

WORD = {"name": "word"}


def test_who_may_answer_is_asked_and_who_asked_is_told(helping: Helping) -> None:
    helping.approved(shell(b"echo on\n", WORD, approval=True, level=2))
    database, ada, prepared = helping.prepare("ada", given={"word": "it's"}, ticket_id=helping.desk.tickets["mine"])
    run_id = recording.ask(database, ada, prepared)
    [request] = agreeing.requests(*helping.desk.as_("sue"))
    assert (request.run.id, request.run.agent, request.mine, request.answer) == (run_id, "Ada", False, Answer.AWAITED)
    assert request.run.targets == (HOST,)
    assert "it'\"'\"'s" in request.run.previews[HOST]
    assert agreeing.requests(*helping.desk.as_("ann")) == []  # L1 may not run it, so may not agree to it
    with pytest.raises(NotAllowed):
        agreeing.agree(*helping.desk.as_("ann"), run_id)
    agreeing.agree(*helping.desk.as_("sue"), run_id)
    [own] = agreeing.requests(database, ada)
    assert (own.mine, own.answer, own.run.second) == (True, Answer.AGREED, "Sue")
    assert agreeing.requests(*helping.desk.as_("sue")) == []


def test_a_refusal_says_why_and_nothing_begins(helping: Helping) -> None:
    helping.approved(shell(b"echo on\n", WORD, approval=True))
    database, ann, prepared = helping.prepare("ann", given={"word": "a"})
    run_id = recording.ask(database, ann, prepared)
    bob = helping.desk.as_("bob")
    with pytest.raises(KnownError, match=r"script\.no_reason"):
        agreeing.refuse(*bob, run_id, "  ")
    agreeing.refuse(*bob, run_id, "Not before the backup.")
    [own] = agreeing.requests(database, ann)
    assert (own.answer, own.run.refusal) == (Answer.REFUSED, "Not before the backup.")
    with pytest.raises(KnownError, match=r"script\.not_agreed"):
        agreeing.begin_agreed(database, ann, run_id, prepared)
    with pytest.raises(Conflict, match=r"script\.answered"):
        agreeing.agree(*bob, run_id)


def test_another_host_is_not_what_was_agreed_to(helping: Helping) -> None:
    helping.approved(shell(b"echo on\n", WORD, approval=True))
    database, ann, prepared = helping.prepare("ann", given={"word": "a"})
    run_id = recording.ask(database, ann, prepared)
    agreeing.agree(*helping.desk.as_("bob"), run_id)
    other = helping.prepare("ann", given={"word": "a"}, targets=["localhost"])[2]
    with pytest.raises(KnownError, match=r"script\.other_run"):
        agreeing.begin_agreed(database, ann, run_id, other)


def test_what_was_asked_or_agreed_to_long_ago_lapses(helping: Helping) -> None:
    if helping.desk.owner.is_shared:
        pytest.skip("a server's own clock counts there")
    helping.approved(shell(b"echo on\n", WORD, approval=True))
    database, ann, prepared = helping.prepare("ann", given={"word": "a"})
    agreed, waiting = (recording.ask(database, ann, prepared) for _ in range(2))
    agreeing.agree(*helping.desk.as_("bob"), agreed)
    helping.desk.clock.forward(hours=25)
    assert agreeing.requests(*helping.desk.as_("bob")) == []
    assert agreeing.requests(database, ann) == []
    with pytest.raises(KnownError, match=r"script\.lapsed"):
        agreeing.agree(*helping.desk.as_("bob"), waiting)
    with pytest.raises(KnownError, match=r"script\.lapsed"):
        agreeing.begin_agreed(database, ann, agreed, prepared)


def test_what_was_agreed_to_waits_for_one_that_runs_there_like_all_else(helping: Helping) -> None:
    helping.approved(shell(b"echo on\n", approval=True))
    database, ann, prepared = helping.prepare("ann")
    one, other = (recording.ask(database, ann, prepared) for _ in range(2))
    for each in (one, other):
        agreeing.agree(*helping.desk.as_("bob"), each)
    agreeing.begin_agreed(database, ann, one, prepared)
    with pytest.raises(KnownError, match=r"script\.busy"):
        agreeing.begin_agreed(database, ann, other, prepared)
