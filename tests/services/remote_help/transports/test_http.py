"""Requests to a real HTTPS server: values stay where the manifest puts them, and what became of them is told."""

import json
import socket
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
import trustme

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState
from app.models.records.scripts import Transport
from app.services.remote_help.transports.http import HttpCarrier
from app.services.remote_help.transports.interface import Job, Reach
from tests.peers.broken_server import answering, certificate
from tests.peers.https_server import Answer, Asked, HttpsServer, Reply, https_server
from tests.peers.ports import free_port
from tests.services.remote_help.transports.carrying import Said, carry, connection, job, manifest, package, run
from tests.services.remote_help.transports.test_ssh import HOSTILE

SECRETS = {"token": "Sesame-4711", "password": "Sesame-4711"}


def wanted(server: HttpsServer | str, program: dict[str, Any], ca: str = "", **more: Any) -> Job:
    names = more.get("values", {})
    told = manifest(
        {"transport": "http", "method": "GET", "path": "/", **program},
        [{"name": each, "max_length": 1_000_000, **more.pop(each, {})} for each in names],
        takes_target=False,
        **{"output": "text", **more.pop("manifest", {})},
    )
    address = server if isinstance(server, str) else server.address
    ca = ca or ("" if isinstance(server, str) else server.ca)
    options = {**({"ca": ca} if ca else {}), **more.pop("options", {})}
    reached = connection(Transport.HTTP, address, more.pop("user", ""), **options)
    return job(package(told), address, reached, more.pop("secrets", SECRETS), **more)


def ran(what: Job, **more: Any) -> tuple[Ended, Said]:
    said = Said()
    return carry(HttpCarrier(), what, said, **more), said


def reply(content: object = b"", status: int = 200, **headers: str) -> Answer:
    found = content if isinstance(content, bytes) else json.dumps(content).encode()
    return lambda _: Reply(status, found, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture
def echo() -> Iterator[HttpsServer]:
    with https_server(reply(b"on")) as server:
        yield server


SHORT = [each for each in HOSTILE if 0 < len(each) < 1000]


@pytest.mark.parametrize("value", [*SHORT, "a/b", "?x=1", "#x", "%2e%2e", "../..", "&a=b", "a\\b"])
def test_no_value_leaves_its_place(echo: HttpsServer, value: str) -> None:
    program = {
        "method": "POST", "path": "/v1/apps/{it}/state", "query": {"a": "{it}", "b": "fixed"},
        "body": {"it": "{it}", "text": "<{it}>", "number": 1},
    }  # fmt: skip
    ended, _ = ran(wanted(f"{echo.address}/base/", program, echo.ca, values={"it": value}))
    assert ended.outcome is Outcome.SUCCEEDED
    [asked] = echo.asked
    parts = urlsplit(asked.place)
    assert [unquote(each) for each in parts.path.split("/")] == ["", "base", "v1", "apps", value, "state"]
    assert parse_qsl(parts.query, keep_blank_values=True) == [("a", value), ("b", "fixed")]
    assert json.loads(asked.content) == {"it": value, "text": f"<{value}>", "number": 1}


def test_a_value_of_a_megabyte_arrives_in_a_body_and_a_form(echo: HttpsServer) -> None:
    values = {"it": HOSTILE[-1]}
    assert ran(wanted(echo, {"method": "PUT", "body": {"it": "{it}"}}, values=values))[0].outcome is Outcome.SUCCEEDED
    assert ran(wanted(echo, {"method": "POST", "form": {"it": "{it}"}}, values=values))[0].outcome is Outcome.SUCCEEDED
    assert json.loads(echo.asked[0].content) == values
    assert dict(parse_qsl(echo.asked[1].content.decode())) == values


@pytest.mark.parametrize(
    ("program", "value", "code"),
    [
        ({"path": "/a/{it}"}, "..", "http.bad_segment"),
        ({"path": "/a/{it}"}, ".", "http.bad_segment"),
        ({"path": "/a/{it}"}, None, "http.bad_segment"),
        ({"headers": {"X-It": "{it}"}}, "a\r\nX-Other: b", "http.bad_header"),
        ({"headers": {"X-It": "{it}"}}, "ü", "http.bad_header"),
        ({"query": {"a": "{it}"}}, "x" * 1_000_000, "http.too_long"),
        ({"query": {"a": "{secret:other}"}}, "", "http.no_secret"),
    ],
)
def test_what_cannot_be_sent_is_refused_before(
    echo: HttpsServer, program: dict[str, Any], value: str, code: str
) -> None:
    with pytest.raises(KnownError) as refused:
        ran(wanted(echo, program, values={"it": value}))
    assert refused.value.code == code
    assert echo.asked == []


def test_values_keep_their_types_and_what_is_not_there_is_left_out(echo: HttpsServer) -> None:
    program = {
        "method": "POST",
        "query": {"a": "{none}", "b": "{flag}"},
        "body": {"a": "{none}", "b": "{flag}", "c": "{count}"},
    }
    ran(wanted(echo, program, values={"none": None, "flag": True, "count": 3}))
    assert echo.asked[0].place == "/?b=true"
    assert json.loads(echo.asked[0].content) == {"a": None, "b": True, "c": 3}


@pytest.mark.parametrize(
    ("options", "name", "value"),
    [
        ({"auth": "bearer"}, "Authorization", "Bearer Sesame-4711"),
        ({"auth": "header", "header": "PRIVATE-TOKEN"}, "PRIVATE-TOKEN", "Sesame-4711"),
        ({"auth": "none"}, "Authorization", None),
    ],
)
def test_the_connection_proves_who_it_is(
    echo: HttpsServer, options: dict[str, str], name: str, value: str | None
) -> None:
    assert ran(wanted(echo, {}, options=options))[0].outcome is Outcome.SUCCEEDED
    assert echo.asked[0].headers.get(name) == value


def test_a_password_is_sent_as_basic_and_a_secret_where_the_form_wants_it(echo: HttpsServer) -> None:
    ran(wanted(echo, {"method": "POST", "form": {"token": "{secret:token}"}}, options={"auth": "basic"}, user="ann"))
    [asked] = echo.asked
    assert b64decode(asked.headers["Authorization"].removeprefix("Basic ")) == b"ann:Sesame-4711"
    assert asked.content == b"token=Sesame-4711"


def test_a_secret_that_is_not_there_or_cannot_be_sent_is_told(echo: HttpsServer) -> None:
    with pytest.raises(KnownError, match=r"http\.no_secret"):
        ran(wanted(echo, {}, options={"auth": "bearer"}, secrets={}))
    with pytest.raises(KnownError, match=r"http\.bad_secret"):
        ran(wanted(echo, {}, options={"auth": "bearer"}, secrets={"token": "a\nb"}))


def test_a_certificate_that_nobody_vouches_for_gets_no_secret(echo: HttpsServer) -> None:
    other = trustme.CA().cert_pem.bytes().decode()
    for ca in ("", other):
        address = echo.address if not ca else echo
        with pytest.raises(KnownError, match=r"http\.bad_certificate"):
            ran(wanted(address, {}, ca, options={"auth": "bearer"}))
    with pytest.raises(KnownError, match=r"http\.bad_certificate"):
        ran(wanted(f"https://127.0.0.1:{echo.port}", {}, echo.ca, options={"auth": "bearer"}))
    assert echo.asked == []


def test_a_service_that_is_not_there_or_speaks_no_tls_is_told() -> None:
    with pytest.raises(KnownError, match=r"http\.refused"):
        ran(wanted(f"https://localhost:{free_port()}", {}))
    with (
        answering(b"220 ready\r\n", lambda _: b"500 what\r\n") as port,
        pytest.raises(KnownError, match=r"http\.no_tls"),
    ):
        ran(wanted(f"https://localhost:{port}", {}))


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "http.unauthorized"), (403, "http.forbidden"), (404, "http.not_found"), (500, "http.status")],
)
def test_a_refusal_is_told_in_words_with_what_the_service_said(status: int, code: str) -> None:
    with https_server(reply(b"why not\x1b[31m\xff", status)) as server:
        ended, said = ran(wanted(server, {}, manifest={"output": "json"}))
    assert (ended.outcome, ended.exit_code, ended.remote) == (Outcome.FAILED, status, RemoteState.FINISHED)
    assert ended.problem is not None
    assert ended.problem.code == code
    assert "why not" in said.error.decode()
    assert "\x1b" not in said.error.decode()


def test_a_manifest_says_which_statuses_succeed() -> None:
    with https_server(reply(b"", 503)) as server:
        assert ran(wanted(server, {}, manifest={"success_codes": [200, 503]}))[0].outcome is Outcome.SUCCEEDED


def test_rows_and_columns_are_taken_out_of_the_answer() -> None:
    answer = {"apps": {"app": [{"id": "a_1", "state": "RUNNING", "mb": 10}, {"id": "a_2", "more": {"x": None}}]}}
    program = {"rows": "apps.app", "show": {"Job": "id", "State": "state", "X": "more.x", "MB": "mb"}}
    with https_server(reply(answer)) as server:
        _, said = ran(wanted(server, program, manifest={"output": "table"}))
    assert said.tables == [(("Job", "State", "X", "MB"), [["a_1", "RUNNING", "", "10"], ["a_2", "", "", ""]])]


@pytest.mark.parametrize(
    ("answer", "rows"),
    [
        ({"status": "UP", "parts": {"a": {"status": "UP"}, "b": {"status": "DOWN"}}}, [["a", "UP"], ["b", "DOWN"]]),
        ({"status": "UP"}, [["", "UP"]]),
        ({"parts": None}, []),
        ({"parts": []}, []),
    ],
)  # fmt: skip
def test_an_object_of_objects_is_rows_too_and_nothing_is_none(answer: object, rows: list[list[str]]) -> None:
    program = {"rows": "parts", "show": {"Part": "@key", "Status": "status"}}
    with https_server(reply(answer)) as server:
        _, said = ran(wanted(server, program, manifest={"output": "table"}))
    assert said.tables == [(("Part", "Status"), rows)]


def test_parts_of_a_document_are_shown_by_name() -> None:
    with https_server(reply({"level": {"now": "INFO"}, "other": 1})) as server:
        _, said = ran(wanted(server, {"show": {"level": "level.now", "gone": "a.b"}}, manifest={"output": "json"}))
    assert said.documents == [{"level": "INFO", "gone": None}]


@pytest.mark.parametrize("content", [b"<html>no json</html>", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_an_answer_that_is_no_json_is_told(content: bytes) -> None:
    with https_server(reply(content)) as server:
        ended, said = ran(wanted(server, {}, manifest={"output": "json"}))
    assert (ended.outcome, ended.remote) == (Outcome.FAILED, RemoteState.FINISHED)
    assert ended.problem is not None
    assert ended.problem.code == "remote.no_document"
    assert said.error


def test_an_answer_without_content_is_success() -> None:
    with https_server(reply(b"", 204)) as server:
        assert ran(wanted(server, {"method": "POST"}, manifest={"output": "json"}))[0].outcome is Outcome.SUCCEEDED


def _endless() -> Iterator[bytes]:
    while True:
        yield b"x" * 100_000


def test_an_answer_without_an_end_is_cut_off() -> None:
    with https_server(lambda _: Reply(200, _endless())) as server:
        ended, _ = ran(wanted(server, {}))
    assert ended.problem is not None
    assert ended.problem.code == "http.too_big"


def test_a_redirect_is_followed_on_the_service_and_nowhere_else() -> None:
    def answer(asked: Asked) -> Reply:
        places = {
            "/": "/there",
            "/away": "https://127.0.0.1/secret?x=y",
            "/round": "/round",
            "/plain": "http://localhost/",
        }
        place = places.get(asked.place)
        return Reply(302, b"", {"Location": place}) if place else Reply(200, b"on")

    with https_server(answer) as server:
        assert ran(wanted(server, {}))[1].out == b"on"
        for path, code in (("/away", "redirected"), ("/plain", "redirected"), ("/round", "in_circles")):
            ended, _ = ran(wanted(server, {"path": path}, options={"auth": "bearer"}))
            assert ended.problem is not None
            assert ended.problem.code == f"http.{code}"
        ended, _ = ran(wanted(server, {"method": "POST"}))
        assert ended.outcome is Outcome.FAILED
    assert [each.method for each in server.asked].count("POST") == 1


@pytest.mark.parametrize("reason", [Outcome.CANCELLED, Outcome.TIMED_OUT])
def test_a_stop_says_that_nobody_knows_once_the_request_is_sent(reason: Outcome) -> None:
    import asyncio

    from app.services.remote_help.transports.interface import Stop

    got, let_go = threading.Event(), threading.Event()

    def answer(_: Asked) -> Reply:
        got.set()
        let_go.wait(60)
        return Reply()

    async def running(what: Job) -> Ended:
        stop = Stop()
        task = asyncio.create_task(HttpCarrier().run(what, Said(), stop))
        await asyncio.to_thread(got.wait, 60)
        stop.ask(reason)
        return await task

    with https_server(answer) as server:
        ended = asyncio.run(running(wanted(server, {"method": "POST"})))
        let_go.set()
    assert (ended.outcome, ended.remote) == (reason, RemoteState.UNKNOWN)


@pytest.mark.parametrize("greeting", [True, False])
def test_a_stop_before_the_service_answers_at_all_sent_nothing_and_leaves_nothing_open(greeting: bool) -> None:
    import asyncio
    import gc

    from app.services.remote_help.transports.interface import Stop

    async def running(what: Job) -> Ended:
        stop = Stop()
        task = asyncio.create_task(HttpCarrier().run(what, Said(), stop))
        (silent, _) = await asyncio.to_thread(listening.accept)
        with silent:
            if greeting:  # it waits for the service's part of the handshake
                assert await asyncio.to_thread(silent.recv, 1)
            stop.ask(Outcome.CANCELLED)
            ended = await task
            silent.settimeout(60)
            await asyncio.to_thread(_read_to_the_end, silent)
            return ended

    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = asyncio.run(running(wanted(f"https://localhost:{listening.getsockname()[1]}", {})))
    gc.collect()  # what was left open would warn here
    assert (ended.outcome, ended.remote) == (Outcome.CANCELLED, RemoteState.NEVER_STARTED)


def _read_to_the_end(silent: socket.socket) -> None:
    with suppress(ConnectionResetError):
        while silent.recv(10_000):
            pass


def test_a_service_that_hangs_up_leaves_nobody_knowing(tmp_path: Any) -> None:
    context, ca = certificate(tmp_path)
    with answering(b"", lambda _: None, context) as port:
        ended, _ = ran(wanted(f"https://localhost:{port}", {"method": "POST"}, ca.read_text()))
    assert (ended.outcome, ended.remote) == (Outcome.LOST, RemoteState.UNKNOWN)
    assert ended.problem is not None
    assert ended.problem.code == "http.cut"


def test_a_preview_says_the_request_without_secrets(echo: HttpsServer) -> None:
    program = {"method": "POST", "path": "/a/{it}", "form": {"token": "{secret:token}", "word": "{word}"}}
    what = wanted(echo, program, values={"it": "x y", "word": "Sesame"}, word={"type": "secret"})
    assert HttpCarrier().preview(what) == f"POST {echo.address}/a/x%20y  token=•••&word=•••"


def test_a_connection_is_tried_without_a_script(echo: HttpsServer) -> None:
    def tried(**options: str) -> list[str]:
        reached = connection(Transport.HTTP, echo.address, **options)
        return [each.code for each in run(HttpCarrier().probe(Reach(echo.address, reached, SECRETS.get)))]

    assert tried(ca=echo.ca) == ["http.proven", "http.answers"]
    with pytest.raises(KnownError, match=r"http\.bad_certificate"):
        tried()


@pytest.mark.parametrize(("status", "code"), [(401, "http.unauthorized"), (403, "http.forbidden")])
def test_a_secret_that_is_refused_is_told_when_it_is_tried(status: int, code: str) -> None:
    with https_server(reply(b"", status)) as server:
        reached = connection(Transport.HTTP, server.address, auth="bearer", ca=server.ca)
        with pytest.raises(KnownError, match=code.replace(".", r"\.")):
            run(HttpCarrier().probe(Reach(server.address, reached, SECRETS.get)))
