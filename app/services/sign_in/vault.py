"""What is kept of a sign-in: the refresh token in the keyring, under who it is for. Access tokens are never kept."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from app.models.errors import KnownError
from app.services.channels.interface import Identity
from app.services.secrets import Secrets
from app.services.sign_in.grants import SignedIn


@dataclass(frozen=True, slots=True)
class Kept:
    refresh_token: str = field(repr=False)
    signed_in: SignedIn


@dataclass(frozen=True, slots=True)
class Vault:
    """Two mailboxes that the same person signs in for share one sign-in."""

    secrets: Secrets

    def load(self, identity: Identity) -> Kept | None:
        """What is kept; None where there is nothing that can be read. `KnownError` `keyring.failed`."""
        told = self.secrets.get(_name(identity))
        try:
            kept = json.loads(told or "null")
            return kept and Kept(kept["refresh_token"], SignedIn(kept["who"], datetime.fromisoformat(kept["since"])))
        except (ValueError, TypeError, KeyError):
            return None

    def save(self, identity: Identity, refresh_token: str, signed_in: SignedIn) -> None:
        """`KnownError` `keyring.unsafe` or `keyring.failed` where it cannot be kept."""
        kept = {"refresh_token": refresh_token, "who": signed_in.who, "since": signed_in.since.isoformat()}
        self.secrets.set(_name(identity), json.dumps(kept, separators=(",", ":")))

    def forget(self, identity: Identity) -> None:
        self.secrets.forget(_name(identity))

    def check(self) -> None:
        """See that something can be kept, before a person is sent to sign in: `KnownError` `keyring.no_sign_in`."""
        if self.secrets.describe() is None:
            raise KnownError("keyring.no_sign_in")


def _name(identity: Identity) -> str:
    return f"sign-in/{identity.provider}/{identity.cloud}/{identity.client_id}/{identity.user.lower()}"
