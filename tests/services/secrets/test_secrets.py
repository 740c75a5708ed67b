"""Secrets are kept by a keyring that protects them, or told by the environment; never anywhere else."""

from collections.abc import Callable

import keyring
import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend, get_all_keyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from app.models.errors import KnownError
from app.services.secrets import Secrets, channel_secret, variable
from app.services.wording import tr_error

Use = Callable[[KeyringBackend], Secrets]


class Safe(KeyringBackend):
    """Keeps secrets in memory, as the keyring of a system would.

    Every backend that was ever defined is one that keyring may choose; `viable` keeps these out of other tests.
    """

    priority = 5.0  # type: ignore[assignment]
    viable = False  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


class Locked(Safe):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("it is locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("it is locked")

    def delete_password(self, service: str, username: str) -> None:
        raise KeyringLocked("it is locked")


class PlaintextKeyring(Safe):
    """As `keyrings.alt.file.PlaintextKeyring`: the name says it."""


class Encrypted(Safe):
    """Of the package that keeps files; whether its password is any good, nobody can tell."""


Encrypted.__module__ = "keyrings.alt.file"


class Chain(Safe):
    def __init__(self, *backends: KeyringBackend) -> None:
        super().__init__()
        self.backends = list(backends)


UNSAFE = [
    PlaintextKeyring(),
    Encrypted(),
    keyring.backends.fail.Keyring(),
    keyring.backends.null.Keyring(),
    Chain(PlaintextKeyring(), Safe()),
    Chain(Chain(PlaintextKeyring())),
]


@pytest.fixture
def using() -> Use:
    before = keyring.get_keyring()

    def use(backend: KeyringBackend) -> Secrets:
        keyring.set_keyring(backend)
        return Secrets({})

    yield use  # type: ignore[misc]
    keyring.set_keyring(before)


def test_a_secret_is_kept_found_and_forgotten(using: Use) -> None:
    secrets = using(Safe())
    assert secrets.get("database") is None
    secrets.set("database", "geheim")
    assert secrets.get("database") == "geheim"
    secrets.forget("database")
    secrets.forget("database")
    assert secrets.get("database") is None


@pytest.mark.parametrize("backend", UNSAFE, ids=lambda each: type(each).__qualname__)
def test_a_keyring_that_does_not_protect_is_refused(using: Use, backend: KeyringBackend) -> None:
    secrets = using(backend)
    with pytest.raises(KnownError) as caught:
        secrets.set("database", "geheim")
    assert caught.value.code == "keyring.unsafe"
    assert "FIRSTLINE_SECRET_DATABASE" in tr_error(caught.value)
    assert "geheim" not in f"{caught.value} {caught.value.facts}"
    assert (secrets.get("database"), secrets.describe()) == (None, None)
    secrets.forget("database")
    assert getattr(backend, "kept", {}) == {}


def test_nothing_is_read_from_a_keyring_that_does_not_protect(using: Use) -> None:
    backend = PlaintextKeyring()
    backend.set_password("firstline", "database", "readable")
    assert using(backend).get("database") is None


def test_a_chain_that_begins_with_a_safe_keyring_is_used(using: Use) -> None:
    secrets = using(Chain(Safe(), PlaintextKeyring()))
    secrets.set("database", "geheim")
    assert secrets.get("database") == "geheim"
    assert secrets.describe() == f"{__name__}.Chain"


def test_a_locked_keyring_is_told_and_is_no_missing_secret(using: Use) -> None:
    secrets = using(Locked())
    for act in (lambda: secrets.get("x"), lambda: secrets.set("x", "geheim"), lambda: secrets.forget("x")):
        with pytest.raises(KnownError) as caught:
            act()
        assert caught.value.code == "keyring.failed"
        assert "it is locked" in tr_error(caught.value)


def test_the_environment_tells_secrets_before_any_keyring(using: Use) -> None:
    using(Locked())
    secrets = Secrets({"FIRSTLINE_SECRET_CHANNEL_SUPPORT_DE_PASSWORD": "told"})
    assert secrets.of_channel("support-de")("password") == "told"


def test_an_empty_secret_in_the_environment_is_a_secret(using: Use) -> None:
    using(Safe()).set("database", "kept")
    assert Secrets({"FIRSTLINE_SECRET_DATABASE": ""}).get("database") == ""


def test_each_channel_has_secrets_of_its_own(using: Use) -> None:
    secrets = using(Safe())
    secrets.set(channel_secret("one", "password"), "1")
    assert (secrets.of_channel("one")("password"), secrets.of_channel("two")("password")) == ("1", None)


def test_a_variable_is_named_by_what_every_shell_allows() -> None:
    assert variable(channel_secret("Störung & co", "password")) == "FIRSTLINE_SECRET_CHANNEL_ST_RUNG_CO_PASSWORD"


def test_these_backends_are_in_no_others_way() -> None:
    assert [each for each in get_all_keyring() if isinstance(each, Safe)] == []


def test_secrets_do_not_show_in_a_repr() -> None:
    assert "geheim" not in repr(Secrets({"FIRSTLINE_SECRET_DATABASE": "geheim"}))


LONG = "ä" * 1_300 + "😀" * 900


def test_a_secret_too_long_for_one_entry_of_windows_is_kept_in_several(using: Use) -> None:
    safe = Safe()
    secrets = using(safe)
    secrets.set("channel/support/certificate", LONG)
    assert secrets.get("channel/support/certificate") == LONG
    assert max(len(each.encode("utf-16-le")) for each in safe.kept.values()) <= 2_560


@pytest.mark.parametrize("after", ["short", LONG + "!"])
def test_nothing_is_left_of_a_long_secret_that_was_replaced(after: str, using: Use) -> None:
    safe = Safe()
    secrets = using(safe)
    secrets.set("one", LONG)
    before = set(safe.kept)
    secrets.set("one", after)
    assert secrets.get("one") == after
    assert set(safe.kept) & before == {("firstline", "one")}
    secrets.forget("one")
    assert safe.kept == {}


def test_a_long_secret_that_is_replaced_while_it_is_read_is_read_again(using: Use) -> None:
    class Busy(Safe):
        """Another process replaces the secret between the reading of two parts."""

        def get_password(self, service: str, username: str) -> str | None:
            found = super().get_password(service, username)
            if username.endswith(".1") and self.busy:
                self.busy = False
                secrets.set("one", LONG[::-1])
                return super().get_password(service, username)
            return found

        busy = False

    backend = Busy()
    secrets = using(backend)
    secrets.set("one", LONG)
    backend.busy = True
    assert secrets.get("one") == LONG[::-1]


def test_a_long_secret_that_lost_a_part_is_none(using: Use) -> None:
    safe = Safe()
    secrets = using(safe)
    secrets.set("one", LONG)
    safe.kept.pop(next(each for each in safe.kept if each[1].endswith(".1")))
    assert secrets.get("one") is None
