"""Signing in with Microsoft, by msal: a person in the browser or by device code, a program with its certificate."""

import json
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import msal

from app.services.channels.interface import Identity
from app.services.sign_in.asking import http_client, told
from app.services.sign_in.endpoints import Endpoints
from app.services.sign_in.faults import problem, refusal
from app.services.sign_in.grants import Begun, DeviceCode, Grant

_BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----(.*?)-----END \1-----", re.DOTALL)
_PENDING = ("authorization_pending", "slow_down")


class MicrosoftClient:
    """A person signs in; the application has no secret (a public client)."""

    loopback = "localhost"  # the one address that Entra takes with any port

    def __init__(self, identity: Identity, endpoints: Endpoints) -> None:
        self._identity = identity
        self._app = msal_application(identity, endpoints, msal.PublicClientApplication)

    def begin(self, redirect: str) -> Begun:
        with told_by_msal(self._identity), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="response_mode")  # a form would be posted to a page without TLS
            flow = self._app.initiate_auth_code_flow(
                list(self._identity.scopes), redirect_uri=redirect, login_hint=self._identity.user, max_age=None
            )
        return Begun(flow["auth_uri"], flow["state"], flow)

    def finish(self, begun: Begun, answer: Mapping[str, str]) -> Grant:
        with told_by_msal(self._identity):
            found = self._app.acquire_token_by_auth_code_flow(dict(begun.flow), dict(answer))
        return self._grant(found, redeeming="code" in answer)

    def refresh(self, refresh_token: str) -> Grant:
        with told_by_msal(self._identity):
            answer = self._app.acquire_token_by_refresh_token(refresh_token, list(self._identity.scopes))
        return self._grant(answer)

    def begin_device(self) -> DeviceCode:
        """Prepare a sign-in on another device."""
        with told_by_msal(self._identity):
            flow = self._app.initiate_device_flow(list(self._identity.scopes))
        if "user_code" not in flow:
            raise refusal(self._identity, flow)
        lasts, interval = float(flow.get("expires_in", 900)), float(flow.get("interval", 5))
        return DeviceCode(flow["user_code"], flow["verification_uri"], lasts, interval, flow)

    def ask_device(self, code: DeviceCode) -> Grant | None:
        """Whether the person is done there; None: not yet."""
        code.flow.pop("latest_attempt_at", None)  # the waiting is ours, and can be stopped
        with told_by_msal(self._identity):
            answer = self._app.acquire_token_by_device_flow(code.flow, exit_condition=lambda _flow: True)
        if answer.get("error") in _PENDING:
            code.interval = float(code.flow.get("interval", 5))
            return None
        if "AADSTS53003" in str(answer.get("error_description")):  # the policy that blocks authentication flows
            raise problem(self._identity, "device_code_blocked")
        return self._grant(answer)

    def _grant(self, found: Mapping[str, Any], *, redeeming: bool = False) -> Grant:
        return grant_of(self._identity, found, redeeming=redeeming)


class MicrosoftProgram:
    """The program signs in as itself, with a certificate that is registered for the application."""

    def __init__(self, identity: Identity, certificate: str, endpoints: Endpoints) -> None:
        """`certificate` is PEM: the certificate and its private key."""
        self._identity = identity
        pem = _lines(certificate)
        if "CERTIFICATE" not in pem or "PRIVATE KEY" not in pem:
            raise problem(identity, "certificate_unusable", reason="PEM: CERTIFICATE, PRIVATE KEY")
        credential = {"private_key": pem, "public_certificate": pem}
        self._app = msal_application(
            identity,
            endpoints,
            lambda *about, **more: msal.ConfidentialClientApplication(*about, client_credential=credential, **more),
        )

    def grant(self) -> Grant:
        """An access token for the program itself."""
        try:
            with told_by_msal(self._identity):
                self._app.remove_tokens_for_client()  # when to ask anew is decided here, not by the library
                answer = self._app.acquire_token_for_client(list(self._identity.scopes))
        except (ValueError, TypeError) as error:
            raise problem(self._identity, "certificate_unusable", reason=str(error)[:300]) from error
        return grant_of(self._identity, answer)


class _Asking:
    """What msal asks by. It hands over a signed assertion as bytes, which httpx would write as Python does."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._client = http_client(endpoints)

    def get(self, url: str, **about: Any) -> httpx.Response:
        return self._client.get(url, **about)

    def post(self, url: str, data: Mapping[str, Any] | None = None, **about: Any) -> httpx.Response:
        texts = {name: each.decode() if isinstance(each, bytes) else each for name, each in (data or {}).items()}
        return self._client.post(url, data=texts, **about)

    def close(self) -> None:
        self._client.close()


@contextmanager
def told_by_msal(identity: Identity) -> Iterator[None]:
    """The library wraps what a server in trouble answers."""
    try:
        with told(identity):
            yield
    except msal.exceptions.MsalServiceError as error:
        raise problem(identity, "not_now", reason=str(error)) from error


def _lines(pem: str) -> str:
    """PEM in its lines: an environment variable may have `\\n` for them, and what is typed into a field spaces."""
    blocks = _BLOCK.findall(pem.replace("\\n", "\n"))
    return "".join(
        f"-----BEGIN {what}-----\n{chr(10).join(body.split())}\n-----END {what}-----\n" for what, body in blocks
    )


def msal_application(identity: Identity, endpoints: Endpoints, make: Callable[..., Any]) -> Any:
    """What `make` makes for the identity's tenant in its cloud. `ChannelError` `sign_in.*`."""
    authority = f"{endpoints.microsoft[identity.cloud]}/{identity.tenant}"
    try:
        with told_by_msal(identity):
            return make(
                identity.client_id,
                authority=authority,
                instance_discovery=False,  # the authority is one of ours, never one that a server names
                http_client=_Asking(endpoints),
            )
    except ValueError as error:
        if isinstance(error.__context__, json.JSONDecodeError):
            raise problem(identity, "unreachable", reason=str(error.__context__)) from error
        if "private_key" in str(error) or "certificate" in str(error).lower() or "PEM" in str(error):
            raise problem(identity, "certificate_unusable", reason=str(error)[:300]) from error
        raise problem(identity, "unknown_tenant", reason=str(error)[:300]) from error


def grant_of(
    identity: Identity, found: Mapping[str, Any], *, redeeming: bool = False, account: Mapping[str, str] | None = None
) -> Grant:
    """What msal got, or the `ChannelError` for what it did not get."""
    if "access_token" not in found:
        raise refusal(identity, found, redeeming=redeeming)
    claims = found.get("id_token_claims") or {}
    who = str(claims.get("preferred_username") or claims.get("email") or "")
    return Grant(found["access_token"], float(found.get("expires_in", 3600)), found.get("refresh_token"), who, account)
