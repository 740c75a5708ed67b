"""Who is signed in where: what each channel gets to show to its server, and how a person signs in.

A person signs in by Windows, in the browser of this machine, or by a code on another device; what is kept of it is one
refresh token in the keyring, or the account to ask Windows for. A machine without people is told a refresh token or a
certificate by its environment.
"""

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from threading import Event, Lock
from typing import TYPE_CHECKING

from app.models.clock import Clock
from app.models.errors import ChannelError
from app.services.channels.interface import Credentials, Identity, SecretSource
from app.services.secrets import Secrets
from app.services.sign_in.endpoints import Endpoints
from app.services.sign_in.faults import problem
from app.services.sign_in.grants import DeviceCode, Grant, SignedIn, SignInClient, Window
from app.services.sign_in.renewing import PersonTokens, ProgramTokens, Renewers
from app.services.sign_in.vault import Kept, Vault

if TYPE_CHECKING:
    from app.services.sign_in.broker import Broker

__all__ = ["DeviceCode", "SignIns", "SignedIn", "Window"]

BROWSER_SECONDS = 300.0
_log = logging.getLogger(__name__)


class SignIns:
    """All sign-ins of one process. `browser_seconds` is how long a person has in the browser."""

    def __init__(
        self,
        secrets: Secrets,
        clock: Clock,
        endpoints: Endpoints | None = None,
        browser_seconds: float = BROWSER_SECONDS,
    ) -> None:
        self._secrets, self._clock = secrets, clock
        self._endpoints = endpoints or Endpoints()
        self._browser_seconds = browser_seconds
        self._vault = Vault(secrets)
        self._held: dict[tuple[str, Identity], PersonTokens | ProgramTokens] = {}
        self._lock = Lock()

    def credentials(
        self, channel: str, identity: Identity | None, entered: Mapping[str, str] | None = None
    ) -> Credentials:
        """What the channel of that name signs in with; `entered` are secrets that are not kept, or not yet."""
        secret = self.secret_of(channel, entered)
        if identity is None:
            return Credentials(secret)
        if entered:
            return Credentials(secret, self._tokens(identity, secret))
        with self._lock:
            key = (channel, identity)
            held = self._held.get(key) or self._held.setdefault(key, self._tokens(identity, secret))
        return Credentials(secret, held)

    def secret_of(self, channel: str, entered: Mapping[str, str] | None = None) -> SecretSource:
        """The secrets of the channel of that name, those `entered` first."""
        typed, kept = entered or {}, self._secrets.of_channel(channel)
        return lambda name: typed.get(name) or kept(name)

    def who(self, identity: Identity) -> SignedIn | None:
        """Who is signed in for it on this machine; None where nobody is, or where the program signs in as itself."""
        kept = None if identity.app_only else self._vault.load(identity)
        return kept.signed_in if kept else None

    def by_windows(self, identity: Identity, window: Window, stop: Event) -> SignedIn | None:
        """A person signs in by Windows itself, which keeps the sign-in; None where it cannot, or is not to: sign in in
        the browser then. Errors as there.
        """
        if not identity.by_windows:
            return None
        self._vault.check()
        broker = self._broker(identity)
        grant = broker.sign_in(window, stop) if broker else None
        return self._keep(identity, grant) if grant else None

    def in_browser(
        self, identity: Identity, secret: SecretSource, show: Callable[[str], bool], stop: Event
    ) -> SignedIn:
        """A person signs in in the browser that `show` opens at an address; False where it cannot.

        `ChannelError` `sign_in.*`, also where `stop` was set; `KnownError` `keyring.*` where it could not be kept.
        """
        from app.services.sign_in.loopback import Loopback  # noqa: PLC0415 - a web server, for a moment

        self._vault.check()
        client = self._client(identity, secret)
        try:
            listener = Loopback(client.loopback)
        except OSError as error:
            raise problem(identity, "no_port", reason=error.strerror or str(error)) from error
        with listener:
            begun = client.begin(listener.address)
            if not show(begun.url):
                raise problem(identity, "no_browser", address=begun.url)
            answer = listener.wait(identity, begun.state, stop, self._browser_seconds)
        return self._keep(identity, client.finish(begun, answer))

    def by_device(self, identity: Identity, show: Callable[[DeviceCode], None], stop: Event) -> SignedIn:
        """A person signs in on any device with the code that `show` is given. Errors as in the browser.

        With Microsoft alone: Google gives no access to mail that way, `sign_in.no_device_code`.
        """
        if identity.provider != "microsoft":
            raise problem(identity, "no_device_code")
        from app.services.sign_in.microsoft import MicrosoftClient  # noqa: PLC0415 - slow, and often not needed

        self._vault.check()
        client = MicrosoftClient(identity, self._endpoints)
        code = client.begin_device()
        show(code)
        until = time.monotonic() + code.lasts
        while True:
            if stop.wait(code.interval):
                raise problem(identity, "cancelled")
            if time.monotonic() > until:
                raise problem(identity, "device_code_expired")
            grant = client.ask_device(code)
            if grant is not None:
                return self._keep(identity, grant)

    def sign_out(self, identity: Identity) -> None:
        """Forget the sign-in on this machine. Windows is asked to as well if it keeps it; what stops it is logged."""
        kept = self._vault.load(identity)
        self._vault.forget(identity)
        self._forget_tokens(identity)
        if kept is not None and kept.account is not None:
            try:
                broker = self._broker(identity)
                if broker:
                    broker.sign_out(kept.account)
            except ChannelError as error:
                _log.warning("Windows still keeps the sign-in of %s: %s", identity.user, error)

    def _keep(self, identity: Identity, grant: Grant) -> SignedIn:
        if not grant.refresh_token and grant.account is None:
            raise problem(identity, "no_refresh_token")
        signed_in = SignedIn(grant.who or identity.user, self._clock.now(), by_windows=grant.account is not None)
        self._vault.save(identity, Kept(signed_in, grant.refresh_token or "", grant.account))
        self._forget_tokens(identity)
        return signed_in

    def _forget_tokens(self, identity: Identity) -> None:
        with self._lock:
            for (_channel, known), held in self._held.items():
                if known == identity:
                    held.forget()

    def _tokens(self, identity: Identity, secret: SecretSource) -> PersonTokens | ProgramTokens:
        if identity.app_only:
            return ProgramTokens(lambda: self._as_program(identity, secret), self._clock)
        renewers = Renewers(partial(self._client, identity, secret), partial(self._renew_by_windows, identity))
        return PersonTokens(identity, secret, self._vault, renewers, self._clock)

    def _client(self, identity: Identity, secret: SecretSource) -> SignInClient:
        if identity.provider == "google":
            from app.services.sign_in.google import GoogleClient  # noqa: PLC0415 - the network is imported when used

            return GoogleClient(identity, secret("client_secret"), self._endpoints)
        from app.services.sign_in.microsoft import MicrosoftClient  # noqa: PLC0415 - slow, and often not needed

        return MicrosoftClient(identity, self._endpoints)

    def _broker(self, identity: Identity) -> "Broker | None":
        from app.services.sign_in.broker import Broker  # noqa: PLC0415 - as above

        return Broker.find(identity, self._endpoints)

    def _renew_by_windows(self, identity: Identity, account: Mapping[str, str]) -> Grant:
        broker = self._broker(identity)
        if broker is None:
            raise problem(identity, "windows_gone")
        return broker.renew(account)

    def _as_program(self, identity: Identity, secret: SecretSource) -> Grant:
        from app.services.sign_in.microsoft import MicrosoftProgram  # noqa: PLC0415 - as above

        certificate = secret("certificate")
        if not certificate:
            raise problem(identity, "no_certificate")
        return MicrosoftProgram(identity, certificate, self._endpoints).grant()
