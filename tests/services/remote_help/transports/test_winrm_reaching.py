"""The way to a host by WinRM: who signs in how, whom it trusts, and what goes wrong in words."""

import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from spnego.exceptions import SpnegoError

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState
from app.models.records.scripts import Transport
from app.services.remote_help.transports.carriers import carrier_of
from app.services.remote_help.transports.interface import Job, Reach, Stop
from app.services.remote_help.transports.winrm import WinrmCarrier
from app.services.remote_help.transports.winrm.failing import failure
from app.services.wording import tr, tr_error
from tests.fixtures.certificates import authority, certificate
from tests.fixtures.winrm import HOST, WinrmHost, nothing, tls
from tests.peers.ports import free_port
from tests.peers.winrm import WinrmServer
from tests.peers.winrm.wsman import ACCESS_DENIED, Fault
from tests.services.remote_help.transports.carrying import Said, carry, connection, job, manifest, package, run

Reaching = Callable[..., Job]
DOMAIN_USER, DOMAIN_PASSWORD = "CORP\\helpdesk", "rabbit-hole"


@pytest.fixture
def reaching(winrm_host: WinrmHost) -> Reaching:
    def made(**more: Any) -> Job:
        options = winrm_host.options | more.pop("options", {})
        reached = connection(Transport.WINRM, user=more.pop("user", winrm_host.user), **options)
        secrets = more.pop("secrets", {"password": winrm_host.password})
        told = package(manifest({"transport": "winrm"}), script__ps1=b"param()\n")
        return job(told, more.pop("target", HOST), reached, secrets)

    return made


@pytest.fixture
def ntlm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = tmp_path / "accounts"
    domain, user = DOMAIN_USER.split("\\")
    accounts.write_text(f"{domain}:{user}:{DOMAIN_PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(accounts))


def ran(wanted: Job) -> Ended:
    return carry(WinrmCarrier(), wanted, Said())


def refused(wanted: Job) -> KnownError:
    with pytest.raises(KnownError) as told:
        ran(wanted)
    assert tr_error(told.value)
    return told.value


@pytest.mark.parametrize("sign_in", ["negotiate", "ntlm"])
def test_an_account_of_the_domain_signs_in_by_ntlm(
    reaching: Reaching, winrm_host: WinrmHost, ntlm: None, sign_in: str
) -> None:
    winrm_host.server.offers = ("Negotiate",)
    wanted = reaching(user=DOMAIN_USER, secrets={"password": DOMAIN_PASSWORD}, options={"sign_in": sign_in})
    assert ran(wanted).outcome is Outcome.SUCCEEDED
    assert winrm_host.server.heard[0].user == DOMAIN_USER


def test_a_wrong_password_is_told_and_nothing_runs(reaching: Reaching, winrm_host: WinrmHost, ntlm: None) -> None:
    assert refused(reaching(secrets={"password": "wrong"})).code == "winrm.denied"
    told = reaching(user=DOMAIN_USER, secrets={"password": "wrong"}, options={"sign_in": "ntlm"})
    assert refused(told).code == "winrm.denied"
    assert winrm_host.server.heard == []


def test_without_a_password_nobody_is_asked(reaching: Reaching, winrm_host: WinrmHost) -> None:
    assert refused(reaching(secrets={})).code == "winrm.no_secret"
    assert winrm_host.server.sessions == {}


def test_a_way_to_sign_in_that_the_host_does_not_offer_is_told(reaching: Reaching, winrm_host: WinrmHost) -> None:
    winrm_host.server.offers = ("Basic",)
    assert refused(reaching(options={"sign_in": "ntlm"})).code == "winrm.no_common_sign_in"


def test_kerberos_without_what_it_needs_is_told(reaching: Reaching) -> None:
    assert refused(reaching(options={"sign_in": "kerberos"})).code in {"winrm.no_kerberos", "winrm.kerberos"}


def test_a_clock_that_is_wrong_is_told(reaching: Reaching) -> None:
    class Skewed(Exception):
        """As MIT Kerberos tells it (KRB5KRB_AP_ERR_SKEW)."""

        maj_code, min_code = 851968, -1765328347

    told = failure(SpnegoError(base_error=Skewed("generic failure"), error_code=13), reaching().reach, 5986)
    assert told.code == "winrm.clock_skew"


@pytest.mark.parametrize("name", ["other.example", HOST])
def test_a_certificate_of_another_name_or_authority_is_refused_before_anybody_signs_in(
    reaching: Reaching, winrm_host: WinrmHost, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    context, ca_file = tls(folder, name)
    with WinrmServer(context, nothing) as server:
        trusted = winrm_host.ca_file if name == HOST else ca_file
        told = refused(reaching(options={"port": server.port, "ca_file": str(trusted)}))
        assert told.code == "winrm.certificate"
        assert str(told.facts["reason"])
        assert server.sessions == {}


def test_an_expired_certificate_is_refused(reaching: Reaching, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    context, ca_file = tls(folder, days=-1)
    with WinrmServer(context, nothing) as server:
        told = refused(reaching(options={"port": server.port, "ca_file": str(ca_file)}))
    assert (told.code, "expired" in str(told.facts["reason"])) == ("winrm.certificate", True)


def test_an_authority_of_the_environment_is_not_trusted(
    reaching: Reaching, winrm_host: WinrmHost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(winrm_host.ca_file))
    other, _ = authority().write(tmp_path, "nobody")
    assert refused(reaching(options={"ca_file": str(other)})).code == "winrm.certificate"


def test_a_file_of_authorities_that_cannot_be_read_is_told(reaching: Reaching, tmp_path: Path) -> None:
    assert refused(reaching(options={"ca_file": str(tmp_path / "none.pem")})).code == "winrm.ca_file"


def test_a_certificate_of_the_desk_signs_in_by_tls(winrm_host: WinrmHost, reaching: Reaching, tmp_path: Path) -> None:
    own, key = certificate("desk", None).write(tmp_path, "desk")
    told = {"sign_in": "certificate", "certificate": str(own), "certificate_key": str(key)}
    assert refused(reaching(options=told, secrets={})).code == "winrm.denied"
    winrm_host.server.tls.load_verify_locations(own)
    winrm_host.server.tls.verify_mode = ssl.CERT_OPTIONAL
    assert ran(reaching(options=told, secrets={})).outcome is Outcome.SUCCEEDED
    assert winrm_host.server.heard[0].user == "desk"
    assert refused(reaching(options=told | {"certificate_key": str(tmp_path / "none")})).code == "winrm.own_certificate"


def test_a_host_where_nobody_listens_and_one_that_does_not_exist_are_told(reaching: Reaching) -> None:
    assert refused(reaching(options={"port": free_port()})).code == "winrm.refused"
    assert refused(reaching(target="no-such-host.invalid")).code == "winrm.unknown_host"


def test_a_host_that_says_nothing_is_told(reaching: Reaching) -> None:
    told = failure(requests.ConnectTimeout("timed out"), reaching().reach, 5986)
    assert told.code == "winrm.no_answer"


def test_something_else_behind_the_port_is_told(reaching: Reaching, winrm_host: WinrmHost) -> None:
    for status in (404, 503, 200):
        winrm_host.server.status = status
        assert refused(reaching()).code == "winrm.no_winrm"


def test_who_may_not_use_remoting_is_told(reaching: Reaching, winrm_host: WinrmHost) -> None:
    winrm_host.server.refuse["Create"] = Fault(ACCESS_DENIED, "Access is denied.")
    assert refused(reaching()).code == "winrm.not_allowed"
    winrm_host.server.refuse["Create"] = Fault(2150859174, "This user has too many shells.")
    assert refused(reaching()).code == "winrm.too_many"
    winrm_host.server.refuse["Create"] = Fault(2150858770, "Cannot find the session configuration.")
    assert refused(reaching()).facts["reason"] == "Cannot find the session configuration."


def test_a_host_that_does_not_take_the_script_says_so(reaching: Reaching, winrm_host: WinrmHost) -> None:
    winrm_host.server.refuse["Command"] = Fault(1, "The pipeline cannot be created.")
    assert refused(reaching()).code == "winrm.fault"


def test_a_stop_while_it_connects_starts_nothing(reaching: Reaching, silent: int) -> None:
    async def running() -> Ended:
        stop = Stop()
        stop.ask(Outcome.CANCELLED)
        return await WinrmCarrier().run(reaching(options={"port": silent}), Said(), stop)

    ended = run(running())
    assert (ended.outcome, ended.remote) == (Outcome.CANCELLED, RemoteState.NEVER_STARTED)


def test_a_probe_tells_each_step(reaching: Reaching, winrm_host: WinrmHost) -> None:
    found = _probe(reaching().reach)
    assert [each.code for each in found] == ["winrm.certificate", "winrm.signed_in", "winrm.session"]
    for each in found:
        assert tr(f"probe.{each.code}", **each.facts)
    assert winrm_host.server.heard == []
    with pytest.raises(KnownError, match=r"winrm\.denied"):
        _probe(reaching(secrets={"password": "wrong"}).reach)


def test_another_session_configuration_is_asked_for_by_its_name(reaching: Reaching, winrm_host: WinrmHost) -> None:
    ran(reaching(options={"configuration": "Firstline.Helpdesk"}))
    assert winrm_host.server.heard[0].configuration == "Firstline.Helpdesk"


def test_the_desk_finds_it_under_its_name() -> None:
    assert isinstance(carrier_of(Transport.WINRM), WinrmCarrier)


def test_what_speaks_the_protocol_is_imported_only_when_a_script_runs() -> None:
    code = (
        "import sys; from app.models.records.scripts import Transport;"
        "from app.services.remote_help.transports.carriers import carrier_of; carrier_of(Transport.WINRM).options();"
        "sys.exit(bool({'pypsrp', 'requests', 'spnego'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


def _probe(reach: Reach) -> Any:
    import asyncio

    return asyncio.run(WinrmCarrier().probe(reach))
