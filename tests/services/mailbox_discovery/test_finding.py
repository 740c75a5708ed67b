"""An address says where its mailbox is: by its domain's names, by Microsoft's sign-in, by a server that answers."""

import itertools
import json
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme

from app.models.errors import KnownError
from app.services.mailbox_discovery import Found, Places, clouds, find
from app.services.wording import catalogue, languages
from tests.peers.name_server import NameServer

TENANT = "8f9c2a1e-0000-4000-8000-5d3c2b1a0f9e"
NEVER = "https://localhost:1/autodiscover/autodiscover.svc"
Records = Mapping[tuple[str, str], Sequence[str]]
Find = Callable[..., Found]

OUTLOOK = {("contoso.example", "MX"): ["0 contoso-example.mail.protection.outlook.com."]}
GATEWAY = {("contoso.example", "MX"): ["10 mx1.gateway.example.", "20 mx2.gateway.example."]}


class Web:
    """Microsoft's sign-in and an Exchange server's address in one, and what they were asked with."""

    def __init__(self, folder: Path) -> None:
        self.tenants: dict[str, dict[str, str]] = {}
        self.is_exchange = False
        self.way = "Negotiate"
        """By which it asks for a sign-in."""
        self.sends_to = ""
        """Where every request is sent instead."""
        self.body: Iterable[bytes] | None = None
        """What is answered to every request instead, in parts."""
        self.headers: list[str] = []
        self.asked: list[str] = []
        authority, self.ca_file = trustme.CA(), folder / "ca.pem"
        authority.cert_pem.write_to_path(self.ca_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.server.server_port}"
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def knows(self, domain: str, **more: str) -> None:
        self.tenants[domain] = {"issuer": f"{self.url}/{TENANT}/v2.0", **more}

    def _handler(self) -> type[BaseHTTPRequestHandler]:

        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.headers += self.headers.keys()
                web.asked.append(self.path)
                if web.sends_to or web.body is not None:
                    self._misbehave()
                    return
                domain = self.path.split("/")[1]
                told = web.tenants.get(domain)
                if self.path.startswith("/autodiscover"):
                    self.send_response(401 if web.is_exchange else 404)
                    self.send_header("WWW-Authenticate", web.way)
                    body = b""
                else:
                    self.send_response(200 if told else 400)
                    body = json.dumps(told or {"error": "invalid_tenant"}).encode()
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _misbehave(self) -> None:
                self.send_response(302 if web.sends_to else 200)
                if web.sends_to:
                    self.send_header("Location", web.sends_to)
                self.send_header("Connection", "close")
                self.end_headers()
                with suppress(OSError):  # whoever asked has had enough
                    for each in web.body or ():
                        self.wfile.write(each)
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        return Handler


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    running = Web(tmp_path)
    yield running
    running.close()


@pytest.fixture
def find_in(web: Web) -> Iterator[Find]:
    with ExitStack() as servers:

        def looking(records: Records, address: str = "support@contoso.example", *, silent: bool = False) -> Found:
            names = servers.enter_context(NameServer(records, is_silent=silent))
            own = (f"{web.url}/autodiscover/autodiscover.svc",)
            places = Places("127.0.0.1", names.port, dict.fromkeys(ALL, web.url), lambda _d: own, str(web.ca_file))
            found = find(address, places)
            has_words(found)
            return found

        yield looking


ALL = ("global", "us_government", "us_defense", "china")


def has_words(found: Found) -> None:
    for language in languages():
        words = catalogue(language)
        for each in found.evidence:
            assert words[f"discovery.evidence.{each.code}"].format(**each.facts)
        if found.proposal:
            assert words[f"discovery.reason.{found.proposal.reason}"]


def codes(found: Found) -> list[str]:
    return [each.code for each in found.evidence]


def test_mail_that_goes_to_microsoft_365_is_read_by_graph(find_in: Find, web: Web) -> None:
    web.knows("contoso.example")
    found = find_in(OUTLOOK)
    assert found.proposal is not None
    assert (found.proposal.kind, found.proposal.is_sure) == ("graph", True)
    assert found.proposal.settings == {"address": "support@contoso.example", "tenant": TENANT}
    assert codes(found) == ["mail_hosts", "tenant"]


def test_behind_a_mail_gateway_autodiscover_tells(find_in: Find, web: Web) -> None:
    records = {**GATEWAY, ("autodiscover.contoso.example", "CNAME"): ["autodiscover.outlook.com."]}
    found = find_in(records)
    assert found.proposal is not None
    assert (found.proposal.kind, found.proposal.is_sure) == ("graph", True)
    assert "tenant" not in found.proposal.settings
    assert codes(found) == ["mail_hosts", "autodiscover", "no_tenant"]


@pytest.mark.parametrize(
    ("host", "told", "cloud"),
    [
        ("contoso.mail.protection.office365.us.", {"cloud_instance_name": "microsoftonline.us"}, "us_government"),
        (
            "contoso.mail.protection.office365.us.",
            {"cloud_instance_name": "microsoftonline.us", "tenant_region_sub_scope": "DOD"},
            "us_defense",
        ),
        ("contoso.mail.protection.partner.outlook.cn.", {}, "china"),
    ],
)
def test_a_national_cloud_is_known_by_its_names(
    host: str, told: dict[str, str], cloud: str, find_in: Find, web: Web
) -> None:
    web.knows("contoso.example", **told)
    found = find_in({("contoso.example", "MX"): [f"0 {host}"]})
    assert found.proposal is not None
    assert found.proposal.settings["cloud"] == cloud


def test_mail_that_goes_to_google_is_read_as_gmail(find_in: Find) -> None:
    found = find_in({("contoso.example", "MX"): ["1 smtp.google.com."]})
    assert found.proposal is not None
    assert found.proposal.kind == "gmail"


def test_an_exchange_server_of_ones_own_is_found_though_the_domain_is_known_to_microsoft(
    find_in: Find, web: Web
) -> None:
    web.knows("contoso.example")
    web.is_exchange = True
    found = find_in(GATEWAY)
    assert found.proposal is not None
    assert (found.proposal.kind, found.proposal.settings) == ("exchange", {"address": "support@contoso.example"})
    assert codes(found)[-1] == "exchange"


@pytest.mark.parametrize("way", ['Basic realm="Staging"', "Bearer"])
def test_a_page_behind_a_password_is_no_exchange_server_for_sure(find_in: Find, web: Web, way: str) -> None:
    web.is_exchange, web.way = True, way
    found = find_in(GATEWAY)
    assert found.proposal is not None
    assert (found.proposal.kind, found.proposal.reason) == ("exchange", "exchange_perhaps")
    assert not found.proposal.is_sure
    found = find_in({**GATEWAY, ("_imaps._tcp.contoso.example", "SRV"): ["0 1 993 imap.contoso.example."]})
    assert found.proposal is not None
    assert (found.proposal.kind, found.proposal.is_sure) == ("imap", True)


def test_no_credentials_are_sent_anywhere(find_in: Find, web: Web) -> None:
    web.is_exchange = True
    find_in(GATEWAY)
    assert web.headers
    assert not {"authorization", "cookie"} & {each.lower() for each in web.headers}


def test_a_domain_that_only_microsofts_sign_in_knows_is_proposed_without_being_sure(find_in: Find, web: Web) -> None:
    web.knows("contoso.example")
    found = find_in(GATEWAY)
    assert found.proposal is not None
    assert (found.proposal.kind, found.proposal.is_sure) == ("graph", False)


def test_a_domain_names_its_mail_servers(find_in: Find) -> None:
    records = {
        **GATEWAY,
        ("_imaps._tcp.contoso.example", "SRV"): ["20 1 993 later.contoso.example.", "0 1 1993 imap.contoso.example."],
        ("_submissions._tcp.contoso.example", "SRV"): ["0 1 465 smtp.contoso.example."],
    }
    found = find_in(records)
    assert found.proposal is not None
    assert found.proposal.settings == {
        "address": "support@contoso.example",
        "host": "imap.contoso.example",
        "port": "1993",
        "smtp_host": "smtp.contoso.example",
        "smtp_security": "tls",
    }


def test_a_service_that_is_said_not_to_be_there_is_not_proposed(find_in: Find) -> None:
    found = find_in({**GATEWAY, ("_imaps._tcp.contoso.example", "SRV"): ["0 0 0 ."]})
    assert found.proposal is None


def test_a_domain_that_does_not_exist_is_told_and_nobody_else_is_asked(find_in: Find, web: Web) -> None:
    found = find_in(OUTLOOK, "support@contosso.example")
    assert (found.proposal, codes(found)) == (None, ["unknown_domain"])
    assert web.headers == []


def test_name_servers_that_are_silent_leave_what_answers_otherwise(find_in: Find, web: Web) -> None:
    web.knows("contoso.example")
    found = find_in({}, silent=True)
    assert codes(found) == ["no_names", "tenant"]
    assert found.proposal is not None
    assert not found.proposal.is_sure


def test_without_a_network_it_says_so() -> None:
    with NameServer({}, is_silent=True) as names:
        places = Places("127.0.0.1", names.port, dict.fromkeys(ALL, "https://localhost:1"), lambda _domain: (NEVER,))
        found = find("support@contoso.example", places)
    has_words(found)
    assert found.proposal is None
    assert codes(found) == ["no_names", "no_microsoft", "no_network"]


def test_a_certificate_that_is_not_trusted_is_told(web: Web) -> None:
    with NameServer(GATEWAY) as names:
        own = (f"{web.url}/autodiscover/autodiscover.svc",)
        found = find(
            "support@contoso.example",
            Places("127.0.0.1", names.port, dict.fromkeys(ALL, "https://localhost:1"), lambda _domain: own),
        )
    has_words(found)
    assert codes(found) == ["mail_hosts", "bad_certificate", "no_microsoft"]


def test_a_domain_in_other_letters_is_asked_for_as_names_are_written(find_in: Find) -> None:
    for domain, written in (("müller.example", "xn--mller-kva.example"), ("straße.example", "xn--strae-oqa.example")):
        found = find_in({(written, "MX"): ["1 smtp.google.com."]}, f"hilfe@{domain}")
        assert found.proposal is not None
        assert found.proposal.settings == {"address": f"hilfe@{domain}"}


def test_a_domain_that_takes_no_mail_has_no_mail_hosts(find_in: Find) -> None:
    assert "no_mail_hosts" in codes(find_in({("contoso.example", "MX"): ["0 ."]}))


def test_a_mail_server_under_another_domain_is_left_to_a_person(find_in: Find) -> None:
    records = {**GATEWAY, ("_imaps._tcp.contoso.example", "SRV"): ["0 1 993 imap.notcontoso.example."]}
    found = find_in(records)
    assert found.proposal is not None
    assert (found.proposal.kind, found.proposal.reason, found.proposal.is_sure) == ("imap", "imap_elsewhere", False)


@pytest.mark.parametrize("target", ["{url}/again", "http://127.0.0.1:1/", "https://10.0.0.1/", "file:///etc/passwd"])
def test_nobody_is_followed_to_another_place(find_in: Find, web: Web, target: str) -> None:
    web.sends_to = target.format(url=web.url)
    found = find_in(GATEWAY)
    assert found.proposal is None
    assert len(web.asked) == 2  # the Exchange address, and Microsoft's sign-in


@pytest.mark.parametrize("part", [b"[" * 30_000, b"x" * 65_536, b'{"issuer": 1}'])
def test_answers_of_any_kind_and_length_end_the_question(find_in: Find, web: Web, part: bytes) -> None:
    endless = len(part) > 60_000
    web.body = itertools.repeat(part) if endless else (part,)
    found = find_in(GATEWAY)
    assert found.proposal is None
    assert codes(found)[-1] == ("no_microsoft" if endless else "no_tenant")


def test_an_answer_that_comes_too_slowly_is_not_waited_for(
    find_in: Find, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = itertools.count(step=3600.0)
    monkeypatch.setattr(clouds, "monotonic", lambda: next(hours))
    web.body = (b"{", b"}")
    found = find_in(GATEWAY)
    assert codes(found)[-1] == "no_microsoft"


@pytest.mark.parametrize(
    "address", ["Support@Contoso.EXAMPLE", "support+desk@contoso.example", " support@contoso.example "]
)
def test_an_address_stays_as_it_is_written(find_in: Find, web: Web, address: str) -> None:
    web.knows("contoso.example")
    found = find_in(OUTLOOK, address)
    assert found.proposal is not None
    assert found.proposal.settings == {"address": address.strip(), "tenant": TENANT}


def test_a_subdomain_is_asked_for_by_itself(find_in: Find, web: Web) -> None:
    web.knows("it.contoso.example")
    found = find_in({("it.contoso.example", "MX"): ["0 x.mail.protection.outlook.com."]}, "desk@it.contoso.example")
    assert found.proposal is not None
    assert found.proposal.settings["tenant"] == TENANT


@pytest.mark.parametrize(
    "address",
    [
        *("support", "@contoso.example", "support@", "a b@contoso.example", "a@b", "a@..de", "a@127.0.0.1"),
        *("a@contoso.example/../x", "a@contoso.example:8443", "a@contoso.example?x", "a@contoso.example#x"),
        *("a@[10.0.0.1]", "a@-x.example", "a@x\\y.example", "a\x01b@contoso.example", "a@" + "x." * 130 + "example"),
    ],
)
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(KnownError, match=r"discovery\.bad_address"):
        find(address)


def test_an_address_at_gmail_needs_no_network() -> None:
    found = find("team@gmail.com")
    assert found.proposal is not None
    assert (found.proposal.kind, codes(found)) == ("gmail", ["google_domain"])
