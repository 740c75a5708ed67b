"""Windows' broker, as msal meets it: a module by the interface of Microsoft's `pymsalruntime` 0.20 (PyMsalRuntime.pyi).

    windows = WindowsBroker(known=["ada@contoso.example"])    # the accounts that Windows knows
    windows.refuse("signin_interactively", "UserCanceled")    # the next answer there
    on_windows(windows, monkeypatch)

As there, every answer comes by a callback on another thread. The accounts outlive the module, as they do a process.
"""

import base64
import json
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from importlib.machinery import ModuleSpec
from threading import Event, Thread
from types import ModuleType, SimpleNamespace
from typing import Any

import msal
import msal.application
import pytest

CONSOLE = 77
"""The handle of the console's window."""


class Response_Status(Enum):  # noqa: N801 - its name there
    Status_Unexpected = 0
    Status_InteractionRequired = 2
    Status_NoNetwork = 3
    Status_NetworkTemporarilyUnavailable = 4
    Status_ServerTemporarilyUnavailable = 5
    Status_ApiContractViolation = 6
    Status_UserCanceled = 7
    Status_IncorrectConfiguration = 9
    Status_AuthorityUntrusted = 11
    Status_AccountUnusable = 13
    Status_DeviceNotRegistered = 20


class LogLevel(Enum):
    TRACE, DEBUG, INFO, WARNING, ERROR, FATAL = range(6)


class CallbackData:
    def __init__(self, is_interactive: bool = False) -> None:
        self.signal = Event()
        self.result: Any = None

    def complete(self, result: Any) -> None:
        self.result = result
        self.signal.set()


@dataclass(frozen=True)
class Refusal:
    """`MSALRuntimeError`."""

    status: str
    context: str = "(pii)"
    number: int = 3399614473

    def get_status(self) -> Any:
        return Response_Status[f"Status_{self.status}"]

    def get_error_code(self) -> int:
        return self.number

    def get_tag(self) -> int:
        return 557973645

    def get_context(self) -> str:
        return self.context


@dataclass(frozen=True)
class Account:
    """`MSALRuntimeAccount`."""

    user: str

    def get_account_id(self) -> str:
        return f"id-of-{self.user.lower()}"

    def get_client_info(self) -> str:
        told = json.dumps({"uid": self.get_account_id(), "utid": "contoso"})
        return base64.urlsafe_b64encode(told.encode()).rstrip(b"=").decode()


class Parameters:
    """`MSALRuntimeAuthParameters`."""

    def __init__(self, client_id: str, authority: str) -> None:
        self.client_id, self.authority = client_id, authority
        self.redirect = ""
        self.scopes: list[str] = []
        self.more: dict[str, str] = {}

    def set_redirect_uri(self, redirect: str) -> None:
        self.redirect = redirect

    def set_requested_scopes(self, scopes: list[str]) -> None:
        self.scopes = scopes

    def set_additional_parameter(self, key: str, value: str) -> None:
        self.more[key] = value


@dataclass(frozen=True)
class Result:
    """`MSALRuntimeAuthResult`, and what else has an account or an error."""

    account: Account | None = None
    error: Refusal | None = None
    token: str = ""
    scopes: list[str] = field(default_factory=list)
    until: int = 0

    def get_telemetry_data(self) -> dict[str, str]:
        return {"wam_telemetry": "{}"}

    def get_error(self) -> Refusal | None:
        return self.error

    def get_account(self) -> Account | None:
        return self.account

    def get_id_token(self) -> str:
        assert self.account is not None
        return json.dumps({"preferred_username": self.account.user, "sub": self.account.get_account_id()})

    def get_raw_id_token(self) -> str:
        return f"header.{base64.urlsafe_b64encode(self.get_id_token().encode()).decode()}.signature"

    def get_access_token(self) -> str:
        return self.token

    def get_granted_scopes(self) -> list[str]:
        return self.scopes

    def is_pop_authorization(self) -> bool:
        return False

    def get_access_token_expiry_time(self) -> int:
        return self.until


Answer = Callable[[Result], None]


def on_windows(windows: "WindowsBroker", monkeypatch: pytest.MonkeyPatch) -> "WindowsBroker":
    """On Windows, in a process that has just begun: msal asks for the system at one place, and loads a broker once."""
    monkeypatch.setitem(sys.modules, "pymsalruntime", windows.module())
    monkeypatch.delitem(sys.modules, "msal.broker", raising=False)
    monkeypatch.delattr(msal, "broker", raising=False)
    monkeypatch.setattr(msal.application, "sys", SimpleNamespace(platform="win32", argv=sys.argv))
    return windows


class WindowsBroker:
    """See the top of this file. `person` is who signs in at the dialog; None: nobody, so that it stays open."""

    def __init__(self, known: list[str], person: str | None = None) -> None:
        self.accounts = {each.get_account_id(): each for each in map(Account, known)}
        self.person = person
        self.asked: list[str] = []
        """What was called, in its order."""
        self.parameters: list[Parameters] = []
        self.windows: list[int] = []
        """What the dialogs stood before."""
        self.is_open = Event()
        """A dialog that nobody answers."""
        self._open: list[Answer] = []
        self.unanswered: set[str] = set()
        """The calls that Windows never answers."""
        self.signed_out: list[tuple[str, str]] = []
        """Application and account."""
        self._refusals: dict[str, deque[Refusal]] = {}
        self._given = 0

    def refuse(self, call: str, status: str, context: str = "(pii)", number: int = 3399614473) -> None:
        self._refusals.setdefault(call, deque()).append(Refusal(status, context, number))

    def module(self) -> ModuleType:
        """`pymsalruntime`, just loaded."""
        made = ModuleType("pymsalruntime")
        made.__spec__ = ModuleSpec("pymsalruntime", None)
        calls = (self.signin_silently, self.signin_interactively, self.acquire_token_silently)
        for each in (*calls, self.read_account_by_id, self.signout_silently):
            setattr(made, each.__name__, each)
        held: dict[str, object] = {
            "Response_Status": Response_Status,
            "LogLevel": LogLevel,
            "CallbackData": CallbackData,
            "MSALRuntimeAuthParameters": Parameters,
            "register_logging_callback": lambda _callback: None,
            "get_console_window": lambda: CONSOLE,
            "get_desktop_window": lambda: 78,
        }
        for name, value in held.items():
            setattr(made, name, value)
        return made

    def signin_silently(self, parameters: Parameters, _correlation: str, answer: Answer) -> None:
        """For the account that Windows itself is signed in with."""
        first = next(iter(self.accounts.values()), None)
        self._answer("signin_silently", answer, lambda: self._grant(first, parameters))

    def signin_interactively(
        self, window: int, parameters: Parameters, _correlation: str, hint: str | None, answer: Answer
    ) -> None:
        self.windows.append(window)
        if self.person is None and "signin_interactively" not in self._refusals:
            self._open.append(answer)
            self.is_open.set()
            return
        account = Account(self.person or hint or "")
        self._answer("signin_interactively", answer, lambda: self._grant(self._learn(account), parameters))

    def acquire_token_silently(
        self, parameters: Parameters, _correlation: str, account: Account, answer: Answer
    ) -> None:
        self._answer("acquire_token_silently", answer, lambda: self._grant(account, parameters))

    def read_account_by_id(self, account: str, _correlation: str, answer: Answer) -> None:
        self._answer("read_account_by_id", answer, lambda: Result(self.accounts.get(account)))

    def signout_silently(self, client_id: str, _correlation: str, account: Account, answer: Answer) -> None:
        self.signed_out.append((client_id, account.get_account_id()))
        self._answer("signout_silently", answer, Result)

    def close_dialogs(self) -> None:
        """The person closes them."""
        for answer in self._open:
            answer(Result(error=Refusal("UserCanceled")))

    def _learn(self, account: Account) -> Account:
        return self.accounts.setdefault(account.get_account_id(), account)

    def _grant(self, account: Account | None, parameters: Parameters) -> Result:
        self.parameters.append(parameters)
        if account is None:
            return Result(error=Refusal("InteractionRequired"))
        self._given += 1
        until = int(time.time()) + 3600
        return Result(account, token=f"token-{self._given}-{account.user}", scopes=parameters.scopes, until=until)

    def _answer(self, call: str, answer: Answer, found: Callable[[], Result]) -> None:
        self.asked.append(call)
        if call in self.unanswered:
            return
        refused = self._refusals.get(call)
        result = Result(error=refused.popleft()) if refused else found()
        Thread(target=answer, args=(result,)).start()
