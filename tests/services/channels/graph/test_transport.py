"""How it behaves towards Graph, and what it says when the world misbehaves."""

import re
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
import trustme

from app import __version__
from app.models.errors import ChannelError
from app.services.channels.graph.connector import GraphConnector
from app.services.channels.graph.cursor import Standing
from app.services.channels.graph.errors import Elsewhere, Place
from app.services.channels.graph.lanes import Lane
from app.services.channels.graph.transport import Transport
from app.services.channels.graph.waiting import told_wait
from app.services.wording import catalogue, languages
from tests.peers.graph.faults import Answer, error
from tests.peers.graph.running import ANNA, DESK, SHARED, FixedTokens, populated
from tests.peers.graph.server import GraphServer
from tests.peers.ports import free_port
from tests.services.channels.graph.conftest import Open
from tests.services.channels.graph.test_polling import deliver, numbers, read_all, subjects
from tests.services.channels.graph.test_settings import config

HTML = Answer(200, b"<html><body>Please sign in to the network</body></html>", {"Content-Type": "text/html"})


def refused(connector: GraphConnector, code: str) -> ChannelError:
    with pytest.raises(ChannelError, match=rf"{re.escape(code)}\b") as told:
        connector.poll(None, 10)
    for language in languages():
        assert "{" not in catalogue(language)[f"error.{told.value.code}"].format(**told.value.facts)
    return told.value


def in_seconds(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize("told", ["15", "date"])
def test_retry_after_is_waited_for_in_seconds_and_as_a_date(
    server: GraphServer, connect: Open, rests: list[float], status: int, told: str
) -> None:
    deliver(server, 1)
    wait = in_seconds(15) if told == "date" else told
    server.faults.answers["delta"] = [error(status, "TooManyRequests", Retry_After=wait)]
    assert read_all(connect())[0] == numbers(1)
    assert 3 < sum(rests) < 16.5, "a date is of whole seconds, and comes nearer until it is told"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("9" * 40, 3600),
        ("Mon, 02 Nov 2026 12:00:30 GMT", 30),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
    ],
)
def test_the_time_to_wait_is_read(told: str, seconds: float) -> None:
    assert told_wait({"Retry-After": told, "Date": "Mon, 02 Nov 2026 12:00:00 GMT"}) == seconds


@pytest.mark.parametrize(
    "told",
    ["", "0", "soon", "-3", "1.5", "٣", "Mon, 99 Nov 2026 12:00:30 GMT", "Mon, 02 Nov 2026 11:00:00 GMT"],
)
def test_a_time_to_wait_that_is_none_or_past_is_not_believed(told: str) -> None:
    assert told_wait({"Retry-After": told, "Date": "Mon, 02 Nov 2026 12:00:00 GMT"}) is None


def test_without_a_time_it_waits_longer_each_time_and_gives_up(
    server: GraphServer, connect: Open, rests: list[float]
) -> None:
    server.faults.answers["*"] = [error(503, "ServiceUnavailable")] * 30
    told = refused(connect(), "graph.busy")
    assert told.passing
    assert 2 <= len(rests) <= 6
    assert sum(rests) <= 20
    assert rests[-1] > rests[0]


def test_a_wait_of_no_time_is_not_asked_through_without_a_pause(
    server: GraphServer, connect: Open, rests: list[float]
) -> None:
    server.faults.answers["inbox"] = [error(503, "ServiceUnavailable", Retry_After="0")] * 2
    connect().poll(None, 10)
    assert len([each for each in rests if each > 0]) == 2


def test_a_long_wait_is_not_slept_through_but_kept_by_every_connector_of_the_mailbox(
    server: GraphServer, connect: Open, rests: list[float]
) -> None:
    server.faults.answers["inbox"] = [error(429, "ApplicationThrottled", Retry_After="300")]
    told = refused(connect(), "graph.busy")
    assert told.facts["seconds"] == 300
    assert rests == []
    asked = len(server.calls)
    refused(connect(), "graph.busy")
    assert len(server.calls) == asked
    connect(address=SHARED, user=DESK).poll(None, 10)  # another mailbox has limits of its own


def test_a_token_that_expires_in_the_middle_is_renewed_once_and_nothing_is_missed(
    server: GraphServer, connect: Open
) -> None:
    for number in range(8):
        deliver(server, number)
    tokens = FixedTokens("token-1", "token-2", "token-3")
    server.faults.expire_token_after = 5
    assert read_all(connect(tokens), limit=3)[0] == numbers(*range(8))
    assert tokens.refused == ["token-1"]


def test_a_sign_in_that_is_refused_twice_is_told(connect: Open) -> None:
    tokens = FixedTokens("old", "older")
    told = refused(connect(tokens), "graph.sign_in_refused")
    assert (told.passing, tokens.refused) == (False, ["old"])


def test_nobody_signed_in_is_told_before_anything_is_asked(server: GraphServer) -> None:
    refused(GraphConnector(config(graph_address=server.url), None, 1000), "graph.not_signed_in")
    assert server.calls == []


@pytest.mark.parametrize(
    "other", ["https://graph.evil.example", "http://localhost:1", "http://localhost@evil.example", "//evil.example"]
)
def test_a_next_page_at_another_server_is_refused_and_gets_nothing(
    server: GraphServer, connect: Open, other: str
) -> None:
    for number in range(3):
        deliver(server, number)
    server.faults.links_to = other
    told = refused(connect(), "graph.elsewhere")
    assert not told.passing


@pytest.mark.parametrize(
    ("address", "is_pinned"),
    [
        ("https://graph.microsoft.com/v1.0/next", True),
        ("HTTPS://GRAPH.Microsoft.com:443/v1.0/next", True),
        ("http://graph.microsoft.com/v1.0/next", False),
        ("https://graph.microsoft.com:8443/v1.0/next", False),
        ("https://graph.microsoft.com:70000/v1.0/next", False),
        ("https://token@graph.microsoft.com/v1.0/next", False),
        ("https://@graph.microsoft.com/v1.0/next", False),
        ("https://graph.microsoft.com@evil.example/next", False),
        ("https://graph.microsoft.com\\@evil.example/next", False),
        ("https://evil.example\\.graph.microsoft.com/next", False),
        ("https://graph.microsoft.com.evil.example/next", False),
        ("https://evil.example#graph.microsoft.com", False),
        ("https://gr\u0430ph.microsoft.com/next", False),  # a Cyrillic letter
        ("https://\uff47raph.microsoft.com/next", False),  # one of full width
        ("https://graph\u3002microsoft.com/next", False),  # an ideographic full stop
        ("https://[::1/next", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_a_link_is_followed_to_the_cloud_s_own_address_alone(address: str, is_pinned: bool) -> None:
    place = Place("https://graph.microsoft.com", DESK, DESK, "inbox", "own")
    with httpx.Client() as http:
        transport = Transport(http, FixedTokens(), Lane(), place)
        if is_pinned:
            assert transport.pinned(address) == address
        else:
            with pytest.raises(Elsewhere):
                transport.pinned(address)


def test_a_cursor_that_was_changed_to_another_server_is_refused(server: GraphServer, connect: Open) -> None:
    folder = server.store.mailbox(DESK).folder("inbox").id
    cursor = Standing(folder, "changes", "https://graph.evil.example/v1.0/x").pack()
    with pytest.raises(ChannelError, match=r"graph\.elsewhere"):
        connect().poll(cursor, 10)


@pytest.mark.parametrize(
    "faulty",
    [
        HTML,
        Answer(200, b"[]"),
        Answer(200, b'{"value": []}'),
        Answer(200, b'{"value": 7}'),
        Answer(200, b'{"value": [{"no": 1}]}'),
        Answer(200, b""),
    ],
)
def test_an_answer_that_is_not_graphs_is_told_and_tried_again_later(
    server: GraphServer, connect: Open, faulty: Answer
) -> None:
    server.faults.answers["delta"] = [faulty]
    assert refused(connect(), "graph.not_understood").passing


def test_half_an_answer_is_none(server: GraphServer, connect: Open) -> None:
    deliver(server, 1)
    server.faults.cut_json = {"delta"}
    assert refused(connect(), "graph.not_understood").passing


@pytest.mark.parametrize("at", ["delta", "$value", "inbox"])
@pytest.mark.parametrize("when", ["before", "after", "mid-answer"])
def test_a_connection_that_is_cut_anywhere_loses_nothing(
    server: GraphServer, connect: Open, at: str, when: str
) -> None:
    deliver(server, 1)
    connector = connect()
    server.faults.drop[at] = when  # type: ignore[assignment]
    cursor = None
    if at == "$value":  # that is counted before it is told
        cursor = connector.poll(None, 10).cursor
    assert refused(connector, "graph.connection_lost").passing
    assert read_all(connector, cursor)[0] == numbers(1)


@pytest.mark.parametrize(
    ("scripted", "code"),
    [
        (Answer(403, b"<html>blocked</html>"), "graph.proxy"),
        (Answer(407, b""), "graph.proxy"),
        (Answer(302, b"", {"Location": "https://login.evil.example"}), "graph.not_understood"),
        (error(403, "ErrorAccessDenied", "Access to OData is disabled: [RAOP]"), "graph.application_blocked"),
        (error(403, "ErrorAccessDenied"), "graph.no_consent"),
        (error(403, "Authorization_RequestDenied"), "graph.no_consent"),
        (error(404, "MailboxNotEnabledForRESTAPI"), "graph.not_in_cloud"),
        (error(404, "ErrorInvalidUser"), "graph.no_mailbox"),
        (error(404, "Request_ResourceNotFound"), "graph.no_mailbox"),
        (error(404, "ErrorFolderNotFound"), "graph.no_folder"),
        (error(507, "ErrorQuotaExceeded"), "graph.mailbox_full"),
        (error(500, "UnknownError"), "graph.refused"),
    ],
)
def test_what_graph_says_is_told_in_words(server: GraphServer, connect: Open, scripted: Answer, code: str) -> None:
    server.faults.answers["inbox"] = [scripted] * 8
    refused(connect(), code)


def test_no_rights_on_a_shared_mailbox_says_whose_rights_are_missing(connect: Open) -> None:
    told = refused(connect(address=ANNA, user=DESK), "graph.no_rights")
    assert (told.facts["user"], told.facts["address"], told.passing) == (DESK, ANNA, False)


def test_an_application_without_rights_is_told_of_the_roles_it_needs(connect: Open) -> None:
    refused(connect(address=ANNA, app_only=True, tenant="acme.example"), "graph.application_no_rights")


def test_a_mailbox_that_is_not_there_is_told(connect: Open) -> None:
    refused(connect(address="nobody@acme.example", user=DESK), "graph.no_mailbox")


def test_a_server_that_is_not_there_or_does_not_answer_is_told(server: GraphServer, connect: Open) -> None:
    refused(connect(graph_address=f"http://127.0.0.1:{free_port()}"), "graph.unreachable")
    silent = threading.Event()
    server.witness = lambda *_asked: silent.wait(20) and None
    try:
        refused(connect(timeout=1), "graph.timeout")
    finally:
        silent.set()


def test_every_request_says_who_asks_and_asks_for_ids_that_stay(server: GraphServer, connect: Open) -> None:
    connector = connect()
    deliver(server, 1)
    read_all(connector)
    connector.find_sent("x@y")
    assert {each["user-agent"] for each in server.headers} == {f"Firstline/{__version__}"}
    assert all('IdType="ImmutableId"' in each["prefer"] for each in server.headers)


def test_one_mailbox_is_asked_by_four_at_once_and_never_by_more(server: GraphServer, connect: Open) -> None:
    """The first request is held until others pile up behind it."""
    for number in range(6):
        deliver(server, number)

    def hold(*_asked: object) -> None:
        server.witness = None
        _until(lambda: server.running >= 4, 20)
        _until(lambda: server.running > 4, 0.5)

    server.witness = hold
    connectors = [connect() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda each: read_all(each)[0], connectors))
    assert found == [numbers(*range(6))] * 8
    assert server.most_at_once == 4


def _until(condition: Callable[[], bool], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends:
        time.sleep(0.01)


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def secure(authority: trustme.CA, host: str, expires: datetime | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host, not_after=expires).configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("host", "expires", "trusted", "code"),
    [
        ("localhost", None, False, "graph.certificate_unknown"),
        ("other.example", None, True, "graph.certificate_wrong_host"),
        ("localhost", datetime(2020, 1, 1, tzinfo=UTC), True, "graph.certificate_expired"),
    ],
)
def test_a_certificate_that_proves_nothing_gets_no_token(
    tmp_path: Path, connect: Open, authority: trustme.CA, host: str, expires: datetime | None, trusted: bool, code: str
) -> None:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(file)
    with GraphServer(populated(), secure(authority, host, expires)) as server:
        refused(connect(graph_address=server.url, ca_file=str(file) if trusted else ""), code)
        assert server.calls == []


def test_with_its_own_authority_an_encrypted_server_is_read(
    tmp_path: Path, connect: Open, authority: trustme.CA
) -> None:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(file)
    with GraphServer(populated(), secure(authority, "localhost")) as server:
        deliver(server, 1)
        assert subjects(connect(graph_address=server.url, ca_file=str(file)).poll(None, 10)) == numbers(1)
        assert server.url.startswith("https://")


def test_a_file_without_authorities_is_told(tmp_path: Path, connect: Open) -> None:
    file = tmp_path / "none.pem"
    file.write_text("nothing", encoding="utf-8")
    refused(connect(ca_file=str(file)), "graph.ca_file")
