"""Access tokens for one identity, renewed in time, whoever asks: threads share one renewal, desks one keyring."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from app.models.clock import Clock
from app.models.errors import ChannelError, KnownError
from app.services.channels.interface import Identity, SecretSource
from app.services.sign_in.faults import AGAIN, problem
from app.services.sign_in.grants import Grant, SignInClient
from app.services.sign_in.vault import Kept, Vault

_AHEAD = timedelta(minutes=5)  # a token that ends in the middle of a round is of no use
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Access:
    """One access token, kept in memory while it is good."""

    clock: Clock
    _token: str = field(default="", repr=False)
    _until: datetime | None = None

    def get(self, refused: str | None) -> str | None:
        """The token there is, unless it is the refused one or at its end."""
        good = self._until is not None and self.clock.now() + _AHEAD < self._until
        return self._token if good and self._token != refused else None

    def take(self, grant: Grant) -> str:
        ahead = min(_AHEAD.total_seconds(), grant.lasts / 2)  # a very short one is good for half its time
        self._until = self.clock.now() + _AHEAD + timedelta(seconds=grant.lasts - ahead)
        self._token = grant.access_token
        return self._token

    def forget(self) -> None:
        self._until = None


@dataclass(frozen=True, slots=True)
class Renewers:
    """Who gives an access token without a person: a provider's client for a refresh token, Windows for an account."""

    client: Callable[[], SignInClient]
    by_windows: Callable[[Mapping[str, str]], Grant]


class PersonTokens:
    """For a person who signed in: by the refresh token in the keyring, or one that the environment tells, or by Windows
    where that keeps the sign-in.

    Another desk may have renewed since: one that is refused is looked up again before a person is asked. What the
    environment told cannot be written back there, so a new one lasts as long as this process.
    """

    def __init__(
        self, identity: Identity, secret: SecretSource, vault: Vault, renewers: Renewers, clock: Clock
    ) -> None:
        self._identity, self._secret, self._vault, self._renewers = identity, secret, vault, renewers
        self._access = Access(clock)
        self._unkept: str | None = None
        self._lock = Lock()

    def token(self, refused: str | None = None) -> str:
        with self._lock:
            return self._access.get(refused) or self._access.take(self._renew())

    def forget(self) -> None:
        """Somebody signed in anew, or out."""
        with self._lock:
            self._unkept = None
            self._access.forget()

    def _renew(self) -> Grant:
        kept = self._vault.load(self._identity)
        if kept is not None and kept.account is not None:
            return self._renewers.by_windows(kept.account)
        used = self._unkept or (kept.refresh_token if kept else self._secret("refresh_token"))
        if not used:
            raise problem(self._identity, "needed")
        client = self._renewers.client()
        try:
            grant = client.refresh(used)
        except ChannelError as error:
            kept = self._vault.load(self._identity)
            if error.code != AGAIN or kept is None or kept.refresh_token in ("", used):
                raise
            used = kept.refresh_token  # another desk was faster, or somebody signed in again
            grant = client.refresh(used)
        if grant.refresh_token is not None and grant.refresh_token != used:
            self._keep(grant.refresh_token, kept)
        return grant

    def _keep(self, refresh_token: str, kept: Kept | None) -> None:
        self._unkept = refresh_token
        if kept is None:
            _log.warning("sign-in of %s came from the environment; its new token is not stored", self._identity.user)
            return
        try:
            self._vault.save(self._identity, Kept(kept.signed_in, refresh_token))
        except KnownError as error:
            _log.warning("the new token of %s is not stored: %s", self._identity.user, error)
        else:
            self._unkept = None


class ProgramTokens:
    """For a program that signs in as itself."""

    def __init__(self, grant: Callable[[], Grant], clock: Clock) -> None:
        self._grant = grant
        self._access = Access(clock)
        self._lock = Lock()

    def token(self, refused: str | None = None) -> str:
        with self._lock:
            return self._access.get(refused) or self._access.take(self._grant())

    def forget(self) -> None:
        with self._lock:
            self._access.forget()
