"""Signing in by Windows itself: its broker (Web Account Manager) knows the accounts of this computer and keeps their
sign-ins bound to it, so what is kept here is a name for the account, which is of no use elsewhere.

msal asks the broker through Microsoft's runtime, `pymsalruntime`. It waits for an answer without an end, and gives
nothing to end it by: so it waits on a thread that may be left behind.
"""

import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from threading import Event, Thread
from typing import Any, Self

import msal

from app.services.channels.interface import Identity
from app.services.sign_in.endpoints import Endpoints
from app.services.sign_in.faults import problem
from app.services.sign_in.grants import Grant, Window
from app.services.sign_in.microsoft import grant_of, msal_application, told_by_msal

RUNTIME = "pymsalruntime"
_LOOK = 0.2  # seconds between two looks at whether it was stopped
_NO_SUCH_CLASS = "Error code: -2147221164,"  # REGDB_E_CLASSNOTREG: this Windows was made without the broker
_SILENT_SECONDS = 60.0  # how long it may take where nobody is asked


class Broker:
    """The broker for one identity. Every method may raise `ChannelError` `sign_in.*`."""

    def __init__(self, identity: Identity, application: Any) -> None:
        self._identity, self._app = identity, application

    @classmethod
    def find(cls, identity: Identity, endpoints: Endpoints) -> Self | None:
        """None where there is none: on another system, without its runtime, or on a Windows that is too old."""
        if find_spec(RUNTIME) is None:
            return None
        make = partial(msal.PublicClientApplication, enable_broker_on_windows=True)
        try:
            application = msal_application(identity, endpoints, make)
        except ImportError:  # the runtime is there, but cannot be loaded
            return None
        return cls(identity, application) if application.is_pop_supported() else None  # which is: by the broker

    def sign_in(self, window: Window, stop: Event) -> Grant | None:
        """Without a question where Windows knows the account already; else it asks in a dialog before `window`. None
        where the runtime finds no broker behind it.

        `ChannelError` `sign_in.cancelled` once `stop` is set; the dialog is then left to the person, and to nobody.
        """
        handle = self._app.CONSOLE_WINDOW_HANDLE if window.handle is None else window.handle
        ask = partial(
            self._app.acquire_token_interactive,
            list(self._identity.scopes),
            login_hint=self._identity.user,
            parent_window_handle=handle,
            on_before_launching_ui=lambda **_about: window.asks(),
        )
        found = self._wait(ask, stop, None)
        if _NO_SUCH_CLASS in str(found.get("error_description")):
            return None
        return grant_of(self._identity, found, account=next(iter(self._app.get_accounts()), None))

    def renew(self, account: Mapping[str, str]) -> Grant:
        """A new access token without a person. `account` is that of the `Grant` of the sign-in."""
        scopes = list(self._identity.scopes)
        ask = partial(self._app.acquire_token_silent_with_error, scopes, dict(account), force_refresh=True)
        found = self._wait(ask, Event(), _SILENT_SECONDS)
        if found is None:  # Windows does not know the account any more
            raise problem(self._identity, "again", reason="Windows")
        return grant_of(self._identity, found)

    def sign_out(self, account: Mapping[str, str]) -> None:
        """The account stays in Windows, but no longer for this application."""
        self._wait(partial(self._app.remove_account, dict(account)), Event(), _SILENT_SECONDS)

    def _wait(self, ask: Callable[[], Any], stop: Event, seconds: float | None) -> Any:
        call = _Call(ask)
        call.start()
        until = None if seconds is None else time.monotonic() + seconds
        while not call.is_done.wait(_LOOK):
            if stop.is_set():
                raise problem(self._identity, "cancelled")
            if until is not None and time.monotonic() > until:
                raise problem(self._identity, "not_now", reason="Windows")
        with told_by_msal(self._identity):
            from msal.broker import RedirectUriError  # noqa: PLC0415 - it loads the runtime, which is loaded by now

            try:
                return call.answer()
            except RedirectUriError as error:
                raise problem(self._identity, "windows_not_registered", reason=type(error).__name__) from error


class _Call(Thread):
    """Ends with the process, whether it has its answer or not."""

    def __init__(self, ask: Callable[[], Any]) -> None:
        super().__init__(name="broker", daemon=True)
        self._ask = ask
        self._answer: Any = None
        self._error: Exception | None = None
        self.is_done = Event()

    def run(self) -> None:
        try:
            self._answer = self._ask()
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            self._error = error
        finally:
            self.is_done.set()

    def answer(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._answer
