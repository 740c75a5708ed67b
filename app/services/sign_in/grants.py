"""What a sign-in is made of, whoever it is with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token end point gives. `who` is the account that signed in, as the provider names it; empty where it does
    not say. `lasts` is in seconds. `refresh_token` is None where the one there is stays in force, or where Windows
    keeps the sign-in: then a new one comes with the `account` to ask Windows for.
    """

    access_token: str = field(repr=False)
    lasts: float
    refresh_token: str | None = field(default=None, repr=False)
    who: str = ""
    account: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, and since when (aware, UTC). `by_windows`: Windows keeps it, not the keyring."""

    who: str
    since: datetime
    by_windows: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """What the sign-in dialog of Windows stands before: a window's handle (HWND), None for the console's.

    `asks` is called, on any thread, as the dialog opens; it does not open where Windows knows the account already.
    """

    handle: int | None
    asks: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that goes on in the browser at `url`; `state` marks its answer. `flow` is the client's own."""

    url: str
    state: str
    flow: Mapping[str, Any] = field(repr=False)


@dataclass(slots=True)
class DeviceCode:
    """What a person types at `address`, on any device. `interval` is in seconds and may grow while asking."""

    user_code: str
    address: str
    lasts: float
    interval: float
    flow: dict[str, Any] = field(repr=False)


class SignInClient(Protocol):
    """One provider, for one identity. Every method may raise `ChannelError` `sign_in.*`."""

    loopback: str
    """The name of this machine in the address that the browser comes back to."""

    def begin(self, redirect: str) -> Begun:
        """Prepare a sign-in in the browser that comes back to the address `redirect`."""
        ...

    def finish(self, begun: Begun, answer: Mapping[str, str]) -> Grant:
        """Redeem what the browser brought back."""
        ...

    def refresh(self, refresh_token: str) -> Grant:
        """A new access token without a person."""
        ...
