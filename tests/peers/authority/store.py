"""What the authorisation server remembers: applications, codes, tokens, and the people who sign in."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin
from authlib.oauth2.rfc8628 import DeviceCredentialMixin


@dataclass
class Person:
    """Their mail address says who they are."""

    address: str

    def get_user_id(self) -> str:
        return self.address


@dataclass
class Application(ClientMixin):
    """One that is registered. Public ones have no secret; `certificate` is the PEM that a program shows."""

    client_id: str
    secret: str | None = None
    certificate: str | None = None
    tenant: str = "contoso.example"
    is_public: bool = True

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return "http://localhost"

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Any port of this machine (RFC 8252, 7.3)."""
        return redirect_uri.rpartition(":")[0] in ("http://localhost", "http://127.0.0.1")

    def check_client_secret(self, client_secret: str) -> bool:
        return self.secret is not None and secrets.compare_digest(self.secret, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        allowed = "client_assertion_jwt" if self.certificate else "client_secret_post" if self.secret else "none"
        return method == allowed

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return (grant_type == "client_credentials") == (self.certificate is not None)


@dataclass
class Code(AuthorizationCodeMixin):
    code: str
    client_id: str
    redirect_uri: str
    scope: str
    person: Person
    code_challenge: str
    code_challenge_method: str
    nonce: str | None

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class Token(TokenMixin):
    access_token: str
    refresh_token: str | None
    client: Application
    person: Person | None
    scope: str
    until: float
    revoked: bool = False

    def check_client(self, client: Application) -> bool:
        return client is self.client

    def get_scope(self) -> str:
        return self.scope

    def get_expires_in(self) -> int:
        return int(self.until - time.time())

    def is_expired(self) -> bool:
        return time.time() > self.until

    def is_revoked(self) -> bool:
        return self.revoked

    def get_user(self) -> Person | None:
        return self.person

    def get_client(self) -> Application:
        return self.client


@dataclass
class Device(DeviceCredentialMixin):
    client_id: str
    scope: str
    user_code: str
    until: float
    person: Person | None = None
    approved: bool = True
    slow_downs: int = 0

    def get_client_id(self) -> str:
        return self.client_id

    def get_scope(self) -> str:
        return self.scope

    def get_user_code(self) -> str:
        return self.user_code

    def is_expired(self) -> bool:
        return time.time() > self.until


@dataclass
class Store:
    applications: dict[str, Application] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)
    devices: dict[str, Device] = field(default_factory=dict)
    assertions: set[str] = field(default_factory=set)
    lasts: int = 3600
    """Seconds that an access token is good for."""

    def save_token(self, told: dict[str, Any], request: Any) -> None:
        token = Token(
            told["access_token"],
            told.get("refresh_token"),
            request.client,
            request.user,
            told.get("scope", ""),
            time.time() + told["expires_in"],
        )
        self.tokens.append(token)

    def by_access(self, access_token: str) -> Token | None:
        return next((each for each in self.tokens if each.access_token == access_token), None)

    def by_refresh(self, refresh_token: str) -> Token | None:
        return next((each for each in self.tokens if each.refresh_token == refresh_token), None)

    def revoke_refresh_tokens(self) -> None:
        """As when a password is changed."""
        for each in self.tokens:
            each.revoked = True
