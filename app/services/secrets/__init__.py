"""Passwords and keys: in the operating system's keyring, or in the environment of a headless machine.

Never in the database, never in a file: a keyring backend that would keep plain text is refused.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from app.models.errors import KnownError
from app.services.channels.interface import SecretSource
from app.services.secrets import parts

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
        with _told(backend):
            return parts.read(backend, SERVICE, name)

    def set(self, name: str, value: str) -> None:
        """Keep a secret; `KnownError` `keyring.unsafe` where there is no keyring that protects it."""
        backend = self.demand_keyring(name)
        with _told(backend):
            parts.write(backend, SERVICE, name, value)

    def demand_keyring(self, name: str) -> KeyringBackend:
        """The keyring that the secret of that name would be kept by; `KnownError` `keyring.unsafe` without one."""
        backend = keyring.get_keyring()
        if _refused(backend):
            raise KnownError("keyring.unsafe", backend=_name(backend), variable=variable(name))
        return backend

    def forget(self, name: str) -> None:
        """Remove a secret from the keyring; well where it has none of that name."""
        backend = keyring.get_keyring()
        if _refused(backend):
            return
        with _told(backend):
            parts.remove(backend, SERVICE, name)

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


@contextmanager
def _told(backend: KeyringBackend) -> Iterator[None]:
    try:
        yield
    except KeyringError as error:
        raise KnownError("keyring.failed", backend=_name(backend), reason=str(error)) from error


def _refused(backend: KeyringBackend) -> bool:
    """One that keeps nothing or keeps it readable; a chain is as bad as its first link that would be written to."""
    inner = getattr(backend, "backends", None)
    if inner:
        return _refused(inner[0])
    return bool(_PLAIN.search(f"{_name(backend)}."))
