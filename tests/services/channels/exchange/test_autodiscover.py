"""Finding the server by the mail address."""

from pathlib import Path

import pytest

from app.models.errors import ChannelError
from app.services.channels.exchange import autodiscover
from tests.peers.ews.running import ANNA, DESK, PASSWORD, USER, certified, mail, populated
from tests.peers.ews.server import EwsServer
from tests.services.channels.exchange.conftest import Open


@pytest.fixture
def found_at(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, ...]]:
    """Where the service of a domain is, instead of under its own name on port 443."""
    places: dict[str, tuple[str, ...]] = {}
    monkeypatch.setattr(autodiscover, "candidates", lambda domain: places.get(domain, ()))
    return places


def test_only_verified_addresses_of_the_own_domain_are_asked() -> None:
    assert autodiscover.candidates("acme.example") == (
        "https://autodiscover.acme.example/autodiscover/autodiscover.svc",
        "https://acme.example/autodiscover/autodiscover.svc",
    )


def test_the_server_is_found_and_read(server: EwsServer, connect: Open, found_at: dict[str, tuple[str, ...]]) -> None:
    found_at["acme.example"] = ("https://localhost:1/autodiscover/autodiscover.svc", server.discovery_url)
    server.store.deliver(DESK, mail(1))
    assert [each.raw for each in connect(server="").poll(None, 10).messages] == [mail(1)]


def test_no_service_is_told(connect: Open, found_at: dict[str, tuple[str, ...]]) -> None:
    found_at["acme.example"] = ("https://localhost:1/autodiscover/autodiscover.svc",)
    with pytest.raises(ChannelError) as caught:
        connect(server="").poll(None, 10)
    assert (caught.value.code, caught.value.passing) == ("exchange.not_discovered", True)


def test_an_address_that_the_service_does_not_know_is_told(
    server: EwsServer, connect: Open, found_at: dict[str, tuple[str, ...]]
) -> None:
    found_at["acme.example"] = (server.discovery_url,)
    with pytest.raises(ChannelError) as caught:
        connect(server="", address="nobody@acme.example").poll(None, 10)
    assert caught.value.code == "exchange.not_discovered"


def test_a_wrong_password_is_told_as_such(
    server: EwsServer, connect: Open, found_at: dict[str, tuple[str, ...]]
) -> None:
    found_at["acme.example"] = (server.discovery_url,)
    with pytest.raises(ChannelError) as caught:
        connect(server="", password="wrong").poll(None, 10)
    assert caught.value.code == "exchange.sign_in_refused"


def test_a_cloud_that_wants_modern_sign_in_is_not_taken(
    server: EwsServer, connect: Open, found_at: dict[str, tuple[str, ...]]
) -> None:
    found_at["acme.example"] = (server.discovery_url,)
    server.faults.offer = "Bearer"
    server.faults.refusal_headers = {"ms-diagnostics-public": "Modern Auth required"}
    with pytest.raises(ChannelError) as caught:
        connect(server="").poll(None, 10)
    assert caught.value.code == "exchange.not_discovered"


def test_the_password_is_not_given_to_a_service_that_is_not_trusted(
    connect: Open, tmp_path: Path, found_at: dict[str, tuple[str, ...]]
) -> None:
    context, _ = certified(tmp_path, "stranger")
    with EwsServer(populated(), context) as stranger:
        found_at["acme.example"] = (stranger.discovery_url,)
        with pytest.raises(ChannelError) as caught:
            connect(server="", address=ANNA, user=USER, password=PASSWORD).poll(None, 10)
        assert stranger.calls == []
    assert caught.value.code == "exchange.certificate_unknown"
