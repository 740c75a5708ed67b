"""The authorisation server as it is run: TLS for clients, plain HTTP for a mail server that introspects.

with Authority(tmp_path) as authority:
    authority.store.applications["app"] = Application("app")
    SignIns(secrets, clock, authority.endpoints)
    authority.browse(url)                        # a person signs in there and agrees
    authority.refuse("/token", "invalid_grant", "AADSTS50055: …")    # the next answer there
"""

import ssl
from collections import deque
from pathlib import Path
from secrets import token_hex
from threading import Thread
from types import TracebackType
from typing import Any, Self

import httpx
import trustme
from authlib.integrations.flask_oauth2 import AuthorizationServer
from flask import Flask, jsonify, redirect, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app.services.sign_in.endpoints import Endpoints
from tests.peers.authority.grants import add_grants, device_endpoint
from tests.peers.authority.store import Application, Person, Store
from tests.peers.ports import free_port


class Authority:
    """See the top of this file."""

    def __init__(self, folder: Path) -> None:
        self.store = Store()
        self.ca_file = folder / "authority-ca.pem"
        self.port, self.plain_port = free_port(), free_port()
        self.url = f"https://localhost:{self.port}"
        self.refusals: dict[str, deque[tuple[int, dict[str, str]]]] = {}
        self.person: Person | None = Person("ada@contoso.example")
        """Who sits at the browser; None where they refuse."""
        self.asked: list[str] = []
        """The paths asked for, in their order."""
        self.long_tokens = False
        """Refresh tokens as long as Entra's longest."""
        self._context = self._certificate()
        self._app = self._build()
        self._servers: list[BaseWSGIServer] = []

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(
            microsoft={"global": self.url, "china": f"{self.url}/china"},
            google_authorize=f"{self.url}/google/oauth2/v2.0/authorize",
            google_token=f"{self.url}/google/oauth2/v2.0/token",
            ca_file=self.ca_file,
        )

    @property
    def introspection(self) -> str:
        """Where a mail server asks about a token."""
        return f"http://127.0.0.1:{self.plain_port}/introspect"

    def __enter__(self) -> Self:
        for port, context in ((self.port, self._context), (self.plain_port, None)):
            server = make_server(
                "127.0.0.1", port, self._app, threaded=True, request_handler=_Quiet, ssl_context=context
            )
            self._servers.append(server)
            Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._servers:
            each.shutdown()
            each.server_close()

    def register(self, client_id: str, **about: Any) -> Application:
        application = self.store.applications[client_id] = Application(client_id, **about)
        return application

    def refuse(self, path: str, error: str, description: str = "", status: int = 400) -> None:
        """The next answer of the end point whose path ends so."""
        told = {"error": error, "error_description": description}
        self.refusals.setdefault(path, deque()).append((status, told))

    def browse(self, url: str) -> httpx.Response:
        """What a browser does with the address: it follows where it is sent, back to the program too."""
        return httpx.get(url, verify=self.trusting, follow_redirects=True)

    @property
    def trusting(self) -> ssl.SSLContext:
        """For who talks to it."""
        return ssl.create_default_context(cafile=str(self.ca_file))

    def approve(self, user_code: str, *, approved: bool = True) -> None:
        """A person enters the code on another device."""
        device = next(each for each in self.store.devices.values() if each.user_code == user_code)
        device.person, device.approved = Person("ada@contoso.example"), approved

    def _certificate(self) -> ssl.SSLContext:
        vouching = trustme.CA()
        vouching.cert_pem.write_to_path(self.ca_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        vouching.issue_cert("localhost").configure_cert(context)
        return context

    def _build(self) -> Flask:
        app = Flask("authority")
        server = AuthorizationServer(app, self.store.applications.get, self.store.save_token)
        server.register_token_generator("default", self._tokens(server))
        add_grants(server, self.store, self.url)
        server.register_endpoint(device_endpoint(self.store, self.url))
        self._routes(app, server)
        return app

    def _tokens(self, server: AuthorizationServer) -> Any:
        make = server.create_bearer_token_generator({"OAUTH2_REFRESH_TOKEN_GENERATOR": True})

        def tokens(**about: Any) -> dict[str, Any]:
            about["expires_in"] = self.store.lasts
            told: dict[str, Any] = make(**about)
            if self.long_tokens and "refresh_token" in told:
                told["refresh_token"] += "".join(token_hex(8) for _ in range(120))
            return told

        return tokens

    def _routes(self, app: Flask, server: AuthorizationServer) -> None:
        @app.before_request
        def refused() -> Any:
            self.asked.append(request.path)
            for path, waiting in self.refusals.items():
                if request.path.endswith(path) and waiting:
                    status, told = waiting.popleft()
                    if path.endswith("/authorize"):
                        back = httpx.URL(request.args["redirect_uri"])
                        return redirect(str(back.copy_with(params={**told, "state": request.args["state"]})))
                    return jsonify(told), status
            return None

        app.get("/<tenant>/v2.0/.well-known/openid-configuration")(self._discovery)
        app.get("/<cloud>/<tenant>/v2.0/.well-known/openid-configuration")(self._discovery)

        @app.get("/<tenant>/oauth2/v2.0/authorize")
        def authorize(tenant: str) -> Any:
            grant = server.get_consent_grant(end_user=self.person)
            return server.create_authorization_response(grant_user=self.person, grant=grant)

        @app.post("/<tenant>/oauth2/v2.0/token")
        def token(tenant: str) -> Any:
            return server.create_token_response()

        @app.post("/<tenant>/oauth2/v2.0/devicecode")
        def devicecode(tenant: str) -> Any:
            return server.create_endpoint_response("device_authorization")

        @app.post("/introspect")
        def introspect() -> Any:
            found = self.store.by_access(request.form["token"])
            if found is None or found.is_expired() or found.is_revoked() or found.person is None:
                return jsonify({"active": False})
            return jsonify({"active": True, "username": found.person.address, "scope": found.scope})

    def _discovery(self, tenant: str, cloud: str = "") -> Any:
        known = {each.tenant for each in self.store.applications.values()} | {"organizations"}
        if tenant not in known:
            told = {"error": "invalid_tenant", "error_description": f"AADSTS90002: Tenant '{tenant}' not found."}
            return jsonify(told), 400
        base = f"{self.url}/{tenant}"
        return jsonify(
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
                "tenant_region_scope": "EU",
            }
        )


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""
