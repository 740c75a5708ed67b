"""An authorisation server, a keyring in memory, and a person at a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import keyring
import pytest

from app.models.clock import SystemClock
from app.services.channels.interface import Identity
from app.services.secrets import Secrets
from app.services.sign_in import SignedIn, SignIns
from tests.peers.authority.server import Authority
from tests.services.secrets.test_secrets import Safe

SCOPE = "https://graph.microsoft.com/Mail.ReadWrite"
ADA = Identity("microsoft", "ada@contoso.example", "app", "contoso.example", "global", (SCOPE,))
GRACE = Identity("google", "ada@contoso.example", "desktop", "", "", ("https://mail.google.com/",))

SignIn = Callable[[Identity], SignedIn]


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with Authority(tmp_path) as running:
        running.register("app")
        running.register("desktop", secret="not-so-secret")
        yield running


@pytest.fixture
def safe() -> Iterator[Safe]:
    before = keyring.get_keyring()
    kept = Safe()
    keyring.set_keyring(kept)
    yield kept
    keyring.set_keyring(before)


@pytest.fixture
def sign_ins(authority: Authority, safe: Safe) -> SignIns:
    return SignIns(Secrets({}), SystemClock(), authority.endpoints)


def secret(name: str) -> str | None:
    return {"client_secret": "not-so-secret"}.get(name)


@pytest.fixture
def sign_in(sign_ins: SignIns, authority: Authority) -> Iterator[SignIn]:
    """Somebody signs in, in a browser that goes where it is sent."""
    browsers: list[Thread] = []

    def show(url: str) -> bool:
        browsers.append(Thread(target=authority.browse, args=(url,)))
        browsers[-1].start()
        return True

    yield lambda identity: sign_ins.in_browser(identity, secret, show, Event())
    for each in browsers:
        each.join()
