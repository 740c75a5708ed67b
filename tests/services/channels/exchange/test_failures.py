"""What goes wrong has a code, tells whether waiting helps, and never hangs, repeats for ever or tells secrets."""

import base64
import logging
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.models.errors import ChannelError
from app.services.channels.exchange.errors import Place, channel_error
from app.services.channels.exchange.protocol import HttpRefusal
from app.services.channels.exchange.tls import context_for
from app.services.wording import catalogue
from tests.peers.ews.running import DESK, PASSWORD, USER, certified, mail, populated, running
from tests.peers.ews.server import EwsServer
from tests.services.channels.exchange.conftest import Open


def failure(connector_open: Open, **settings: object) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        connector_open(**settings).poll(None, 10)
    return caught.value


def test_a_working_mailbox_tells_what_was_tested(server: EwsServer, connect: Open) -> None:
    server.store.deliver(DESK, mail(1))
    probes = connect(handled="move", handled_folder="Done").test()
    assert [each.code for each in probes] == [
        "exchange.signed_in",
        "exchange.folder",
        "exchange.handled_folder_to_make",
        "exchange.sends",
    ]
    assert probes[1].facts == {"folder": "Posteingang", "count": 1}
    assert {"CreateFolder", "CreateItem", "UpdateItem", "MoveItem"}.isdisjoint(server.calls)
    words = catalogue("en")
    assert all(f"probe.{each.code}" in words for each in probes)


@pytest.mark.parametrize("authentication", ["auto", "basic"])
@pytest.mark.parametrize("close", [False, True])
def test_a_wrong_password_is_refused_at_once_and_for_good(
    server: EwsServer, connect: Open, authentication: str, close: bool
) -> None:
    server.faults.close_refused = close
    error = failure(connect, password="wrong", authentication=authentication)
    assert (error.code, error.passing) == ("exchange.sign_in_refused", False)
    assert "wrong" not in str(error)


def test_no_password_is_told_without_asking_the_server(server: EwsServer, connect: Open) -> None:
    assert failure(connect, password=None).code == "exchange.no_password"
    assert server.calls == []


@pytest.mark.parametrize("offer", ["Negotiate", "Bearer"])
def test_a_server_that_offers_only_what_we_lack_is_told(server: EwsServer, connect: Open, offer: str) -> None:
    server.faults.offer = offer
    server.faults.refusal_headers = {"ms-diagnostics-public": "Modern Auth required"} if offer == "Bearer" else {}
    assert failure(connect).code == "exchange.no_sign_in_method"


@pytest.mark.parametrize(
    ("status", "code", "passing"),
    [
        (403, "exchange.ews_off", False),
        (404, "exchange.no_ews", False),
        (429, "exchange.busy", True),
        (503, "exchange.busy", True),
        (500, "exchange.not_understood", True),
    ],
)
@pytest.mark.parametrize("authentication", ["auto", "basic"])
def test_an_http_status_has_words_of_its_own(
    server: EwsServer, connect: Open, status: int, code: str, passing: bool, authentication: str
) -> None:
    server.faults.statuses = [status] * 40
    error = failure(connect, authentication=authentication)
    assert (error.code, error.passing) == (code, passing)


def test_the_wait_that_a_busy_server_asks_for_is_told(server: EwsServer, connect: Open) -> None:
    connector = connect(authentication="basic")
    connector.poll(None, 10)
    server.faults.statuses, server.faults.retry_after = [503], 37
    with pytest.raises(ChannelError) as caught:
        connector.poll(None, 10)
    assert (caught.value.facts["seconds"], caught.value.passing) == (37, True)
    assert connector.poll(None, 10).messages == []


def test_throttling_is_told_at_once_instead_of_waited_out(server: EwsServer, connect: Open) -> None:
    server.faults.busy_milliseconds = 120_000
    begun = time.monotonic()
    error = failure(connect, authentication="basic")
    assert (error.code, error.facts["seconds"]) == ("exchange.busy", 120)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("when", ["before", "after", "mid-answer"])
@pytest.mark.parametrize("operation", ["GetFolder", "SyncFolderItems", "GetItem"])
def test_a_connection_lost_in_mid_poll_passes_and_loses_nothing(
    server: EwsServer, connect: Open, operation: str, when: str
) -> None:
    server.store.deliver(DESK, mail(1))
    server.faults.drop = {operation: when}  # type: ignore[dict-item]
    connector = connect()
    with pytest.raises(ChannelError) as caught:
        connector.poll(None, 10)
    assert (caught.value.code, caught.value.passing) == ("exchange.connection_lost", True)
    assert [each.raw for each in connector.poll(None, 10).messages] == [mail(1)]


def test_a_silent_server_is_given_up_after_the_patience_set(server: EwsServer, connect: Open) -> None:
    server.faults.delay = 3
    begun = time.monotonic()
    error = failure(connect, timeout=1, authentication="basic")
    assert (error.code, error.passing) == ("exchange.timeout", True)
    assert time.monotonic() - begun < 3


def test_a_closed_port_passes(connect: Open) -> None:
    error = failure(connect, server="https://localhost:1/EWS/Exchange.asmx")
    assert (error.code, error.passing) == ("exchange.unreachable", True)


@pytest.mark.parametrize(
    ("code", "told", "passing"),
    [
        ("ErrorAccessDenied", "exchange.no_rights", False),
        ("ErrorNonExistentMailbox", "exchange.no_mailbox", False),
        ("ErrorCannotFindUser", "exchange.no_mailbox", False),
        ("ErrorMailboxStoreUnavailable", "exchange.refused", True),
        ("ErrorQuotaExceeded", "exchange.mailbox_full", True),
        ("ErrorTooManyObjectsOpened", "exchange.busy", True),
    ],
)
@pytest.mark.parametrize("operation", ["GetFolder", "SyncFolderItems"])
def test_an_ews_error_has_a_code_of_ours(
    server: EwsServer, connect: Open, code: str, told: str, passing: bool, operation: str
) -> None:
    server.faults.errors = {operation: code}
    error = failure(connect)
    assert (error.code, error.passing) == (told, passing)


def test_an_answer_that_is_not_ews_is_told(server: EwsServer, connect: Open) -> None:
    server.faults.garble = {"*"}
    error = failure(connect, authentication="basic")
    assert (error.code, error.passing) == ("exchange.not_understood", True)


def test_exchange_online_is_told_to_use_graph() -> None:
    place = Place("https://outlook.office365.com/EWS/Exchange.asmx", DESK, DESK, "inbox")
    assert [channel_error(HttpRefusal(status), place).code for status in (403, 404)] == ["exchange.cloud"] * 2
    elsewhere = Place("https://mail.notoffice365.com/EWS/Exchange.asmx", DESK, DESK, "inbox")
    assert channel_error(HttpRefusal(403), elsewhere).code == "exchange.ews_off"


def test_two_mailboxes_trust_two_authorities_in_one_process(tmp_path: Path, connect: Open) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for each in folders:
        each.mkdir()
    with running(folders[0]) as (one, first), running(folders[1]) as (two, second):
        one.store.deliver(DESK, mail(1))
        two.store.deliver(DESK, mail(2))
        left, right = connect(server=one.url, ca_file=str(first)), connect(server=two.url, ca_file=str(second))
        assert [each.raw for each in left.poll(None, 10).messages] == [mail(1)]
        assert [each.raw for each in right.poll(None, 10).messages] == [mail(2)]
        assert failure(connect, server=one.url, ca_file=str(second)).code == "exchange.certificate_unknown"
        assert failure(connect, server=two.url, ca_file="").code == "exchange.certificate_unknown"
        assert [each.raw for each in left.poll(None, 10).messages] == [mail(1)]


def test_the_environment_cannot_change_whom_a_mailbox_trusts(
    server: EwsServer, connect: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, stranger = certified(tmp_path, "stranger")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(stranger))
    assert connect().poll(None, 10).messages == []


def test_an_expired_certificate_is_told(tmp_path: Path, connect: Open) -> None:
    context, authority = certified(tmp_path, "expired", expires=datetime.now(UTC) - timedelta(days=1))
    with EwsServer(populated(), context) as expired:
        error = failure(connect, server=expired.url, ca_file=str(authority))
    assert (error.code, error.passing) == ("exchange.certificate_expired", False)


def test_a_certificate_for_another_host_is_told(tmp_path: Path, connect: Open) -> None:
    context, authority = certified(tmp_path, "other", host="mail.acme.example")
    with EwsServer(populated(), context) as other:
        error = failure(connect, server=other.url, ca_file=str(authority))
    assert (error.code, error.passing) == ("exchange.certificate_wrong_host", False)


def test_a_missing_or_broken_authority_file_is_told(connect: Open, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("not a certificate")
    assert failure(connect, ca_file=str(tmp_path / "none.pem")).code == "exchange.ca_file"
    assert failure(connect, ca_file=str(broken)).code == "exchange.ca_file"


def test_a_computer_without_authorities_of_its_own_trusts_the_public_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = ssl.DefaultVerifyPaths(None, None, "SSL_CERT_FILE", "/nowhere", "SSL_CERT_DIR", "/nowhere")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nowhere)
    before = ssl.create_default_context().cert_store_stats()["x509_ca"]
    assert context_for("").cert_store_stats()["x509_ca"] > max(before, 50) or before > 50


def test_plain_http_works_on_this_computer(connect: Open) -> None:
    with EwsServer(populated(), None) as plain:
        plain.store.deliver(DESK, mail(1))
        assert len(connect(server=plain.url, ca_file="").poll(None, 10).messages) == 1


def test_neither_logs_nor_errors_hold_the_password(
    server: EwsServer, connect: Open, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = [PASSWORD, base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode(), "It smokes."]
    server.store.deliver(DESK, mail(1))
    with caplog.at_level(logging.DEBUG):
        connect().poll(None, 10)
        server.faults.garble = {"*"}
        error = failure(connect, authentication="basic")
    told = "\n".join(each.getMessage() for each in caplog.records) + str(error) + repr(error.facts)
    assert not [each for each in secrets if each in told]
