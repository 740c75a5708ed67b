"""What runs is what was approved, by somebody who did not write it."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import update

from app.models.errors import KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.runs import Connection
from app.models.records.scripts import Transport
from app.models.tables import Script, ScriptRun
from app.services import staff
from app.services.remote_help import connections, registry
from app.services.remote_help.library import built_in
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk
from tests.services.remote_help.conftest import shell

PACKAGE = shell(b"echo on\n")


def test_a_script_runs_once_somebody_else_approved_it(any_desk: SharedDesk) -> None:
    database, tom = any_desk.as_("tom")
    script_id = registry.add(database, tom, PACKAGE)
    with pytest.raises(KnownError, match=r"script\.not_approved"):
        registry.found(database, "a-script", approved=True)
    with pytest.raises(KnownError, match=r"script\.own"):
        registry.approve(database, tom, script_id)
    assert registry.found(database, "a-script").author == "Tom"


def test_only_administrators_add_approve_and_retire(any_desk: SharedDesk) -> None:
    script_id = registry.add(any_desk.owner, SYSTEM, PACKAGE)
    for who in ("ann", "sue"):
        database, actor = any_desk.as_(who)
        for deed in (registry.approve, registry.retire):
            with pytest.raises(NotAllowed):
                deed(database, actor, script_id)
        with pytest.raises(NotAllowed):
            registry.add(database, actor, PACKAGE)


def test_the_same_bytes_are_the_same_script_and_a_new_version_takes_the_place_of_the_old(any_desk: SharedDesk) -> None:
    database, tom = any_desk.as_("tom")
    first = registry.add(any_desk.owner, SYSTEM, PACKAGE)
    assert registry.add(any_desk.owner, SYSTEM, PACKAGE) == first
    registry.approve(database, tom, first)
    second = registry.add(any_desk.owner, SYSTEM, shell(b"echo two\n", version="2.0"))
    assert registry.found(database, "a-script", approved=True).id == first
    registry.approve(database, tom, second)
    assert registry.found(database, "a-script", approved=True).id == second
    assert [each.id for each in registry.listed(database)] == [second]
    registry.retire(database, tom, second)
    with pytest.raises(KnownError, match=r"script\.unknown"):
        registry.found(database, "a-script")
    with pytest.raises(KnownError, match=r"script\.retired"):
        registry.approve(database, tom, second)


def test_bytes_that_were_changed_in_the_database_do_not_run(any_desk: SharedDesk) -> None:
    script_id = registry.add(any_desk.owner, SYSTEM, PACKAGE)
    other = registry.add(any_desk.owner, SYSTEM, shell(b"echo evil\n", version="6.6"))
    with any_desk.owner.write(SYSTEM) as work:
        evil = work.session.get_one(Script, other).files
        work.session.execute(update(Script).where(Script.id == script_id).values(files=evil))
    with any_desk.owner.read() as session, pytest.raises(KnownError, match=r"script\.changed"):
        registry.package(session, script_id)


@pytest.mark.parametrize("changed", ["manifest", "level", "needs_second"])
def test_what_stands_beside_the_bytes_must_be_what_they_say(any_desk: SharedDesk, changed: str) -> None:
    script_id = registry.add(any_desk.owner, SYSTEM, shell(b"echo on\n", approval=True, level=2))
    told = shell(b"echo on\n").manifest.model_dump(mode="json", by_alias=True)
    values: dict[str, Any] = {"manifest": told, "level": 1, "needs_second": False}
    with any_desk.owner.write(SYSTEM) as work:
        work.session.execute(update(Script).where(Script.id == script_id).values({changed: values[changed]}))
    with any_desk.owner.read() as session, pytest.raises(KnownError, match=r"script\.changed"):
        registry.package(session, script_id)


RUN = "INSERT INTO script_run (id, script_id, agent_id, at, dry_run, parameters, consent, second_id, test) VALUES "
TARGET = (
    "INSERT INTO script_run_target (id, run_id, target, as_whom, outcome, remote, problem, problem_facts, head) "
    "VALUES (gen_random_uuid(), %(run)s, 'h', 'u', 'waiting', 'never_started', '', '{}', '')"
)
TRIED_ON = (
    "INSERT INTO script_run_target (id, run_id, target, as_whom, outcome, remote, problem, problem_facts, head, "
    "connection_id) VALUES (gen_random_uuid(), %(tried)s, 'h', 'u', 'waiting', 'never_started', '', '{}', '', "
)
CONNECT = "INSERT INTO remote_connection VALUES "
FORBIDDEN = (
    ("ann", "INSERT INTO script SELECT gen_random_uuid(), 'x', version, 'other', files, manifest, role, level, "
            "needs_second, author_id, added_at, NULL, NULL, NULL FROM script LIMIT 1"),
    ("ann", "UPDATE script SET approved_by_id = %(ann)s, approved_at = now() WHERE id = %(waiting)s"),
    ("sue", "UPDATE script SET approved_by_id = %(sue)s, approved_at = now() WHERE id = %(waiting)s"),
    ("tom", "UPDATE script SET approved_by_id = %(tom)s, approved_at = now() WHERE id = %(toms)s"),
    ("tom", "UPDATE script SET approved_by_id = %(sue)s, approved_at = now() WHERE id = %(waiting)s"),
    ("tom", "UPDATE script SET files = 'x' WHERE id = %(approved)s"),
    ("tom", "UPDATE script SET author_id = NULL WHERE id = %(toms)s"),
    ("ann", RUN + "(gen_random_uuid(), %(waiting)s, %(ann)s, now(), false, '{}', '', NULL, false)"),
    ("ann", RUN + "(gen_random_uuid(), %(retired)s, %(ann)s, now(), false, '{}', '', NULL, false)"),
    ("ann", RUN + "(gen_random_uuid(), %(altered)s, %(ann)s, now(), false, '{}', '', NULL, false)"),
    ("bob", "UPDATE script_run SET second_id = %(bob)s WHERE id = %(altered_run)s"),
    ("ann", TARGET.replace("%(run)s", "%(late)s")),
    ("ann", RUN + "(gen_random_uuid(), %(high)s, %(ann)s, now(), false, '{}', '', NULL, false)"),
    ("ann", RUN + "(gen_random_uuid(), %(led)s, %(ann)s, now(), false, '{}', '', NULL, false)"),
    ("ann", RUN + "(gen_random_uuid(), %(approved)s, %(bob)s, now(), false, '{}', '', NULL, false)"),
    ("ann", RUN + "(gen_random_uuid(), %(second)s, %(ann)s, now(), false, '{}', '', %(bob)s, false)"),
    ("ann", "UPDATE script_run SET second_id = %(bob)s WHERE id = %(run)s"),
    ("ann", "UPDATE script_run SET second_id = %(ann)s WHERE id = %(run)s"),
    ("ann", "UPDATE script_run SET parameters = '{}' WHERE id = %(run)s"),
    ("ann", "DELETE FROM script_run WHERE id = %(run)s"),
    ("bob", "UPDATE script_run SET second_id = %(sue)s WHERE id = %(run)s"),
    ("ann", TARGET),
    ("bob", TARGET),
    ("ann", CONNECT + "(gen_random_uuid(), 'x', 'ssh', '', 'root', '[\"*\"]', '{}', false, false, %(ann)s)"),
    ("tom", CONNECT + "(gen_random_uuid(), 'x', 'ssh', '', 'root', '[\"*\"]', '{}', false, true, %(sue)s)"),
    ("tom", CONNECT + "(gen_random_uuid(), 'x', 'ssh', '', 'root', '[\"*\"]', '{}', false, true, NULL)"),
    ("tom", "UPDATE remote_connection SET targets = '[\"*\"]' WHERE name = 'lab'"),
    ("tom", RUN + "(gen_random_uuid(), %(waiting)s, %(tom)s, now(), false, '{}', '', NULL, true)"),
    ("tom", RUN + "(gen_random_uuid(), %(approved)s, %(tom)s, now(), false, '{}', '', NULL, true)"),
    ("tom", RUN + "(gen_random_uuid(), %(toms)s, %(tom)s, now(), true, '{}', '', NULL, false)"),
    ("ann", RUN + "(gen_random_uuid(), %(toms)s, %(ann)s, now(), false, '{}', '', NULL, true)"),
    ("tom", TRIED_ON + "%(production)s)"),
    ("tom", TRIED_ON + "%(own)s)"),
    ("tom", TRIED_ON + "NULL)"),
    ("ann", TRIED_ON + "%(lab)s)"),
    ("tom", "UPDATE script_run SET test = false WHERE id = %(tried)s"),
    ("tom", "INSERT INTO script SELECT gen_random_uuid(), 'x', version, 'other', files, manifest, role, level, "
            "needs_second, NULL, added_at, NULL, NULL, NULL FROM script LIMIT 1"),
    ("sue", "UPDATE remote_connection SET targets = '[\"*\"]'"),
    ("ann", "DELETE FROM host_key"),
)  # fmt: skip


@pytest.fixture
def seeded(shared_desk: SharedDesk) -> dict[str, Any]:
    desk = shared_desk
    known: dict[str, Any] = {name: desk.agent(name).id for name in ("ann", "bob", "sue", "tom")}
    packages = {
        "approved": shell(b"echo 1\n", key="approved"),
        "waiting": shell(b"echo 2\n", key="waiting"),
        "retired": shell(b"echo 3\n", key="retired"),
        "high": shell(b"echo 4\n", key="high", level=2),
        "led": shell(b"echo 5\n", key="led", role="supervisor"),
        "second": shell(b"echo 6\n", key="second", approval=True),
        "altered": shell(b"echo 8\n", key="altered", approval=True),
        "withdrawn": shell(b"echo 9\n", key="withdrawn"),
    }
    tom = desk.as_("tom")
    for name, package in packages.items():
        known[name] = registry.add(desk.owner, SYSTEM, package)
        if name != "waiting":
            registry.approve(*tom, known[name])
    registry.retire(*tom, known["retired"])
    known["toms"] = registry.add(*tom, shell(b"echo 7\n", key="toms"))
    for name, tests, saver in (("lab", True, SYSTEM), ("production", False, SYSTEM), ("own", True, tom[1])):
        known[name] = new_id()
        made = Connection(known[name], name, Transport.SSH, "", "help", ("*.lab.example",), {}, for_tests=tests)
        connections.save(desk.owner if saver is SYSTEM else tom[0], saver, made)
    known |= {name: new_id() for name in ("run", "tried", "altered_run", "late", "dry")}
    with desk.connect("tom") as connection:
        connection.execute(RUN + "(%(tried)s, %(toms)s, %(tom)s, now(), false, '{}', '', NULL, true)", known)
        connection.commit()
    with desk.connect("ann") as connection:
        asked = {"run": "second", "altered_run": "altered", "late": "withdrawn", "dry": "second"}
        for run, script in asked.items():
            told = known | {"this": known[run], "script": known[script], "is_dry": run == "dry"}
            connection.execute(RUN + "(%(this)s, %(script)s, %(ann)s, now(), %(is_dry)s, '{}', '', NULL, false)", told)
        connection.commit()
    registry.retire(*tom, known["withdrawn"])
    with desk.owner.write(SYSTEM) as work:  # whoever made the database is above its rules
        work.session.execute(update(ScriptRun).where(ScriptRun.id == known["run"]).values(previews={"h": "ssh u@h"}))
        evil = work.session.get_one(Script, known["approved"]).files
        work.session.execute(update(Script).where(Script.id == known["altered"]).values(files=evil))
    return known


@pytest.mark.parametrize(("who", "statement"), FORBIDDEN)
def test_the_database_forbids_what_the_window_does(
    shared_desk: SharedDesk, seeded: dict[str, Any], who: str, statement: str
) -> None:
    with shared_desk.connect(who) as connection:
        try:
            done = connection.execute(statement, seeded).rowcount
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation):
            return
        assert done == 0, "it was done"


def test_a_second_person_lets_it_begin(shared_desk: SharedDesk, seeded: dict[str, Any]) -> None:
    with shared_desk.connect("bob") as bob, shared_desk.connect("ann") as ann:
        assert bob.execute("UPDATE script_run SET second_id = %(bob)s WHERE id = %(run)s", seeded).rowcount == 1
        bob.commit()
        assert ann.execute(TARGET, seeded).rowcount == 1


def test_what_was_agreed_to_for_one_host_does_not_begin_on_another(
    shared_desk: SharedDesk, seeded: dict[str, Any]
) -> None:
    with shared_desk.connect("bob") as bob, shared_desk.connect("ann") as ann:
        bob.execute("UPDATE script_run SET second_id = %(bob)s WHERE id = %(run)s", seeded)
        bob.commit()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ann.execute(TARGET.replace("'h'", "'other'"), seeded)


def test_what_became_of_a_run_is_told_once(shared_desk: SharedDesk, seeded: dict[str, Any]) -> None:
    here = " WHERE run_id = %(dry)s"
    with shared_desk.connect("ann") as ann:
        ann.execute(TARGET.replace("%(run)s", "%(dry)s"), seeded)
        ann.commit()
        for statement in ("SET target = 'other'", "SET as_whom = 'other'", "SET run_id = %(run)s"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ann.execute(f"UPDATE script_run_target {statement}{here}", seeded)
            ann.rollback()
        ended = f"UPDATE script_run_target SET outcome = 'failed', ended_at = now(), head = 'it said'{here}"
        assert ann.execute(ended, seeded).rowcount == 1
        ann.commit()
        note = f"UPDATE script_run_target SET message_id = gen_random_uuid(){here}"
        assert ann.execute(note, seeded).rowcount == 1
        ann.commit()
        for statement in (
            "SET outcome = 'succeeded'",
            "SET head = 'nothing'",
            "SET ended_at = NULL",
            "SET message_id = NULL",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ann.execute(f"UPDATE script_run_target {statement}{here}", seeded)
            ann.rollback()
    with shared_desk.connect("bob") as bob:
        assert bob.execute(f"UPDATE script_run_target SET outcome = 'succeeded'{here}", seeded).rowcount == 0


def test_a_dry_run_needs_no_second_person(shared_desk: SharedDesk, seeded: dict[str, Any]) -> None:
    with shared_desk.connect("ann") as ann:
        assert ann.execute(TARGET.replace("%(run)s", "%(dry)s"), seeded).rowcount == 1


def test_an_author_tries_their_own_where_somebody_else_said_that_tests_may_run(
    shared_desk: SharedDesk, seeded: dict[str, Any]
) -> None:
    with shared_desk.connect("tom") as tom:
        assert tom.execute(TRIED_ON + "%(lab)s)", seeded).rowcount == 1


def test_an_administrator_adds_what_ships_and_may_approve_it(any_desk: SharedDesk) -> None:
    database, tom = any_desk.as_("tom")
    script_id = registry.add(database, tom, built_in()["linux-disk"])
    registry.approve(database, tom, script_id)
    assert registry.found(database, "linux-disk", approved=True).author == ""


def test_what_a_second_person_refused_does_not_begin(shared_desk: SharedDesk, seeded: dict[str, Any]) -> None:
    refused = "UPDATE script_run SET second_id = %(bob)s, refusal = 'No.' WHERE id = %(run)s"
    with shared_desk.connect("bob") as bob, shared_desk.connect("ann") as ann:
        assert bob.execute(refused, seeded).rowcount == 1
        bob.commit()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ann.execute(TARGET, seeded)


def test_who_may_run_it_is_asked_alike_by_the_desk_and_the_database(
    shared_desk: SharedDesk, seeded: dict[str, Any]
) -> None:
    scripts: list[UUID] = [seeded[each] for each in ("approved", "waiting", "retired", "high", "led")]
    for who in ("ann", "ada", "sue", "tom"):
        database, actor = shared_desk.as_(who)
        me = staff.sign_in(shared_desk.owner, f"{who}@desk.example").id
        for script in scripts:
            told = {"script": script, "me": me}
            with shared_desk.connect(who) as connection:
                try:
                    connection.execute(
                        RUN + "(gen_random_uuid(), %(script)s, %(me)s, now(), false, '{}', '', NULL, false)", told
                    )
                    said = True
                except psycopg.errors.InsufficientPrivilege:
                    said = False
            with database.read() as session:
                try:
                    registry.require_runner(session, actor, session.get_one(Script, script))
                    thought = True
                except KnownError:
                    thought = False
            assert thought == said, (who, script)
