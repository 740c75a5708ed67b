"""Every script that ships for the desk itself and for services runs through the whole of it against a real peer."""

import json
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import trustme
from aiosmtpd.controller import Controller

from app.models.identifiers import new_id
from app.models.records.runs import Connection, Outcome, RemoteState, Run, TargetResult, UploadedFile
from app.models.records.scripts import Transport
from app.services.remote_help import agreeing, connections, recording, registry
from app.services.remote_help.library import built_in
from app.services.remote_help.preparing import Wanted, prepare
from app.services.remote_help.proposing import propose
from app.services.remote_help.running import Running
from app.services.secrets import Secrets
from app.services.tickets import reading
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk
from tests.fixtures.servers import PostgresServer, running_postgres
from tests.peers.dns_server import dns_server
from tests.peers.https_server import Asked, Reply, https_server
from tests.peers.ports import free_port

SCRIPTS = built_in()
HERE = (Transport.LOCAL, Transport.HTTP, Transport.SQL)
SECRET = "Sesame-4711"


@dataclass
class Helped:
    """A desk with these connections; `run` is a run from what was wanted to its record."""

    desk: SharedDesk
    secrets: dict[str, str] = field(default_factory=dict)

    def connect(self, name: str, transport: Transport, address: str = "", user: str = "", **options: str) -> None:
        allowed = ("localhost", "127.0.0.0/8", "*.example")
        made = Connection(new_id(), name, transport, address, user, allowed, options)
        connections.save(*self.desk.as_("tom"), made)

    def run(self, key: str, target: str = "", who: str = "ada", **given: object) -> Run:
        script_id = registry.add(self.desk.owner, SYSTEM, SCRIPTS[key])
        registry.approve(*self.desk.as_("tom"), script_id)
        database, actor = self.desk.as_(who)
        wanted = Wanted(key, [target] if target else [], given, self.desk.tickets["mine"])
        prepared = prepare(database, actor, Secrets(self.secrets), wanted)
        run_id = recording.ask(database, actor, prepared)
        if recording.needs_second(prepared):
            agreeing.agree(*self.desk.as_("sue"), run_id)
            agreeing.begin_agreed(database, actor, run_id, prepared)
        return Running(database, actor, prepared, run_id).run()

    def note(self) -> str:
        return reading.show(self.desk.owner, self.desk.tickets["mine"]).messages[-1].text


@pytest.fixture
def helped(shared_desk: SharedDesk) -> Helped:
    found = Helped(shared_desk)
    found.connect("this desk", Transport.LOCAL)
    return found


def good(run: Run) -> TargetResult:
    [result] = run.results
    assert (run.outcome, result.remote) == (Outcome.SUCCEEDED, RemoteState.FINISHED), result
    return result


def bad(run: Run) -> TargetResult:
    [result] = run.results
    assert (run.outcome, result.remote) == (Outcome.FAILED, RemoteState.FINISHED), result
    return result


def rows(result: TargetResult) -> list[list[str]]:
    return [list(each) for each in result.document["rows"]]


DOMAIN = {
    ("shop.example", "A"): ("127.0.0.1",),
    ("shop.example", "MX"): ("10 mx.shop.example.",),
    ("shop.example", "TXT"): ('"v=spf1 mx -all"', '"something else"'),
    ("_dmarc.shop.example", "TXT"): ('"v=DMARC1; p=reject"',),
    ("key1._domainkey.shop.example", "TXT"): ('"v=DKIM1; p=MIIB"',),
    ("mx.shop.example", "A"): ("127.0.0.1",),
    ("1.0.0.127.in-addr.arpa", "PTR"): ("mx.shop.example.",),
    ("bare.example", "A"): ("127.0.0.1",),
}


@pytest.fixture
def names() -> Iterator[str]:
    with dns_server(DOMAIN) as port:
        yield f"127.0.0.1#{port}"


def test_dns_look_up_compares_servers_and_types(helped: Helped, names: str) -> None:
    silent = f"127.0.0.1#{free_port()}"
    result = good(helped.run("net-dns", "shop.example", "ann", types="a mx txt", servers=f"{names} {silent}"))
    told = [row[:3] for row in rows(result)]
    assert ["127.0.0.1", "A", "127.0.0.1"] in [[row[0].partition("#")[0], *row[1:]] for row in told]
    assert [names, "MX", "10 mx.shop.example."] in told
    assert [row[2] for row in told if row[0] == silent] == ["no answer within 5 s"] * 3
    assert good(helped.run("net-dns", "127.0.0.1", servers=names)).document["rows"][0][2] == "mx.shop.example."
    lost = bad(helped.run("net-dns", "gone.example", servers=names))
    assert rows(lost)[0][2] == "there is no such name"
    assert "No server had an answer." in lost.head


def test_port_check_tells_open_from_closed(helped: Helped) -> None:
    with https_server(lambda _: Reply()) as server:
        result = bad(helped.run("net-ports", "localhost", ports=f"{server.port} {free_port()}"))
        assert [row[1] for row in rows(result)] == ["open (127.0.0.1)", "closed: the host refuses"]
        assert rows(good(helped.run("net-ports", "127.0.0.1", ports=str(server.port))))[0][0] == str(server.port)
    assert "1 to 65535" in bad(helped.run("net-ports", "127.0.0.1", ports="70000")).head


def test_the_way_to_a_host_is_traced_without_being_root(
    helped: Helped, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # whatever tool this system has
    result = good(helped.run("net-trace", "127.0.0.1"))
    assert "1  127.0.0.1" in result.head
    assert "There is no host named" in bad(helped.run("net-trace", "gone.example")).head


def test_a_system_tool_traces_where_there_is_one(
    helped: Helped, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tool = tmp_path / "traceroute"
    tool.write_text('#!/bin/sh\necho "traced $*"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert "traced -n -m 7 -w 1 localhost" in good(helped.run("net-trace", "localhost", hops="7")).head


def test_tls_check_tells_who_vouches_how_long_and_for_which_names(helped: Helped) -> None:
    authority = trustme.CA()
    own = UploadedFile("ca.pem", authority.cert_pem.bytes())
    with https_server(lambda _: Reply(), authority=authority) as server:
        result = good(helped.run("net-tls", "localhost", port=str(server.port), authority=own))
        told = dict(rows(result))
        assert (told["Believed"], told["Names"]) == ("yes", "localhost")
        assert told["Protocol"].startswith("TLSv1.3")
        assert "Certificate 1" in told
        for target, more, words in (
            ("localhost", {}, "unable to get local issuer certificate"),
            ("127.0.0.1", {"authority": own}, "not valid for '127.0.0.1'"),
            ("localhost", {"authority": UploadedFile("x.pem", b"no certificate")}, "no certificate in PEM"),
        ):
            result = bad(helped.run("net-tls", target, port=str(server.port), **more))
            assert words in result.head
    assert "refuses connections" in bad(helped.run("net-tls", "localhost", port=str(free_port()))).head


def test_tls_check_warns_in_time(helped: Helped) -> None:
    with https_server(lambda _: Reply(), authority=(authority := trustme.CA())) as server:
        own = UploadedFile("ca.pem", authority.cert_pem.bytes())
        given = {"port": str(server.port), "authority": own, "days": "365"}
        result = helped.run("net-tls", "localhost", **given).results[0]
    until = next(row[1] for row in rows(result) if row[0] == "Valid until")
    assert ("It runs out in" in result.head) == (int(until.partition("(")[2].split()[0]) < 365)


def test_http_check_follows_on_the_host_and_shows_where_else_it_leads(helped: Helped) -> None:
    def answer(asked: Asked) -> Reply:
        places = {"/": "/there", "/away": "https://elsewhere.example/"}
        if asked.place in places:
            return Reply(302, b"", {"Location": places[asked.place]})
        return Reply(200 if asked.place == "/there" else 503, b"x" * 1000)

    with https_server(answer) as server:
        given = {"port": str(server.port), "authority": UploadedFile("ca.pem", server.ca.encode())}
        result = good(helped.run("net-http", "localhost", **given))
        assert [(row[1], row[3]) for row in rows(result)] == [("302 Found", "0"), ("200 OK", "1000")]
        away = good(helped.run("net-http", "localhost", path="/away", **given))
        assert rows(away)[0][4] == "https://elsewhere.example/"
        assert rows(bad(helped.run("net-http", "localhost", path="/down", **given)))[0][1] == "503 Service Unavailable"
        result = bad(helped.run("net-http", "localhost", port=str(server.port)))
        assert "its certificate is not believed" in result.head


@pytest.fixture
def smtp() -> Iterator[tuple[int, UploadedFile]]:
    authority, port = trustme.CA(), free_port()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("mx.shop.example").configure_cert(context)
    controller = Controller(object(), hostname="127.0.0.1", port=port, server_hostname="mx", tls_context=context)
    controller.start()
    yield port, UploadedFile("ca.pem", authority.cert_pem.bytes())
    controller.stop()


def test_mail_flow_tells_servers_and_policies(helped: Helped, names: str, smtp: tuple[int, UploadedFile]) -> None:
    port, own = smtp
    given: dict[str, Any] = {"server": names, "port": str(port), "selector": "key1"}
    told = dict(rows(good(helped.run("net-mail", "shop.example", authority=own, **given))))
    assert told["MX"] == "10 mx.shop.example"
    assert told["mx.shop.example (127.0.0.1)"].startswith("220 ")
    assert told["mx.shop.example STARTTLS"].endswith("its certificate is believed")
    assert (told["SPF"], told["DMARC"]) == ("v=spf1 mx -all", "v=DMARC1; p=reject")
    assert told["DKIM"] == "v=DKIM1; p=MIIB"
    told = dict(rows(good(helped.run("net-mail", "shop.example", **given))))
    assert "not believed" in told["mx.shop.example STARTTLS"]
    given["port"] = str(free_port())
    result = bad(helped.run("net-mail", "bare.example", **given))
    assert dict(rows(result))["MX"] == "none: the domain's own address counts"
    assert "SPF: none" in result.head
    assert "no mail can come" in bad(helped.run("net-mail", "gone.example", **given)).head
    given["server"] = f"127.0.0.1#{free_port()}"
    assert "cannot be asked" in bad(helped.run("net-mail", "shop.example", **given)).head


def test_a_host_that_is_not_allowed_is_not_looked_at(helped: Helped) -> None:
    from app.models.errors import KnownError

    for key in (each for each in SCRIPTS if SCRIPTS[each].manifest.transport is Transport.LOCAL):
        with pytest.raises(KnownError, match=r"remote\.not_allowed"):
            helped.run(key, "elsewhere.invalid", ports="1") if key == "net-ports" else helped.run(
                key, "elsewhere.invalid"
            )


def replies(places: Mapping[tuple[str, str], tuple[int, object]]) -> Any:
    """By method and place; all else is unknown."""

    def answer(asked: Asked) -> Reply:
        status, content = places.get((asked.method, asked.place), (404, {"error": "Not Found"}))
        headers = {"Content-Type": "application/json"}
        return Reply(status, b"" if content is None else json.dumps(content).encode(), headers)

    return answer


def test_spring_boot_actuator_is_read_and_a_log_level_set(helped: Helped) -> None:
    health = {
        "status": "UP",
        "components": {"db": {"status": "UP", "details": {"database": "PostgreSQL"}}, "ping": {"status": "UP"}},
    }
    places = {
        ("GET", "/actuator/health"): (200, health),
        ("GET", "/actuator/loggers/com.example.Orders"): (200, {"configuredLevel": None, "effectiveLevel": "INFO"}),
        ("POST", "/actuator/loggers/com.example.Orders"): (204, None),
    }
    with https_server(replies(places)) as server:
        address = f"{server.address}/actuator"
        helped.secrets["FIRSTLINE_SECRET_REMOTE_ACTUATOR_ORDERS_PASSWORD"] = SECRET
        helped.connect("actuator orders", Transport.HTTP, address, "desk", auth="basic", ca=server.ca)
        result = good(helped.run("spring-health"))
        assert (result.target, result.as_whom) == (address, "desk")
        assert rows(result) == [["db", "UP", '{"database": "PostgreSQL"}'], ["ping", "UP", ""]]
        result = good(helped.run("spring-log-level", logger="com.example.Orders"))
        assert rows(result) == [["", "INFO"]]
        good(helped.run("spring-log-level-set", logger="com.example.Orders", level="DEBUG"))
        good(helped.run("spring-log-level-set", logger="com.example.Orders"))
        levels = [json.loads(each.content) for each in server.asked if each.method == "POST"]
        assert levels == [{"configuredLevel": "DEBUG"}, {"configuredLevel": None}]
        assert bad(helped.run("spring-log-level", logger="no.such")).problem == "http.not_found"
        assert SECRET not in helped.note()


def test_an_application_that_is_down_says_of_what(helped: Helped) -> None:
    down = {"status": "DOWN", "components": {"db": {"status": "DOWN"}}}
    with https_server(replies({("GET", "/health"): (503, down)})) as server:
        helped.connect("actuator", Transport.HTTP, server.address, ca=server.ca)
        result = bad(helped.run("spring-health"))
    assert (result.exit_code, result.problem) == (503, "http.status")
    assert '"db": {"status": "DOWN"}' in result.head


JOB = "application_1700000000000_0042"
APP = {"id": JOB, "name": "nightly", "user": "etl", "state": "RUNNING", "finalStatus": "UNDEFINED", "progress": 42.5,
       "allocatedMB": 2048, "diagnostics": ""}  # fmt: skip


def test_yarn_jobs_are_listed_looked_at_and_killed_by_two(helped: Helped) -> None:
    places = {
        ("GET", "/ws/v1/cluster/apps?states=RUNNING&limit=50"): (200, {"apps": {"app": [APP]}}),
        ("GET", "/ws/v1/cluster/apps?states=FAILED&user=etl&limit=50"): (200, {"apps": None}),
        ("GET", f"/ws/v1/cluster/apps/{JOB}"): (200, {"app": APP}),
        ("PUT", f"/ws/v1/cluster/apps/{JOB}/state"): (202, {"state": "RUNNING"}),
    }
    with https_server(replies(places)) as server:
        helped.connect("yarn", Transport.HTTP, server.address, ca=server.ca)
        row = [JOB, "nightly", "etl", "RUNNING", "UNDEFINED", "42.5", "2048"]
        assert rows(good(helped.run("yarn-jobs"))) == [row]
        assert rows(good(helped.run("yarn-jobs", state="FAILED", user="etl"))) == []
        assert rows(good(helped.run("yarn-job", job=JOB))) == [[*row, ""]]
        killed = helped.run("yarn-job-kill", job=JOB)
        assert (rows(good(killed)), killed.second) == ([["RUNNING"]], "Sue")
        assert json.loads(server.asked[-1].content) == {"state": "KILLED"}
        assert bad(helped.run("yarn-job-kill", job="application_1_1")).problem == "http.not_found"


def test_gitlab_and_jenkins_start_what_redeploys(helped: Helped) -> None:
    started = {
        "id": 7,
        "status": "created",
        "ref": "main",
        "web_url": "https://gitlab.example/shop/orders/-/pipelines/7",
    }
    places = {
        ("POST", "/api/v4/projects/shop%2Forders/trigger/pipeline"): (201, started),
        ("POST", "/job/deploy%20orders/build"): (201, None),
    }
    with https_server(replies(places)) as server:
        helped.secrets["FIRSTLINE_SECRET_REMOTE_GITLAB_TOKEN"] = SECRET
        helped.secrets["FIRSTLINE_SECRET_REMOTE_JENKINS_PASSWORD"] = SECRET
        helped.connect("gitlab", Transport.HTTP, server.address, ca=server.ca)
        helped.connect("jenkins", Transport.HTTP, server.address, "desk", auth="basic", ca=server.ca)
        assert rows(good(helped.run("gitlab-pipeline", project="shop/orders")))[0][:3] == ["7", "created", "main"]
        good(helped.run("jenkins-build", job="deploy orders"))
        assert server.asked[0].content == f"token={SECRET}&ref=main".encode()
        assert "Authorization" in server.asked[1].headers
        assert SECRET not in helped.note()


@pytest.fixture(scope="module")
def database_server() -> Iterator[PostgresServer]:
    with running_postgres() as found:
        found.create("shop")
        with psycopg.connect(found.url("shop"), autocommit=True) as going:
            going.execute(f"CREATE ROLE reader LOGIN PASSWORD '{SECRET}' IN ROLE pg_monitor")
            going.execute("CREATE TABLE orders (id int)")
        yield found


def test_long_statements_and_locks_are_told(helped: Helped, database_server: PostgresServer) -> None:
    helped.secrets["FIRSTLINE_SECRET_REMOTE_SHOP_DATABASE_PASSWORD"] = SECRET
    helped.connect("shop database", Transport.SQL, f"postgresql://reader@127.0.0.1:{database_server.port}/shop")
    with (
        psycopg.connect(database_server.url("shop")) as holding,
        psycopg.connect(database_server.url("shop")) as waiting,
    ):
        holding.execute("LOCK TABLE orders")
        pid = waiting.info.backend_pid
        waiting.pgconn.send_query(b"SELECT * FROM orders")
        waiting.pgconn.flush()
        _until_waiting(database_server, pid)
        told = rows(good(helped.run("sql-long-queries", seconds="0")))
        assert [str(pid), "postgres"] in [row[:2] for row in told]
        blocked = rows(good(helped.run("sql-locks")))
        assert [(row[0], row[3]) for row in blocked] == [(str(pid), str(holding.info.backend_pid))]
        holding.rollback()
        while waiting.pgconn.get_result() is not None:
            continue


def _until_waiting(server: PostgresServer, pid: int) -> None:
    import time

    limit = time.monotonic() + 60
    with server.connect() as looking:
        query = "SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s"
        while looking.execute(query, (pid,)).fetchone() != ("Lock",):
            assert time.monotonic() < limit
            time.sleep(0.05)


def test_which_service_is_meant_is_asked_where_there_are_several(helped: Helped) -> None:
    from app.models.errors import KnownError

    with https_server(replies({("GET", "/health"): (200, {"status": "UP"})})) as server:
        for name in ("actuator-a", "actuator-b"):
            helped.connect(name, Transport.HTTP, server.address, ca=server.ca)
        helped.connect("other", Transport.HTTP, server.address, ca=server.ca)
        with pytest.raises(KnownError, match=r"remote\.which_connection"):
            helped.run("spring-health")
        with pytest.raises(KnownError, match=r"remote\.other_connection"):
            helped.run("spring-health", "other")
        assert rows(good(helped.run("spring-health", "Actuator-B"))) == [["", "UP", ""]]


def test_none_is_forgotten() -> None:
    """Told by the names in this file, for the order of tests is no order."""
    source = Path(__file__).read_text()
    shipped = {key for key, each in SCRIPTS.items() if each.manifest.transport in HERE}
    assert {key for key in shipped if f'"{key}"' not in source} == set()


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Certificate of the shop has expired", "net-tls"),
        ("Zertifikat vom Shop ist abgelaufen", "net-tls"),
        ("My mail to Acme bounced", "net-mail"),
        ("Mail an Acme unzustellbar", "net-mail"),
        ("DNS: host not found", "net-dns"),
        ("DNS-Server: Rechner nicht gefunden", "net-dns"),
        ("Port closed by the firewall", "net-ports"),
        ("The website answers 503", "net-http"),
        ("Der Spark Batch-Job hängt", "yarn-jobs"),
        ("Bitte zurückrollen", "gitlab-pipeline"),
        ("Database slow since noon", "sql-long-queries"),
        ("Remote help please", "session-anydesk"),
        ("Fernwartung bitte", "session-anydesk"),
    ],
)
def test_the_right_script_is_proposed_in_either_language(subject: str, expected: str) -> None:
    found = propose([each.manifest for each in SCRIPTS.values()], subject=subject, text="", category="")
    best = {each.script for each in found if each.score == found[0].score}
    assert expected in best
