"""A secret stands nowhere after a run: not in the database, a log, a crash report or what is kept in memory."""

import asyncio
import base64
import gc
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
import tomlkit
from pytest_socket import socket_allow_hosts
from sqlalchemy import inspect, make_url, text

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.runs import Connection, Ended, Outcome, RemoteState, Run, Stream
from app.models.records.scripts import Transport
from app.models.tables import Table
from app.services.database import Database
from app.services.remote_help import connections, recording, registry
from app.services.remote_help.library import built_in, package_of
from app.services.remote_help.preparing import Prepared, Wanted, prepare
from app.services.remote_help.running import Running
from app.services.remote_help.transports.interface import Job, Output, Stop
from app.services.remote_help.transports.ssh import SshCarrier
from app.services.secrets import Secrets
from app.services.tickets import reading
from app.views.kit.crash import report_of
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk
from tests.peers.samba import Domain
from tests.peers.samba.domain import PASSWORD, STAFF
from tests.peers.samba.way import Way
from tests.services.remote_help.conftest import Helping
from tests.services.remote_help.transports.carrying import manifest

WORD = "Sesame-4711-öffne"
SECRET = {"name": "word", "type": "secret", "required": True}
TELLS = b"""
import base64, sys
word = values['word']
print('the word is', word)
print(base64.b64encode(word.encode()).decode(), repr(word), word.encode())
sys.stderr.write(word + chr(10))
sys.exit(3)
"""


def forms(secret: str) -> list[bytes]:
    plain = secret.encode()
    return [plain, base64.b64encode(plain), plain.hex().encode(), secret.encode("utf-16-le"), secret[:8].encode()]


def stored(desk: SharedDesk) -> bytes:
    """All there is in the database, files as well."""
    if not desk.owner.is_shared:
        file = Path(str(make_url(desk.url).database))
        return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
    found: list[str] = []
    with desk.owner.read() as session:
        for name in inspect(session.connection()).get_table_names():
            found += session.scalars(text(f'SELECT t::text FROM "{name}" t')).all()
    assert len(Table.metadata.tables) <= len(found)
    return "\n".join(found).encode()


def require_nowhere(secret: str, desk: SharedDesk, *told: object) -> None:
    everything = [stored(desk), *(repr(each).encode() for each in told)]
    for form in forms(secret):
        assert not any(form in each for each in everything), form


def python(source: bytes, key: str = "a-script") -> Any:
    told = manifest({"transport": "ssh", "shell": "python", "file": "script.py"}, [SECRET], id=key)
    words = tomlkit.dumps(told.model_dump(mode="json", by_alias=True, exclude_none=True))
    return package_of(key, {"script.py": source, "script.toml": words.encode()})


def reachable(start: object) -> Iterator[object]:
    """All that one object holds on to, code aside."""
    seen, waiting = set(), [start]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, ModuleType | type | FunctionType):
            continue
        seen.add(id(each))
        yield each
        waiting += gc.get_referents(each)


@pytest.fixture(autouse=True)
def _every_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def test_one_that_is_given_to_a_script_stands_nowhere(helping: Helping, caplog: pytest.LogCaptureFixture) -> None:
    helping.approved(python(TELLS))
    ticket = helping.desk.tickets["mine"]
    heard: list[object] = []
    kept: list[Running] = []

    def watch(running: Running) -> None:
        kept.append(running)
        running.heard = lambda *told: heard.append(told)

    found = helping.run(watch=watch, given={"word": WORD}, ticket_id=ticket)
    assert (found.outcome, found.results[0].exit_code) == (Outcome.FAILED, 3)
    assert "***" in found.results[0].head
    require_nowhere(WORD, helping.desk, found, heard, caplog.text, reading.show(helping.desk.owner, ticket))
    assert helping.host.key.splitlines()[1] not in stored(helping.desk).decode("utf-8", "replace")
    assert not [each for each in reachable(kept[0]) if isinstance(each, str) and WORD in each]


class _Leaking(SshCarrier):
    """Says the secret wherever a carrier can say something."""

    async def run(self, job: Job, output: Output, stop: Stop) -> Ended:
        word = str(job.values["word"])
        output.keep(f"{word}.txt", f"in a file: {word}".encode())
        output.table(("word", "value"), [(word, 1)])
        output.document({word: [word, {"deep": word}]})
        output.progress(0.5, f"using {word}")
        output.write(Stream.OUT, word.encode())
        await asyncio.sleep(0)
        return self.ends(word)

    def ends(self, word: str) -> Ended:
        problem = KnownError("ssh.lost", host="h", port=22, reason=f"refused {word}")
        return Ended(Outcome.FAILED, RemoteState.FINISHED, 1, problem)


class _Buggy(_Leaking):
    def ends(self, word: str) -> Ended:
        try:
            raise KeyError(word)
        except KeyError as error:
            raise RuntimeError(f"cannot use {word}", {"word": word}) from error


def test_one_that_a_server_says_again_stands_nowhere(
    helping: Helping, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    helping.approved(python(TELLS))
    monkeypatch.setattr("app.services.remote_help.running.carrier_of", lambda _transport: _Leaking())
    ticket = helping.desk.tickets["mine"]
    found = helping.run(given={"word": WORD}, ticket_id=ticket)
    assert found.results[0].problem_facts["reason"] == "refused ***"
    require_nowhere(WORD, helping.desk, found, caplog.text)


def test_a_bug_tells_none_and_leaves_a_record_all_the_same(
    helping: Helping, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    helping.approved(python(TELLS))
    monkeypatch.setattr("app.services.remote_help.running.carrier_of", lambda _transport: _Buggy())
    ticket = helping.desk.tickets["mine"]
    with pytest.raises(RuntimeError, match=re.escape("cannot use ***")) as bug:
        helping.run(given={"word": WORD}, ticket_id=ticket)
    logging.getLogger("test").error("a bug", exc_info=bug.value)
    assert "cannot use ***" in caplog.text
    [found] = recording.runs(helping.desk.owner, ticket)
    assert (found.outcome, found.results[0].problem) == (Outcome.LOST, "script.bug")
    require_nowhere(WORD, helping.desk, found, caplog.text, report_of(bug.value))


@pytest.mark.needs_debian
class TestDirectory:
    """On a domain, by the scripts that ship."""

    @pytest.fixture
    def way(self, domain: Domain) -> Iterator[Way]:
        socket_allow_hosts(["127.0.0.1", "::1", "localhost", domain.address], allow_unix_socket=True)
        with domain.way() as found:
            yield found

    def ran(self, desk: SharedDesk, domain: Domain, way: Way, key: str, target: str) -> tuple[Run, dict[str, str]]:
        made = Connection(new_id(), "corp", Transport.DIRECTORY, way.name, "helpdesk@corp.example", (STAFF,),
                          {"ca": domain.ca})  # fmt: skip
        connections.save(*desk.as_("tom"), made)
        registry.approve(*desk.as_("tom"), registry.add(desk.owner, SYSTEM, built_in()[key]))
        database, ann = desk.as_("ann")
        secrets = Secrets({"FIRSTLINE_SECRET_REMOTE_CORP_PASSWORD": PASSWORD})
        wanted = Wanted(key, [target], {}, desk.tickets["mine"])
        shown: dict[str, str] = {}
        running = self._running(database, ann, prepare(database, ann, secrets, wanted), shown)
        found = running.run()
        assert not [each for each in reachable(running) if isinstance(each, str) and PASSWORD in each]
        return found, shown

    def _running(self, database: Database, actor: Any, prepared: Prepared, shown: dict[str, str]) -> Running:
        run_id = recording.ask(database, actor, prepared)
        return Running(database, actor, prepared, run_id, over=lambda _target, _end, told: shown.update(told))

    def test_a_new_password_is_shown_once_and_stands_nowhere(
        self, any_desk: SharedDesk, domain: Domain, way: Way, caplog: pytest.LogCaptureFixture
    ) -> None:
        person = domain.person()
        person.lock()
        found, shown = self.ran(any_desk, domain, way, "ad-reset-password", person.account)
        assert found.outcome is Outcome.SUCCEEDED
        [password] = shown.values()
        assert " 773," in person.sign_in(password)
        conversation = reading.show(any_desk.owner, any_desk.tickets["mine"])
        for secret in (password, PASSWORD):
            require_nowhere(secret, any_desk, found, caplog.text, conversation)
        assert f"{person.account} has a new password" in conversation.messages[-1].text
        assert found.results[0].as_whom == "helpdesk@corp.example"

    def test_a_lock_is_told_with_a_table_on_the_ticket(self, any_desk: SharedDesk, domain: Domain, way: Way) -> None:
        person = domain.person()
        person.lock()
        found, _ = self.ran(any_desk, domain, way, "ad-lock-state", person.account)
        assert found.outcome is Outcome.SUCCEEDED
        assert "LOCKED" in found.results[0].head
        assert found.results[0].document["rows"][0][1] == "3"
