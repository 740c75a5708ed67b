"""authlib's grants, over the store of one test."""

import json
import time
from typing import Any

from authlib.oauth2.rfc6749 import InvalidClientError, grants
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant
from authlib.oidc.core import OpenIDCode
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, RSAKey

from tests.peers.authority.store import Application, Code, Device, Person, Store, Token

PUBLIC = ["none", "client_secret_post"]
PROGRAM = ["client_assertion_jwt"]


def add_grants(server: Any, store: Store, issuer: str) -> None:  # noqa: C901 - authlib wants classes, not objects
    """Everything that the two providers offer: code with PKCE, refresh (rotated), device code, certificate."""

    class CodeGrant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = PUBLIC

        def save_authorization_code(self, code: str, request: Any) -> None:
            told = request.payload.data
            store.codes[code] = Code(
                code,
                request.client.client_id,
                told["redirect_uri"],
                request.payload.scope,
                request.user,
                told.get("code_challenge", ""),
                told.get("code_challenge_method", ""),
                told.get("nonce"),
            )

        def query_authorization_code(self, code: str, client: Application) -> Code | None:
            found = store.codes.get(code)
            return found if found is not None and found.client_id == client.client_id else None

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del store.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> Person:
            return authorization_code.person

    class RefreshGrant(grants.RefreshTokenGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = PUBLIC
        INCLUDE_NEW_REFRESH_TOKEN = True

        def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
            found = store.by_refresh(refresh_token)
            return found if found is not None and not found.revoked else None

        def authenticate_user(self, refresh_token: Token) -> Person | None:
            return refresh_token.person

        def revoke_old_credential(self, refresh_token: Token) -> None:
            refresh_token.revoked = True

    class DeviceGrant(DeviceCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = PUBLIC

        def query_device_credential(self, device_code: str) -> Device | None:
            return store.devices.get(device_code)

        def query_user_grant(self, user_code: str) -> tuple[Person, bool] | None:
            device = next(each for each in store.devices.values() if each.user_code == user_code)
            return (device.person, device.approved) if device.person else None

        def should_slow_down(self, credential: Device) -> bool:
            credential.slow_downs -= 1
            return credential.slow_downs >= 0

    server.register_grant(CodeGrant, [CodeChallenge(required=True), _Identity(issuer)])
    server.register_grant(RefreshGrant)
    server.register_grant(DeviceGrant)
    server.register_grant(_ProgramGrant)
    server.register_client_auth_method("client_assertion_jwt", _Assertion(store, issuer))


def device_endpoint(store: Store, issuer: str) -> type[DeviceAuthorizationEndpoint]:
    class Endpoint(DeviceAuthorizationEndpoint):
        CLIENT_AUTH_METHODS = PUBLIC
        INTERVAL = 0  # seconds: nobody here is in a hurry, and no test should wait

        def get_verification_uri(self) -> str:
            return f"{issuer}/device"

        def save_device_credential(self, client_id: str, scope: str, data: dict[str, Any]) -> None:
            until = time.time() + data["expires_in"]
            store.devices[data["device_code"]] = Device(client_id, scope, data["user_code"], until)

    return Endpoint


class _ProgramGrant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = PROGRAM


class _Identity(OpenIDCode):
    """An ID token that says who signed in, signed with a key that nobody here asks for."""

    def __init__(self, issuer: str) -> None:
        super().__init__(require_nonce=False)
        self._issuer = issuer

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False

    def get_client_algorithm(self, client: Application) -> str:
        return "HS256"

    def get_client_claims(self, client: Application) -> dict[str, Any]:
        return {"iss": self._issuer}

    def resolve_client_private_key(self, client: Application) -> OctKey:
        return OctKey.generate_key(256)

    def generate_user_info(self, user: Person, scope: str) -> dict[str, str]:
        return {"sub": user.address, "email": user.address, "preferred_username": user.address}


class _Assertion(JWTBearerClientAssertion):
    """A program proves that it holds the key of the certificate that is registered for it."""

    def __init__(self, store: Store, issuer: str) -> None:
        super().__init__()
        self._store, self._issuer = store, issuer

    def extract_assertion(self, assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
        found = jws.extract_compact(assertion.encode(), registry=_signing())
        return found.headers(), json.loads(found.payload)

    def get_audiences(self) -> list[str]:
        tenants = {each.tenant for each in self._store.applications.values()}
        return [f"{self._issuer}/{each}/oauth2/v2.0/token" for each in tenants]

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        fresh = jti not in self._store.assertions
        self._store.assertions.add(jti)
        return fresh

    def resolve_client_public_key(self, client: Application) -> RSAKey:
        assert client.certificate is not None
        key = x509.load_pem_x509_certificate(client.certificate.encode()).public_key()
        return RSAKey.import_key(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))

    def process_assertion_claims(self, assertion: str, resolve_key: RSAKey) -> Any:
        try:
            token = jwt.decode(assertion, resolve_key, registry=_signing())
        except JoseError as error:
            raise InvalidClientError(description=f"AADSTS700027: {error}") from error
        self.verify_claims(token.claims)
        return token.claims


def _signing() -> jws.JWSRegistry:
    """Entra takes RSA-PSS, and a header that has the certificate in it."""
    registry = jws.JWSRegistry(algorithms=["PS256"])
    registry.max_header_length = 8_192
    return registry
