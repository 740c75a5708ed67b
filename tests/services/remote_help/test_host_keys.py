"""The keys that were confirmed: listed, forgotten, and compared with what was shown since."""

import asyncssh
import pytest

from app.models.errors import KnownError, NotAllowed
from app.models.records.runs import Outcome
from app.services.remote_help import connections, host_keys, probing, recording
from app.services.remote_help.running import Running
from app.services.remote_help.transports.interface import UnknownHostKey
from tests.services.remote_help.conftest import HOST, Helping, shell


def test_a_key_is_listed_as_ssh_tells_it_and_forgotten_by_administrators_only(helping: Helping) -> None:
    [pinned] = host_keys.listed(helping.desk.owner)
    known = asyncssh.import_public_key(helping.host.host_key)
    assert (pinned.host, pinned.port, pinned.by) == (HOST, helping.host.port, "Tom")
    assert (pinned.fingerprint, pinned.algorithm) == (known.get_fingerprint(), "ssh-ed25519")
    with pytest.raises(NotAllowed):
        host_keys.forget(*helping.desk.as_("sue"), pinned.id)
    host_keys.forget(*helping.desk.as_("tom"), pinned.id)
    assert host_keys.listed(helping.desk.owner) == []


def test_another_key_that_was_shown_since_is_told_at_the_pinned_one(helping: Helping) -> None:
    [first] = host_keys.listed(helping.desk.owner)
    host_keys.forget(*helping.desk.as_("tom"), first.id)
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    host_keys.pin(*helping.desk.as_("tom"), HOST, helping.host.port, other)
    helping.approved(shell(b"true\n"))
    database, actor, prepared = helping.prepare("ann")
    run = Running(database, actor, prepared, recording.ask(database, actor, prepared)).run()
    assert run.outcome is Outcome.FAILED
    [pinned] = host_keys.listed(helping.desk.owner)
    assert pinned.shown == asyncssh.import_public_key(helping.host.host_key).get_fingerprint()
    assert pinned.shown_at is not None


def test_a_connection_is_tried_on_a_host_that_it_may_reach_before_anything_is_kept(helping: Helping) -> None:
    [made] = connections.listed(helping.desk.owner)
    database, secrets = helping.desk.owner, helping.secrets
    steps = probing.probe(database, secrets, made, HOST, {})
    assert [each.code for each in steps][:2] == ["ssh.host_key", "ssh.signed_in"]
    stranger = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    with pytest.raises(KnownError, match=r"ssh\.denied"):
        probing.probe(database, secrets, made, HOST, {"key": stranger})
    with pytest.raises(KnownError, match=r"remote\.not_allowed"):
        probing.probe(database, secrets, made, "10.1.1.1", {})
    with pytest.raises(KnownError, match=r"remote\.no_test_target"):
        probing.probe(database, secrets, made, " ", {})
    with pytest.raises(UnknownHostKey):
        probing.probe(database, secrets, made, "localhost", {})
