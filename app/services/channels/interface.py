"""The one small interface between the core and every connector.

The core drives a connector from one thread at a time, in this order: `poll`, commit, `settle`, and so on;
`send` and `find_sent` for what goes out. A connector keeps no state of its own between processes: where it
stands is the cursor, which the core commits together with the messages read up to it. So a process killed at
any point reads again what was not committed, and the core knows a message it has already by its external id.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

Cursor = str
"""Where reading stands, in the connector's own form (JSON, say); opaque to the core."""

SecretSource = Callable[[str], str | None]
"""Gives the secret of this channel by the name of its field (`password`), or None where there is none."""

NOT_ASKED: JsonDict = {"asked": False}
"""Marks a field (`json_schema_extra`) that no form shows: it is for trying things out."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

Provider = Literal["microsoft", "google"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is to be signed in where, for a channel that takes tokens.

    `user` is the mail address of who signs in; of the mailbox where the program signs in as itself (`app_only`: client
    credentials with a certificate, on a machine without people). `tenant` and `cloud` are Microsoft's: `organizations`,
    a tenant id or a domain; `global`, `us_government`, `us_defense` or `china`. Google has neither. `by_windows`: a
    person signs in by Windows itself where that can be; it makes no other identity.
    """

    provider: Provider
    user: str
    client_id: str
    tenant: str
    cloud: str
    scopes: tuple[str, ...]
    app_only: bool = False
    by_windows: bool = field(default=False, compare=False)


class Tokens(Protocol):
    """Access tokens for one identity."""

    def token(self, refused: str | None = None) -> str:
        """An access token that is valid now. `refused` is one that the server did not take, so get another.

        `ChannelError` `sign_in.*` where a person must act, or where the one who signs in cannot be reached.
        """
        ...


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a channel signs in with: its own secrets, and tokens where its settings name an `Identity`."""

    secret: SecretSource = field(repr=False)
    tokens: Tokens | None = field(default=None, repr=False)


class ChannelConfig(BaseModel):
    """Base of every connector's settings. Each field has a `title` and a `description`, so that a form draws itself.

    A field that is secret is declared in the manifest, never here: its value lives in the keyring alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as the channel has it.

    `external_id` is its name in the channel and the same at every poll. `raw` is the message as RFC 5322 bytes;
    None where it was not fetched, and then `problem` says why, as a code with its words under
    `quarantine.<problem>` (`too_large`, `unreadable`, `withheld`); a later poll may bring it. `size` is in bytes, as
    the channel tells it.
    """

    external_id: str
    raw: bytes | None = field(repr=False)
    size: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one poll brought, oldest first, and the cursor behind it. `more` asks for another poll at once."""

    messages: Sequence[Incoming]
    cursor: Cursor
    more: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to go: RFC 5322 bytes with CRLF and its final Message-ID (without angle brackets)."""

    message_id: str
    sender: str
    recipients: Sequence[str]
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Probe:
    """One step of a connection test that succeeded: a code with its words under `probe.<code>`, and facts for them."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)


class Connector(Protocol):
    """A live connection to one channel. Every method may raise `ChannelError`, and nothing else of the world's.

    It connects when first needed and reconnects by itself when used after a failure.
    """

    def test(self) -> Sequence[Probe]:
        """Reach, sign in, see the folder, be able to send: each step that worked. Changes nothing in the channel."""
        ...

    def poll(self, cursor: Cursor | None, limit: int) -> Batch:
        """At most `limit` messages behind `cursor` (None: from the start), fewer where they are large: about 32 MB.

        Moves and flags nothing.
        """
        ...

    def settle(self, external_ids: Sequence[str]) -> None:
        """These are committed: move or flag them if the channel is set so. Safe to repeat; unknown ids are ignored."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait for news where the channel tells of them (IDLE): True if there may be some. Else False at once."""
        ...

    def send(self, message: Outgoing) -> None:
        """Hand over for delivery; returns once the channel has taken responsibility.

        A refusal of this one message (its recipient, its size) is a `ChannelError` with `about_message` set.
        """
        ...

    def find_sent(self, message_id: str) -> bool | None:
        """Whether that message was sent before; None where the channel cannot tell."""
        ...

    def close(self) -> None:
        """Let go of connections. Never raises."""
        ...


def identifier(value: str) -> str:
    """A client's or a tenant's identifier as a provider gives it out; `ValueError` for what can be none.

    It becomes part of an address, so nothing may be in it that means something there.
    """
    if not _IDENTIFIER.fullmatch(value):
        raise ValueError("an ID has letters, digits, points, hyphens and underscores alone")
    return value


def mail_address(value: str) -> str:
    """A mailbox's address; `ValueError` for what is none. It is signed in with, and becomes part of addresses."""
    local, at, domain = value.rpartition("@")
    if not (local and at and domain) or any(each.isspace() or not each.isprintable() for each in value):
        raise ValueError("a mail address looks like desk@example.com")
    return value


def path_key(path: str) -> tuple[str, ...]:
    """A folder path for comparing, where a server's folder names ignore case. Empty where it names no folder."""
    return tuple(part.strip().casefold() for part in path.split("/") if part.strip())


def moved_elsewhere(folder: str, handled_folder: str) -> None:
    """`ValueError` where handled mail would be moved nowhere, or to where it is read from."""
    if not path_key(handled_folder):
        raise ValueError("name the folder for handled mail")
    if path_key(handled_folder) == path_key(folder):
        raise ValueError("handled mail cannot be moved to the folder it is read from")


def is_this_computer(host: str) -> bool:
    """Whether a server of that name is this computer: what goes to it leaves it never."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a connector is: its kind, its settings, the names of its secrets, and how to open it.

    `identity` is who is to be signed in for these settings; None where its own secrets are enough. `open` is given the
    valid settings, what to sign in with, and `max_bytes`: larger messages are not fetched.
    """

    kind: str
    config: type[ChannelConfig]
    secrets: tuple[str, ...]
    receives: bool
    sends: bool
    identity: Callable[[ChannelConfig], Identity | None]
    open: Callable[[ChannelConfig, Credentials, int], Connector]

    @property
    def takes_tokens(self) -> bool:
        """Whether somebody may have to be signed in, as the settings say."""
        return self.identity is not by_secrets_alone


def by_secrets_alone(config: ChannelConfig) -> None:
    """The `identity` of a channel that takes no tokens."""
