"""What is kept of a sign-in in the keyring, under who it is for: the refresh token, or where Windows keeps that, the
account to ask Windows for. Access tokens are never kept.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.models.errors import KnownError
from app.services.channels.interface import Identity
from app.services.secrets import Secrets
from app.services.sign_in.grants import SignedIn


@dataclass(frozen=True, slots=True)
class Kept:
    """One sign-in: either with `refresh_token`, or with the `account` that Windows knows."""

    signed_in: SignedIn
    refresh_token: str = field(default="", repr=False)
    account: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Vault:
    """Two mailboxes that the same person signs in for share one sign-in."""

    secrets: Secrets

    def load(self, identity: Identity) -> Kept | None:
        """What is kept; None where there is nothing that can be read. `KnownError` `keyring.failed`."""
        told = self.secrets.get(_name(identity))
        try:
            kept = json.loads(told or "null")
            return kept and _kept(kept)
        except (ValueError, TypeError, KeyError):
            return None

    def save(self, identity: Identity, kept: Kept) -> None:
        """`KnownError` `keyring.unsafe` or `keyring.failed` where it cannot be kept."""
        lasting = {"refresh_token": kept.refresh_token} if kept.account is None else {"account": dict(kept.account)}
        told = {**lasting, "who": kept.signed_in.who, "since": kept.signed_in.since.isoformat()}
        self.secrets.set(_name(identity), json.dumps(told, separators=(",", ":")))

    def forget(self, identity: Identity) -> None:
        self.secrets.forget(_name(identity))

    def check(self) -> None:
        """See that something can be kept, before a person is sent to sign in: `KnownError` `keyring.no_sign_in`."""
        if self.secrets.describe() is None:
            raise KnownError("keyring.no_sign_in")


def _kept(told: Mapping[str, Any]) -> Kept:
    account = told.get("account")
    signed_in = SignedIn(told["who"], datetime.fromisoformat(told["since"]), by_windows=account is not None)
    return Kept(signed_in, account=account) if account is not None else Kept(signed_in, told["refresh_token"])


def _name(identity: Identity) -> str:
    return f"sign-in/{identity.provider}/{identity.cloud}/{identity.client_id}/{identity.user.lower()}"
