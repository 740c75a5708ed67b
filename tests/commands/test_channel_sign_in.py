"""`firstline channel find` and `sign-in`: from an address to a mailbox that somebody is signed in for."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Thread

import keyring
import pytest

from app.commands import channel_sign_in
from app.main import main
from app.services import mailbox_discovery, sign_in
from app.services.mailbox_discovery import Places
from tests.peers.authority.server import Authority
from tests.peers.name_server import NameServer
from tests.peers.windows_broker import CONSOLE, WindowsBroker, on_windows
from tests.services.secrets.test_secrets import Safe

ADDRESS = "ada@contoso.example"


@pytest.fixture(autouse=True)
def _profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    used = keyring.get_keyring()
    keyring.set_keyring(Safe())
    yield
    keyring.set_keyring(used)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    with Authority(tmp_path) as running:
        running.register("app")
        monkeypatch.setattr(sign_in, "Endpoints", lambda: running.endpoints)
        yield running


def channel(*arguments: str) -> int:
    return main(["channel", *arguments])


def add_graph() -> int:
    settings = (f"address={ADDRESS}", "client_id=app", "tenant=contoso.example")
    return channel("add", "graph", "--name", "support", *(word for each in settings for word in ("--set", each)))


def test_an_address_is_told_its_kind_of_channel_with_a_command_to_add_it(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {("contoso.example", "MX"): ["0 contoso-example.mail.protection.outlook.com."]}
    with NameServer(names) as server:
        places = Places("127.0.0.1", server.port, authority.endpoints.microsoft, ca_file=str(authority.ca_file))
        monkeypatch.setattr(channel_sign_in.mailbox_discovery, "find", partial(mailbox_discovery.find, places=places))
        assert channel("find", ADDRESS) == 0
        told = capsys.readouterr().out
        assert channel("find", ADDRESS, "--json") == 0
        plain = json.loads(capsys.readouterr().out)
        assert channel("find", "ada@nowhere.example") == 1
    assert "Proposed: Microsoft 365" in told
    assert "(MX)" in told
    assert f"channel add graph --name NAME --set address={ADDRESS} --set tenant=contoso.example" in told
    assert plain["proposal"]["kind"] == "graph"
    assert plain["evidence"][0]["code"] == "mail_hosts"


def test_a_channel_that_was_added_says_how_to_sign_in_and_then_knows_who_did(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    threads: list[Thread] = []

    def browser(address: str) -> bool:
        threads.append(Thread(target=authority.browse, args=(address,)))
        threads[0].start()
        return True

    monkeypatch.setattr(channel_sign_in.webbrowser, "open", browser)
    assert add_graph() == 0
    assert "firstline channel sign-in support" in capsys.readouterr().out
    assert channel("sign-in", "support") == 0
    threads[0].join()
    assert f"“support”: {ADDRESS} is signed in." in capsys.readouterr().out


def test_windows_asks_before_the_console_and_says_where_to_go_on(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    windows = on_windows(WindowsBroker([], person=ADDRESS), monkeypatch)
    add_graph()
    assert channel("sign-in", "support") == 0
    told = capsys.readouterr().out
    assert "Go on in the window of Windows." in told
    assert f"“support”: {ADDRESS} is signed in." in told
    assert windows.windows == [CONSOLE]


def test_a_code_is_told_for_another_device(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    show = channel_sign_in._show_code

    def shown(code: sign_in.DeviceCode) -> None:
        show(code)
        authority.approve(code.user_code)

    monkeypatch.setattr(channel_sign_in, "_show_code", shown)
    add_graph()
    assert channel("sign-in", "support", "--device") == 0
    (device,) = authority.store.devices.values()
    assert f"enter the code {device.user_code}" in capsys.readouterr().out


def test_a_machine_without_a_browser_is_told_what_to_do(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(channel_sign_in.webbrowser, "open", lambda _address: False)
    add_graph()
    assert channel("sign-in", "support") == 1
    assert "--device" in capsys.readouterr().err


def test_a_channel_with_a_password_asks_nobody_to_sign_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = ("--set", "address=a@b.example", "--set", f"path={tmp_path}")
    assert channel("add", "folder", "--name", "mails", *settings) == 0
    assert "sign-in" not in capsys.readouterr().out
    assert channel("sign-in", "mails") == 1
    assert "Nobody needs to sign in" in capsys.readouterr().err
