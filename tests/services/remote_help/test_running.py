"""A run from the form to the ticket, on a real host, on either engine."""

import threading
from typing import Any

import pytest
from sqlalchemy import select

from app.models.errors import KnownError, NotAllowed
from app.models.records.runs import Line, Outcome, RemoteState, Stream
from app.models.tables import Audit, HostKey, ScriptRunTarget
from app.services.database import Work
from app.services.escalation import packet
from app.services.remote_help import agreeing, host_keys, recording, registry
from app.services.remote_help.hearing import HEAD, WHOLE
from app.services.remote_help.preparing import prepare
from app.services.remote_help.running import Running
from app.services.tickets import reading
from tests.fixtures.databases import SYSTEM
from tests.services.remote_help.conftest import HOST, Helping, shell

WORD = {"name": "word"}
SECRET = {"name": "word", "type": "secret", "required": True}


def test_what_it_says_and_became_stands_on_the_ticket(helping: Helping) -> None:
    helping.approved(shell(b'echo "got $1"; echo oops >&2\n', WORD))
    ticket = helping.desk.tickets["mine"]
    heard: list[tuple[str, Line]] = []

    def watch(running: Running) -> None:
        running.heard = lambda target, line: heard.append((target, line))

    found = helping.run(watch=watch, given={"word": "it's"}, ticket_id=ticket)
    [result] = found.results
    assert (found.outcome, result.remote, result.exit_code) == (Outcome.SUCCEEDED, RemoteState.FINISHED, 0)
    assert (found.script, found.agent, dict(found.parameters)) == ("a-script", "Ann", {"word": "it's"})
    assert sorted(heard, key=str) == sorted(
        [(HOST, Line(Stream.OUT, "got it's")), (HOST, Line(Stream.ERROR, "oops"))], key=str
    )
    note = reading.show(helping.desk.owner, ticket).messages[-1]
    assert "got it's" in note.text
    assert helping.host.user in note.text
    assert recording.runs(helping.desk.owner, ticket) == [found]


def test_whoever_takes_over_reads_what_scripts_came_to(helping: Helping) -> None:
    helping.approved(shell(b"seq 1 400\n", WORD))
    ticket = helping.desk.tickets["mine"]
    helping.run(given={"word": "a" * 300}, ticket_id=ticket)
    tried = packet.prefill(helping.desk.owner, ticket).tried.splitlines()
    assert tried[-1] == f"- Ann: Script “A script” (a-script 1.0): {HOST} succeeded"


def test_a_secret_is_told_nowhere(helping: Helping) -> None:
    program = {"transport": "ssh", "shell": "python", "file": "script.py"}
    source = b"print('the word is ' + values['word'])\nprint(values['word'][:5], end='')\nprint(values['word'][5:])\n"
    helping.approved(_python(source, program))
    ticket = helping.desk.tickets["mine"]
    heard: list[str] = []

    def watch(running: Running) -> None:
        running.heard = lambda _target, line: heard.append(line.text)

    found = helping.run(watch=watch, given={"word": "Sesame-4711"}, ticket_id=ticket)
    assert found.outcome is Outcome.SUCCEEDED
    assert heard == ["the word is ***", "***"]
    assert dict(found.parameters) == {"word": "•••"}
    assert "Sesame" not in repr(found)
    assert "Sesame" not in repr(helping.prepare("ann", given={"word": "Sesame-4711"}))
    with helping.desk.owner.read() as session:
        assert not [each for each in session.scalars(select(Audit)) if "Sesame" in str(each.after)]
        assert not [each for each in session.scalars(select(ScriptRunTarget)) if "Sesame" in each.head]


def test_what_was_not_asked_for_rightly_starts_nothing(helping: Helping) -> None:
    helping.approved(shell(b"true\n", {"name": "count", "type": "int", "most": 3}))
    refusals: list[tuple[str, dict[str, Any]]] = [
        (r"script\.value_too_great", {"given": {"count": "4"}}),
        (r"script\.no_parameter", {"given": {"other": "4"}}),
        (r"script\.no_target", {"targets": []}),
        (r"script\.no_dry_run", {"dry_run": True}),
        (r"script\.unknown", {"key": "another"}),
        (r"remote\.not_allowed", {"targets": ["db.example"]}),
    ]
    for code, told in refusals:
        with pytest.raises(KnownError, match=code):
            helping.prepare("ann", **told)
    assert recording.runs(helping.desk.owner) == []


def test_who_may_not_run_it_does_not(helping: Helping) -> None:
    helping.approved(shell(b"true\n", level=2))
    with pytest.raises(NotAllowed, match="script_level"):
        helping.prepare("ann")
    assert helping.run("ada").outcome is Outcome.SUCCEEDED
    assert helping.run("sue").outcome is Outcome.SUCCEEDED


def test_a_run_that_takes_too_long_is_ended_there(helping: Helping) -> None:
    helping.approved(shell(b"export MARK=firstline-too-long\nsleep 60\n", timeout=1))
    found = helping.run()
    assert (found.outcome, found.results[0].remote) == (Outcome.TIMED_OUT, RemoteState.STOPPED)
    assert helping.host.processes("firstline-too-long") == []


def test_who_stops_a_run_ends_it_there(helping: Helping) -> None:
    helping.approved(shell(b"export MARK=firstline-stopped\necho on\nsleep 60\n"))

    def watch(running: Running) -> None:
        running.heard = lambda _target, _line: threading.Thread(target=running.stop).start()

    found = helping.run(watch=watch)
    assert (found.outcome, found.results[0].remote) == (Outcome.CANCELLED, RemoteState.STOPPED)
    assert helping.host.processes("firstline-stopped") == []


def test_several_hosts_run_side_by_side_and_one_that_fails_keeps_none_back(helping: Helping) -> None:
    helping.approved(shell(b"echo on\n"))
    found = helping.run(targets=[HOST, "localhost"])
    assert {each.target: (each.outcome, each.problem) for each in found.results} == {
        HOST: (Outcome.SUCCEEDED, ""),
        "localhost": (Outcome.REFUSED, "ssh.host_key_unknown"),
    }
    assert found.outcome is Outcome.REFUSED


def test_a_host_key_is_asked_about_once(helping: Helping) -> None:
    helping.approved(shell(b"echo on\n"))
    with helping.desk.owner.write(SYSTEM) as work:
        _forget_keys(work)
    asked: list[Running] = []
    found = helping.run(watch=asked.append)
    assert (found.outcome, found.results[0].remote) == (Outcome.REFUSED, RemoteState.NEVER_STARTED)
    [unknown] = asked[0].unknown
    host_keys.pin(*helping.desk.as_("ann"), HOST, helping.host.port, str(unknown.facts["key"]))
    assert helping.run().outcome is Outcome.SUCCEEDED


def test_much_output_is_a_file_on_the_ticket(helping: Helping) -> None:
    helping.approved(shell(b"seq 1 20000\n"))
    ticket = helping.desk.tickets["mine"]
    found = helping.run(ticket_id=ticket)
    assert found.results[0].head.endswith("…")
    [file] = reading.show(helping.desk.owner, ticket).messages[-1].attachments
    content = reading.attachment_content(helping.desk.owner, file.sha256)
    assert content.decode().split() == [str(each) for each in range(1, 20001)]


def test_output_without_an_end_is_cut_off_and_its_run_is_ended(helping: Helping) -> None:
    source = b"export MARK=firstline-floods\nyes abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\n"
    helping.approved(shell(source))
    ticket = helping.desk.tickets["mine"]
    lines = 0

    def watch(running: Running) -> None:
        def heard(_target: str, _line: Line) -> None:
            nonlocal lines
            lines += 1
            if lines == 250_000:
                threading.Thread(target=running.stop).start()

        running.heard = heard

    found = helping.run(watch=watch, ticket_id=ticket)
    assert (found.outcome, found.results[0].remote) == (Outcome.CANCELLED, RemoteState.STOPPED)
    assert helping.host.processes("firstline-floods") == []
    [file] = reading.show(helping.desk.owner, ticket).messages[-1].attachments
    assert len(reading.attachment_content(helping.desk.owner, file.sha256)) == WHOLE
    assert len(found.results[0].head.encode()) < 2 * HEAD


def test_bytes_that_are_no_text_are_kept_as_they_are_and_shown_as_can_be(helping: Helping) -> None:
    helping.approved(shell(b"head -c 30000 /dev/zero | tr '\\0' '\\377'\nprintf '\\000\\001\\033[31m\\n'\n"))
    ticket = helping.desk.tickets["mine"]
    found = helping.run(ticket_id=ticket)
    assert found.outcome is Outcome.SUCCEEDED
    assert found.results[0].head.startswith("\ufffd")
    [file] = reading.show(helping.desk.owner, ticket).messages[-1].attachments
    content = reading.attachment_content(helping.desk.owner, file.sha256)
    assert content == b"\xff" * 30_000 + b"\0\x01\x1b[31m\n"


def test_a_second_person_agrees_to_just_this_run(helping: Helping) -> None:
    helping.approved(shell(b"echo on\n", WORD, approval=True))
    database, ann, prepared = helping.prepare("ann", given={"word": "a"})
    run_id = recording.ask(database, ann, prepared)
    with pytest.raises(KnownError, match=r"script\.not_agreed"):
        agreeing.begin_agreed(database, ann, run_id, prepared)
    with pytest.raises(KnownError, match=r"script\.own_run"):
        agreeing.agree(database, ann, run_id)
    agreeing.agree(*helping.desk.as_("bob"), run_id)
    other = helping.prepare("ann", given={"word": "b"})[2]
    with pytest.raises(KnownError, match=r"script\.other_run"):
        agreeing.begin_agreed(database, ann, run_id, other)
    agreeing.begin_agreed(database, ann, run_id, prepared)
    found = Running(database, ann, prepared, run_id).run()
    assert (found.outcome, found.second) == (Outcome.SUCCEEDED, "Bob")
    with pytest.raises(KnownError, match=r"script\.run_twice"):
        agreeing.begin_agreed(database, ann, run_id, prepared)


def test_a_dry_run_needs_no_second_person(helping: Helping) -> None:
    helping.approved(shell(b'echo "$FIRSTLINE_DRY_RUN"\n', approval=True, dry_run=True))
    assert helping.run(dry_run=True).outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize("approval", [False, True])
def test_bytes_that_change_before_it_begins_do_not_run(helping: Helping, approval: bool) -> None:
    helping.approved(shell(b"echo on\n", approval=approval))
    database, ann, prepared = helping.prepare("ann")
    run_id = recording.ask(database, ann, prepared) if approval else None
    if run_id is not None:
        agreeing.agree(*helping.desk.as_("bob"), run_id)
    helping.alter("a-script")
    with pytest.raises(KnownError, match=r"script\.changed"):
        if run_id is not None:
            agreeing.begin_agreed(database, ann, run_id, prepared)
        else:
            recording.ask(database, ann, prepared)
    assert all(not each.results for each in recording.runs(helping.desk.owner))


def test_a_script_that_was_retired_since_does_not_begin(helping: Helping) -> None:
    helping.approved(shell(b"echo on\n", approval=True))
    database, ann, prepared = helping.prepare("ann")
    run_id = recording.ask(database, ann, prepared)
    agreeing.agree(*helping.desk.as_("bob"), run_id)
    registry.retire(*helping.desk.as_("tom"), prepared.script_id)
    with pytest.raises(KnownError, match=r"script\.retired"):
        agreeing.begin_agreed(database, ann, run_id, prepared)


def test_two_do_not_run_on_one_host_at_a_time_and_a_dead_desk_holds_nobody_up(helping: Helping) -> None:
    helping.approved(shell(b"echo on\n"))
    database, ann, prepared = helping.prepare("ann")
    run_id = recording.ask(database, ann, prepared)
    with pytest.raises(KnownError, match=r"script\.busy"):
        helping.run("bob")
    helping.desk.clock.forward(minutes=5)
    if not database.is_shared:
        lost = recording.run_of(helping.desk.owner, run_id)
        assert (lost.outcome, lost.results[0].problem) == (Outcome.LOST, "script.desk_gone")
        assert helping.run("bob").outcome is Outcome.SUCCEEDED


def test_of_two_desks_that_ask_at_once_one_runs(helping: Helping, monkeypatch: pytest.MonkeyPatch) -> None:
    helping.approved(shell(b"echo on\n"))
    mine, other = helping.prepare("ann"), helping.prepare("bob")
    ended: list[str] = []
    write = recording.add_targets

    def as_the_other() -> None:
        try:
            recording.ask(*other)
            ended.append("ran")
        except KnownError as error:
            ended.append(error.code)

    asking = threading.Thread(target=as_the_other)

    def meanwhile(*told: Any) -> None:
        monkeypatch.setattr(recording, "add_targets", write)
        asking.start()
        asking.join(1)  # where nothing held it up it would have ended by now
        write(*told)

    monkeypatch.setattr(recording, "add_targets", meanwhile)
    recording.ask(*mine)
    asking.join(60)
    assert ended == ["script.busy"]


def test_a_locked_keyring_is_told_on_the_run(helping: Helping, monkeypatch: pytest.MonkeyPatch) -> None:
    helping.approved(shell(b"echo on\n"))
    database, ann = helping.desk.as_("ann")

    class Locked:
        def get(self, name: str) -> str | None:
            raise KnownError("keyring.failed", backend="test", reason=name)

    from app.services.remote_help.preparing import Wanted

    prepared = prepare(database, ann, Locked(), Wanted("a-script", [HOST]))  # type: ignore[arg-type]
    found = Running(database, ann, prepared, recording.ask(database, ann, prepared)).run()
    assert (found.outcome, found.results[0].problem) == (Outcome.FAILED, "keyring.failed")


def _python(source: bytes, program: dict[str, Any]) -> Any:
    import tomlkit

    from app.services.remote_help.library import package_of
    from tests.services.remote_help.transports.carrying import manifest

    told = manifest(program, [SECRET])
    text = tomlkit.dumps(told.model_dump(mode="json", by_alias=True, exclude_none=True))
    return package_of("a-script", {"script.py": source, "script.toml": text.encode()})


def _forget_keys(work: Work) -> None:
    from sqlalchemy import delete

    work.session.execute(delete(HostKey))
