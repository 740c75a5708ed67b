"""What `firstline channel` says to input that is wrong or wanting: one sentence, no traceback, nothing half done."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from app.commands import channel as command
from app.main import main
from tests.services.secrets.test_secrets import Safe

GRAPH = {"address": "ada@contoso.example", "client_id": "app", "tenant": "contoso.example"}
GMAIL = {"address": "ada@contoso.example", "client_id": "desktop"}
EXCHANGE = {"address": "ada@contoso.example", "server": "mail.contoso.example"}


@pytest.fixture(autouse=True)
def _profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    used = keyring.get_keyring()
    keyring.set_keyring(Safe())
    yield
    keyring.set_keyring(used)


def add(kind: str, settings: dict[str, str], *more: str) -> int:
    words = (word for name, value in settings.items() for word in ("--set", f"{name}={value}"))
    return main(["channel", "add", kind, "--name", "support", *words, *more])


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        ("graph", {"client_id": "two words"}, "“client_id”"),
        ("graph", {"tenant": "contoso/../common"}, "“tenant”"),
        ("graph", {"tenant": "organizations", "app_only": "true"}, "an application signs in at one tenant"),
        ("gmail", {"client_id": "two words"}, "“client_id”"),
        ("gmail", {"address": "ada"}, "a mail address looks like desk@example.com"),
        ("gmail", {"handled": "move"}, "move_to names the label"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    kind: str, wrong: dict[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(kind, (GRAPH if kind == "graph" else GMAIL) | wrong) == 1
    told = capsys.readouterr().err.strip()
    assert said in told
    assert len(told.splitlines()) == 1
    assert "Value error" not in told
    assert f"“{kind}”" not in told


def test_spaces_around_what_was_copied_do_no_harm(capsys: pytest.CaptureFixture[str]) -> None:
    assert add("gmail", {name: f" {value} " for name, value in GMAIL.items()}) == 0


def test_without_a_terminal_no_password_is_asked_for_and_nothing_is_added(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(command, "getpass", nobody)
    assert add("gmail", GMAIL, "--ask-secrets") == 1
    assert "no terminal" in capsys.readouterr().err
    assert add("gmail", GMAIL) == 0


def test_without_a_keyring_no_password_is_asked_for_and_nothing_is_added(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "getpass", lambda _prompt: pytest.fail("asked"))
    keyring.set_keyring(NoKeyring())
    assert add("gmail", GMAIL, "--ask-secrets") == 1
    assert "FIRSTLINE_SECRET_CHANNEL_SUPPORT_CLIENT_SECRET" in capsys.readouterr().err
    assert add("gmail", GMAIL) == 0


def test_without_a_keyring_a_sign_in_is_told_what_takes_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    add("graph", GRAPH)
    keyring.set_keyring(NoKeyring())
    assert main(["channel", "sign-in", "support"]) == 1
    told = capsys.readouterr().err
    assert "FIRSTLINE_SECRET_CHANNEL_NAME_REFRESH_TOKEN" in told
    assert "SIGN_IN" not in told


def test_a_mailbox_is_found_where_the_database_is_broken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "firstline.db").write_bytes(b"this is no database" * 100)
    assert main(["channel", "list"]) == 1
    capsys.readouterr()
    assert main(["channel", "find", "ada"]) == 1
    assert "no whole mail address" in capsys.readouterr().err


def test_the_password_of_an_earlier_kind_is_told_of_and_can_be_removed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "getpass", lambda _prompt: "old-secret")
    assert add("exchange", EXCHANGE, "--ask-secrets") == 0
    assert main(["channel", "forget", "support"]) == 0
    assert keyring.get_password("firstline", "channel/support/password") == "old-secret"
    moving = ["channel", "move", "support", "--to", "graph", "--set", "client_id=app"]
    assert main(moving) == 0
    assert "firstline channel forget support" in capsys.readouterr().out
    assert keyring.get_password("firstline", "channel/support/password") == "old-secret"
    assert main(["channel", "forget", "support"]) == 0
    assert keyring.get_password("firstline", "channel/support/password") is None
