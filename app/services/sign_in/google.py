"""Signing in with Google as an application on a desktop: PKCE, and back to a port of this machine (RFC 8252)."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from app.services.channels.interface import Identity
from app.services.sign_in.asking import http_client, told
from app.services.sign_in.endpoints import Endpoints
from app.services.sign_in.faults import problem, refusal
from app.services.sign_in.grants import Begun, Grant


class GoogleClient:
    """The secret of a desktop application is no secret to Google, but it wants to see it all the same."""

    loopback = "127.0.0.1"

    def __init__(self, identity: Identity, client_secret: str | None, endpoints: Endpoints) -> None:
        self._identity, self._secret, self._endpoints = identity, client_secret, endpoints

    def begin(self, redirect: str) -> Begun:
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": self._identity.client_id,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": " ".join(("openid", "email", *self._identity.scopes)),
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "login_hint": self._identity.user,
            "access_type": "offline",
            "prompt": "consent",  # else a second sign-in brings no refresh token
        }
        flow = {"verifier": verifier, "redirect": redirect}
        return Begun(f"{self._endpoints.google_authorize}?{urlencode(asked)}", state, flow)

    def finish(self, begun: Begun, answer: Mapping[str, str]) -> Grant:
        if "code" not in answer:
            raise refusal(self._identity, answer)
        found = self._ask(
            redeeming=True,
            grant_type="authorization_code",
            code=answer["code"],
            code_verifier=begun.flow["verifier"],
            redirect_uri=begun.flow["redirect"],
        )
        granted = str(found.get("scope", "")).split()
        lacking = [each for each in self._identity.scopes if each not in granted]
        if granted and lacking:  # a person can untick what was asked for
            raise problem(self._identity, "scope_refused", scope=" ".join(lacking))
        return self._grant(found)

    def refresh(self, refresh_token: str) -> Grant:
        return self._grant(self._ask(grant_type="refresh_token", refresh_token=refresh_token))

    def _ask(self, *, redeeming: bool = False, **asked: str) -> dict[str, Any]:
        asked["client_id"] = self._identity.client_id
        if self._secret:
            asked["client_secret"] = self._secret
        with told(self._identity), http_client(self._endpoints) as client:
            answer = client.post(self._endpoints.google_token, data=asked)
            if answer.status_code >= 500:
                answer.raise_for_status()
            found = answer.json()
        if not isinstance(found, dict) or "access_token" not in found:
            raise refusal(self._identity, found if isinstance(found, dict) else {}, redeeming=redeeming)
        return found

    def _grant(self, found: Mapping[str, Any]) -> Grant:
        return Grant(
            str(found["access_token"]),
            float(found.get("expires_in", 3600)),
            found.get("refresh_token"),
            _address(found.get("id_token")),
        )


def _address(id_token: object) -> str:
    """The mail address in an ID token; it came straight from Google by TLS, which vouches for it (OpenID Connect Core,
    3.1.3.7)."""
    try:
        body = str(id_token).split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return str(claims.get("email", ""))
    except (IndexError, ValueError, AttributeError):
        return ""
