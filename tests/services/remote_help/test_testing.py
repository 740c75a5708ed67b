"""A script that nobody approved: tried by its author, where a colleague said that tests may run, and nowhere else."""

from dataclasses import replace

import pytest

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.runs import Connection, Outcome
from app.models.records.scripts import Transport
from app.services.remote_help import connections, recording, registry
from app.services.remote_help.running import Running
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk
from tests.services.remote_help.conftest import HOST, Helping, shell

OWN = shell(b"echo tried\n", approval=True, consent=True)


@pytest.fixture
def lab(helping: Helping) -> Connection:
    """Reaches the host as well, and was marked for tests by somebody who writes no scripts."""
    [loopback] = connections.listed(helping.desk.owner)
    made = replace(loopback, id=new_id(), name="a-lab", for_tests=True)
    connections.save(helping.desk.owner, SYSTEM, made)
    return made


def test_an_author_tries_a_script_and_the_run_says_that_it_was_a_test(helping: Helping, lab: Connection) -> None:
    script_id = registry.add(*helping.desk.as_("tom"), OWN)
    database, actor, prepared = helping.prepare("tom", test_of=script_id)
    assert [each.connection.name for each in prepared.jobs] == ["a-lab"]
    run = Running(database, actor, prepared, recording.ask(database, actor, prepared)).run()
    assert (run.outcome, run.test, run.ticket_id) == (Outcome.SUCCEEDED, True, None)
    [kept] = recording.runs(database)
    assert kept.test


def test_nobody_else_tries_it_and_nobody_tries_what_is_approved(helping: Helping, lab: Connection) -> None:
    script_id = registry.add(*helping.desk.as_("tom"), OWN)
    with pytest.raises(NotAllowed):
        helping.prepare("ann", test_of=script_id)
    others = registry.add(helping.desk.owner, SYSTEM, shell(b"echo other\n", key="other"))
    with pytest.raises(KnownError, match=r"script\.not_own"):
        helping.prepare("tom", test_of=others)
    registry.approve(helping.desk.owner, SYSTEM, script_id)
    with pytest.raises(KnownError, match=r"script\.no_test_of_approved"):
        helping.prepare("tom", test_of=script_id)
    registry.retire(helping.desk.owner, SYSTEM, script_id)
    with pytest.raises(KnownError, match=r"script\.retired"):
        helping.prepare("tom", test_of=script_id)


def test_it_runs_on_no_target_of_a_connection_that_is_not_for_tests_or_that_the_author_saved(
    helping: Helping, lab: Connection
) -> None:
    script_id = registry.add(*helping.desk.as_("tom"), OWN)
    connections.save(*helping.desk.as_("tom"), replace(lab, targets=("*.production.example", HOST)))
    with pytest.raises(KnownError, match=r"remote\.no_test_connection"):
        helping.prepare("tom", test_of=script_id)
    connections.save(helping.desk.owner, SYSTEM, replace(lab, targets=("other.lab.example",)))
    with pytest.raises(KnownError, match=r"remote\.not_allowed"):
        helping.prepare("tom", test_of=script_id)


@pytest.mark.parametrize("everywhere", ["*", "*.*", "0.0.0.0/0", "::/0"])
def test_a_connection_for_tests_does_not_reach_everything(any_desk: SharedDesk, everywhere: str) -> None:
    database, tom = any_desk.as_("tom")
    made = Connection(new_id(), "lab", Transport.SSH, "", "help", ("a.example", everywhere), {}, for_tests=True)
    with pytest.raises(KnownError, match=r"remote\.tests_everywhere"):
        connections.save(database, tom, made)


def test_a_connection_that_somebody_else_changed_is_not_overwritten(any_desk: SharedDesk) -> None:
    database, tom = any_desk.as_("tom")
    made = Connection(new_id(), "lab", Transport.SSH, "", "help", ("a.example",), {})
    connections.save(database, tom, made)
    [seen] = connections.listed(database)
    connections.save(database, tom, replace(seen, user_name="other"), seen)
    with pytest.raises(Conflict, match=r"remote\.connection_changed") as told:
        connections.save(database, tom, replace(seen, targets=("b.example",)), seen)
    assert told.value.facts["by"] == "Tom"
    connections.remove(database, tom, made.id)
    with pytest.raises(Conflict, match=r"remote\.connection_gone"):
        connections.save(database, tom, seen, seen)


def test_two_connections_do_not_have_one_name(any_desk: SharedDesk) -> None:
    database, tom = any_desk.as_("tom")
    connections.save(database, tom, Connection(new_id(), "lab", Transport.SSH, "", "help", ("a.example",), {}))
    with pytest.raises(KnownError, match=r"remote\.name_taken"):
        connections.save(database, tom, Connection(new_id(), "lab", Transport.SSH, "", "help", ("b.example",), {}))
