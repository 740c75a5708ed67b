"""Signing in by NTLM, as most Exchange servers on premises want it."""

from pathlib import Path

import pytest

from app.models.errors import ChannelError
from tests.peers.ews.running import DESK, PASSWORD, USER, mail
from tests.peers.ews.server import EwsServer
from tests.services.channels.exchange.conftest import Open


@pytest.fixture(autouse=True)
def _ntlm_only(server: EwsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = tmp_path / "accounts"
    domain, user = USER.split("\\")
    accounts.write_text(f"{domain}:{user}:{PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(accounts))
    server.ntlm = True


@pytest.mark.parametrize("authentication", ["auto", "ntlm"])
def test_mail_is_read_after_signing_in_by_ntlm(server: EwsServer, connect: Open, authentication: str) -> None:
    server.store.deliver(DESK, mail(1))
    connector = connect(authentication=authentication)
    batch = connector.poll(None, 10)
    server.store.deliver(DESK, mail(2))
    again = connector.poll(batch.cursor, 10)
    assert [each.raw for each in (*batch.messages, *again.messages)] == [mail(1), mail(2)]


@pytest.mark.parametrize("authentication", ["auto", "ntlm"])
def test_a_wrong_password_is_refused(connect: Open, authentication: str) -> None:
    with pytest.raises(ChannelError) as caught:
        connect(password="wrong", authentication=authentication).poll(None, 10)
    assert (caught.value.code, caught.value.passing) == ("exchange.sign_in_refused", False)


def test_insisting_on_basic_where_only_ntlm_is_offered_is_refused(connect: Open) -> None:
    with pytest.raises(ChannelError) as caught:
        connect(authentication="basic").poll(None, 10)
    assert caught.value.code == "exchange.sign_in_refused"
