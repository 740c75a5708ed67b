"""Scripts on a real OpenSSH server: values, streams, exit codes, keys, and an end that is one."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import asyncssh
import pytest

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState
from app.models.records.scripts import Transport
from app.services.remote_help.transports.interface import Job, UnknownHostKey
from app.services.remote_help.transports.ssh import SshCarrier, carrier
from tests.fixtures.sshd import SshHost
from tests.peers.ports import free_port
from tests.services.remote_help.transports.carrying import Said, carry, connection, job, manifest, package

HOSTILE = [
    "plain",
    "",
    "it's",
    'say "yes"',
    "a\nb\n",
    "$(touch /tmp/firstline-was-here)",
    "`id`; rm -rf x & | > y",
    "\u2018quoted\u2019 \u201cso\u201d",
    "-rf",
    "*",
    "!history",
    "tab\tand \x1b[31m red",
    "'\\''",
    "ünïcode ☃ 𝒳",
    "x" * 1_000_000,
]
FILLS = b"print('on', flush=True)\nwith open('/dev/full', 'w') as full:\n    full.write('data')\n"
SHOWS = b'for each in "$@"; do printf \'%s\' "$each" | sha256sum | cut -c1-64; done\n'
Make = Callable[..., Job]


@pytest.fixture
def make(ssh_host: SshHost) -> Make:
    """A job with a shell script, or a Python one."""

    def made(source: bytes, shell: str = "sh", parameters: tuple[str, ...] = (), **more: Any) -> Job:
        file = "script.sh" if shell == "sh" else "script.py"
        told = manifest({"transport": "ssh", "shell": shell, "file": file}, [{"name": each} for each in parameters],
                        **more.pop("manifest", {}))  # fmt: skip
        reached = connection(Transport.SSH, user=ssh_host.user, port=more.pop("port", ssh_host.port))
        secrets = more.pop("secrets", {"key": ssh_host.key})
        keys = more.pop("host_keys", (ssh_host.host_key,))
        return job(
            package(told, **{file.replace(".", "__"): source}), "127.0.0.1", reached, secrets, host_keys=keys, **more
        )

    return made


def ran(wanted: Job, **more: Any) -> tuple[Ended, Said]:
    said = Said()
    return carry(SshCarrier(), wanted, said, **more), said


def test_what_it_says_and_how_it_ends_is_told(make: Make) -> None:
    ended, said = ran(make(b"echo out; echo err >&2; exit 3\n"))
    assert (ended.outcome, ended.exit_code, ended.remote) == (Outcome.FAILED, 3, RemoteState.FINISHED)
    assert (bytes(said.out), bytes(said.error)) == (b"out\n", b"err\n")
    ended, _ = ran(make(b"exit 3\n", manifest={"success_codes": [0, 3]}))
    assert ended.outcome is Outcome.SUCCEEDED


def test_no_value_is_ever_read_by_a_shell(make: Make) -> None:
    import hashlib

    names = tuple(f"p{place}" for place in range(len(HOSTILE)))
    ended, said = ran(make(SHOWS, "sh", names, values=dict(zip(names, HOSTILE, strict=True))))
    assert ended.outcome is Outcome.SUCCEEDED
    assert bytes(said.out).decode().split() == [hashlib.sha256(each.encode()).hexdigest() for each in HOSTILE]


def test_a_python_script_finds_its_values_as_they_were(make: Make) -> None:
    names = tuple(f"p{place}" for place in range(len(HOSTILE)))
    source = b"import json\nprint(json.dumps([target, dry_run, values]))\n"
    wanted = make(source, "python", names, values=dict(zip(names, HOSTILE, strict=True)), dry_run=True)
    ended, said = ran(wanted)
    assert ended.outcome is Outcome.SUCCEEDED, bytes(said.error)
    target, dry, values = json.loads(bytes(said.out))
    assert (target, dry, list(values.values())) == ("127.0.0.1", True, HOSTILE)


@pytest.mark.parametrize("shell", ["sh", "python"])
def test_no_value_stands_in_a_command_line(make: Make, ssh_host: SshHost, shell: str) -> None:
    source = b"sleep 30\n" if shell == "sh" else b"import time\nprint('on', flush=True)\ntime.sleep(30)\n"
    source = b"echo on\n" + source if shell == "sh" else source
    seen: list[list[int]] = []

    def look(said: Said) -> bool:
        seen.append(ssh_host.processes("Sesame-4711"))
        return b"on" in said.out

    ran(make(source, shell, ("word",), values={"word": "Sesame-4711"}), stop_when=look)
    assert seen
    assert not any(seen)


def test_a_zero_byte_is_refused_before_anything_starts(make: Make) -> None:
    with pytest.raises(KnownError, match=r"ssh\.value_nul"):
        ran(make(b"true\n", "sh", ("word",), values={"word": "a\0b"}))


def test_what_a_script_starts_cannot_read_the_rest_of_it(make: Make) -> None:
    ended, said = ran(make(b'cat\nread line\necho "<$line>"\n'))
    assert (ended.outcome, bytes(said.out)) == (Outcome.SUCCEEDED, b"<>\n")


def test_a_dry_run_is_told_to_the_script(make: Make) -> None:
    source = b'echo "$FIRSTLINE_DRY_RUN $FIRSTLINE_TARGET"\n'
    assert bytes(ran(make(source, dry_run=True))[1].out) == b"1 127.0.0.1\n"
    assert bytes(ran(make(source))[1].out) == b"0 127.0.0.1\n"


def test_bytes_arrive_as_they_are_and_as_many_as_there_are(make: Make) -> None:
    ended, said = ran(make(b"head -c 50000000 /dev/zero | tr '\\0' '\\377'\n"))
    assert (ended.outcome, len(said.out)) == (Outcome.SUCCEEDED, 50_000_000)
    assert said.out.count(b"\xff") == 50_000_000


@pytest.mark.parametrize("reason", [Outcome.CANCELLED, Outcome.TIMED_OUT])
def test_a_stop_leaves_no_process_behind(make: Make, ssh_host: SshHost, reason: Outcome) -> None:
    source = b"export MARK=firstline-stop-me\nsh -c 'while :; do sleep 1; done' &\n(sleep 300) &\necho on\nwait\n"
    ended, _ = ran(make(source), stop_when=lambda said: b"on" in said.out, outcome=reason)
    assert (ended.outcome, ended.remote) == (reason, RemoteState.STOPPED)
    assert ssh_host.processes("firstline-stop-me") == []


def test_what_will_not_end_is_made_to(make: Make, ssh_host: SshHost) -> None:
    source = b"export MARK=firstline-stubborn\ntrap '' TERM INT HUP\necho on\nwhile :; do sleep 0.2; done\n"
    begun = time.monotonic()
    ended, _ = ran(make(source), stop_when=lambda said: b"on" in said.out)
    assert ended.remote is RemoteState.STOPPED
    assert time.monotonic() - begun > 4
    assert ssh_host.processes("firstline-stubborn") == []


def test_output_without_an_end_can_be_stopped(make: Make, ssh_host: SshHost) -> None:
    source = b"export MARK=firstline-endless\nwhile :; do echo yes yes yes; done\n"
    ended, _ = ran(make(source), stop_when=lambda said: len(said.out) > 5_000_000)
    assert ended.remote is RemoteState.STOPPED
    assert ssh_host.processes("firstline-endless") == []


def test_a_connection_that_is_cut_says_that_nobody_knows(make: Make, ssh_host: SshHost) -> None:
    cut: list[bool] = []

    def look(said: Said) -> bool:
        if b"on" in said.out and not cut:
            cut.append(True)
            ssh_host.cut()
        return False

    ended, _ = ran(make(b"echo on\nsleep 6\n"), stop_when=look)
    assert (ended.outcome, ended.remote) == (Outcome.LOST, RemoteState.UNKNOWN)
    assert ended.problem is not None
    assert ended.problem.code == "ssh.cut"


def test_a_full_disk_on_the_host_is_told_in_its_own_words_and_the_end_is_known(make: Make) -> None:
    for shell, source in (("sh", b"echo on\necho data | cat > /dev/full\n"), ("python", FILLS)):
        ended, said = ran(make(source, shell))
        assert (ended.outcome, ended.remote) == (Outcome.FAILED, RemoteState.FINISHED), shell
        assert b"No space left on device" in said.error
        assert bytes(said.out) == b"on\n"


def test_a_script_that_is_killed_there_says_by_what(make: Make) -> None:
    ended, said = ran(make(b"echo on\nkill -KILL $$\n"))
    assert (ended.outcome, ended.remote) == (Outcome.FAILED, RemoteState.FINISHED)
    assert ended.problem is not None
    assert (ended.problem.code, ended.problem.facts["signal"]) == ("ssh.killed", "KILL")
    assert bytes(said.out) == b"on\n"


def test_a_script_that_reads_none_of_its_values_ends_all_the_same(make: Make) -> None:
    names = tuple(f"p{place}" for place in range(8))
    ended, _ = ran(make(b"exec 0<&-\nexit 0\n", "sh", names, values=dict.fromkeys(names, "x" * 1_000_000)))
    assert ended.outcome is Outcome.SUCCEEDED
    ended, _ = ran(make(b"raise SystemExit(4)\n", "python", names, values=dict.fromkeys(names, "x" * 1_000_000)))
    assert (ended.outcome, ended.exit_code) == (Outcome.FAILED, 4)


def test_a_process_that_left_its_group_is_no_reason_to_wait_for_ever(make: Make, ssh_host: SshHost) -> None:
    source = b"export MARK=firstline-left\nsetsid sleep 20 >/dev/null 2>&1 </dev/null &\necho on\nwait\nsleep 60\n"
    ended, _ = ran(make(source), stop_when=lambda said: b"on" in said.out)
    assert (ended.outcome, ended.remote) == (Outcome.CANCELLED, RemoteState.STOPPED)
    for each in ssh_host.processes("firstline-left"):
        os.kill(each, signal.SIGKILL)


def test_a_host_that_nobody_saw_before_is_asked_about_and_nothing_runs(make: Make, ssh_host: SshHost) -> None:
    with pytest.raises(UnknownHostKey) as told:
        ran(make(b"touch /tmp/firstline-was-here\n", host_keys=()))
    facts = told.value.facts
    assert facts["key"] == " ".join(ssh_host.host_key.split()[:2])
    assert str(facts["fingerprint"]).startswith("SHA256:")
    ended, _ = ran(make(b"true\n", host_keys=(str(facts["key"]),)))
    assert ended.outcome is Outcome.SUCCEEDED


def test_a_host_that_shows_another_key_than_before_is_refused(make: Make) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with pytest.raises(KnownError, match=r"ssh\.host_key_changed") as told:
        ran(make(b"true\n", host_keys=(other,)))
    assert told.value.facts["before"] != told.value.facts["fingerprint"]


def test_who_is_not_let_in_is_told(make: Make) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    with pytest.raises(KnownError, match=r"ssh\.denied"):
        ran(make(b"true\n", secrets={"key": stranger}))
    with pytest.raises(KnownError, match=r"ssh\.bad_key") as told:
        ran(make(b"true\n", secrets={"key": "no key at all"}))
    assert "no key at all" not in str(told.value)
    with pytest.raises(KnownError, match=r"ssh\.no_secret"):
        ran(make(b"true\n", secrets={}))


def test_a_port_where_nobody_listens_is_told(make: Make) -> None:
    with pytest.raises(KnownError, match=r"ssh\.refused"):
        ran(make(b"true\n", port=free_port()))


def test_a_stop_while_it_connects_starts_nothing(make: Make) -> None:
    import asyncio

    from app.services.remote_help.transports.interface import Stop

    async def running() -> Ended:
        stop = Stop()
        stop.ask(Outcome.CANCELLED)
        return await SshCarrier().run(make(b"true\n"), Said(), stop)

    ended = asyncio.run(running())
    assert (ended.outcome, ended.remote) == (Outcome.CANCELLED, RemoteState.NEVER_STARTED)


def test_a_preview_says_what_will_run_where_as_whom_without_secrets(make: Make, ssh_host: SshHost) -> None:
    told = SshCarrier().preview(make(b"true\n", "sh", ("word",), values={"word": "a b"}, dry_run=True))
    assert told == f"ssh {ssh_host.user}@127.0.0.1:{ssh_host.port}  script.sh 'a b'  (dry run)"


def test_a_probe_reaches_makes_sure_and_signs_in(make: Make, ssh_host: SshHost) -> None:
    found = asyncio.run(SshCarrier().probe(make(b"true\n").reach))
    assert [each.code for each in found] == ["ssh.host_key", "ssh.signed_in", "ssh.runs", "ssh.runs"]
    assert found[0].facts["fingerprint"] == asyncssh.import_public_key(ssh_host.host_key).get_fingerprint()
    assert {each.facts["name"] for each in found[2:]} == {"sh", "python3"}


def test_a_probe_says_what_a_run_would(make: Make) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    with pytest.raises(KnownError, match=r"ssh\.denied"):
        asyncio.run(SshCarrier().probe(make(b"true\n", secrets={"key": stranger}).reach))
    with pytest.raises(UnknownHostKey):
        asyncio.run(SshCarrier().probe(make(b"true\n", host_keys=()).reach))


def test_a_host_that_greets_without_end_fills_no_memory() -> None:
    running = carrier._Running(None, None, Said(), "token")  # type: ignore[arg-type]
    told, kept = running._without_token(b"x" * 1_000_000)
    assert (len(told), kept) == (1_000_000, b"")
