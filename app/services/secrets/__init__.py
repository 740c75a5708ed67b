"""Passwords and keys: in the operating system's keyring, or in the environment of a headless machine.

Never in the database, never in a file: a keyring backend that would keep plain text is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError

from app.models.errors import KnownError
from app.services.channels.interface import SecretSource

SERVICE = "firstline"
_PREFIX = "FIRSTLINE_SECRET_"
_PLAIN = re.compile(r"plaintext|keyrings\.alt\.file|\.fail\.|\.null\.|uncrypted", re.IGNORECASE)


@dataclass(frozen=True)
class Secrets:
    """Where secrets are looked up: first the environment, then the keyring. Its repr tells none."""

    environment: Mapping[str, str] = field(repr=False)

    def get(self, name: str) -> str | None:
        """The secret of that name, or None. `KnownError` `keyring.failed` where the keyring is locked or broken."""
        told = self.environment.get(variable(name))
        if told is not None:
            return told
        backend = keyring.get_keyring()
        if _refused(backend):
            return None
        try:
            return backend.get_password(SERVICE, name)
        except KeyringError as error:
            raise KnownError("keyring.failed", backend=_name(backend), reason=str(error)) from error

    def set(self, name: str, value: str) -> None:
        """Keep a secret; `KnownError` `keyring.unsafe` where there is no keyring that protects it."""
        backend = keyring.get_keyring()
        if _refused(backend):
            raise KnownError("keyring.unsafe", backend=_name(backend), variable=variable(name))
        try:
            backend.set_password(SERVICE, name, value)
        except KeyringError as error:
            raise KnownError("keyring.failed", backend=_name(backend), reason=str(error)) from error

    def forget(self, name: str) -> None:
        """Remove a secret from the keyring; well where it has none of that name."""
        backend = keyring.get_keyring()
        if _refused(backend):
            return
        try:
            backend.delete_password(SERVICE, name)
        except PasswordDeleteError:
            return
        except KeyringError as error:
            raise KnownError("keyring.failed", backend=_name(backend), reason=str(error)) from error

    def of_channel(self, channel: str) -> SecretSource:
        """The secrets of one channel, by the names of their fields."""
        return lambda name: self.get(channel_secret(channel, name))

    def describe(self) -> str | None:
        """Which keyring is in use; None where there is none that protects."""
        backend = keyring.get_keyring()
        return None if _refused(backend) else _name(backend)


def channel_secret(channel: str, name: str) -> str:
    """What the keyring calls a channel's secret."""
    return f"channel/{channel}/{name}"


def variable(name: str) -> str:
    """The environment variable that holds a secret: FIRSTLINE_SECRET_CHANNEL_SUPPORT_PASSWORD, say."""
    return _PREFIX + re.sub(r"[^A-Z0-9]+", "_", name.upper())


def _name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _refused(backend: KeyringBackend) -> bool:
    """One that keeps nothing or keeps it readable; a chain is as bad as its first link that would be written to."""
    inner = getattr(backend, "backends", None)
    if inner:
        return _refused(inner[0])
    return bool(_PLAIN.search(f"{_name(backend)}."))
