"""The HTTPS server around it, on loopback."""

import contextlib
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.peers.ews import discovery
from tests.peers.ews.dispatch import answer, signed_in
from tests.peers.ews.faults import Faults
from tests.peers.ews.send_operations import Outside
from tests.peers.ews.store import Store
from tests.peers.ews.xml import Crash, operation, parse
from tests.peers.ntlm import Handshake


class EwsServer:
    """Runs while in a `with`. Without a context for TLS it speaks plain HTTP, which clients should refuse elsewhere."""

    def __init__(self, store: Store, tls: ssl.SSLContext | None, outside: Outside | None = None) -> None:
        self.store = store
        self.faults = Faults()
        self.ntlm = False
        """Sign in by NTLM only, with the accounts of the file that `NTLM_USER_FILE` names."""
        self.outside = outside
        self.calls: list[str] = []
        """The operations asked for, in order."""
        self._tls = tls
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.ews = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://localhost:{self.port}/EWS/Exchange.asmx"

    @property
    def discovery_url(self) -> str:
        return f"https://localhost:{self.port}/autodiscover/autodiscover.svc"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def wrapped(self, plain: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(plain, server_side=True) if self._tls else plain


class _Http(ThreadingHTTPServer):
    ews: EwsServer
    daemon_threads = True

    def finish_request(self, request: Any, client_address: Any) -> None:
        """The handshake happens in the connection's own thread, and a client that distrusts us is no error of ours."""
        with contextlib.suppress(OSError):  # ssl.SSLError is one
            request.settimeout(30)
            wrapped = self.ews.wrapped(request)
            try:
                super().finish_request(wrapped, client_address)
            finally:
                wrapped.close()


class _Handler(BaseHTTPRequestHandler):
    """One connection, which NTLM signs in as a whole."""

    protocol_version = "HTTP/1.1"
    server: _Http
    handshake: Handshake | None = None
    challenge: str | None = None

    def log_message(self, *_args: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        ews = self.server.ews
        time.sleep(ews.faults.delay)
        if ews.faults.statuses:
            self._tell(ews.faults.statuses.pop(0), b"<html>no</html>", "text/html")
            return
        if self.path.startswith("/autodiscover"):
            ews.calls.append("autodiscover")
        user = self._ntlm_user() if ews.ntlm else signed_in(self.headers.get("Authorization"), ews.store)
        if user is None:
            self._tell(401, b"", "text/html")
            return
        if self.path.startswith("/autodiscover"):
            self._tell(200, discovery.user_settings(parse(body)[1], ews.url))
            return
        self._operate(user, body)

    def _ntlm_user(self) -> str | None:
        if self.handshake is None:
            self.handshake = Handshake()
        self.challenge = self.handshake.step(self.headers.get("Authorization"))
        return self.handshake.user

    def _operate(self, user: str, body: bytes) -> None:
        ews = self.server.ews
        header, request = parse(body)
        name = operation(request)
        ews.calls.append(name)
        drop = ews.faults.drop.pop(name, None)
        if drop == "before":
            self._hang_up()
            return
        try:
            with ews.store.lock:
                status, told = answer(user, header, request, ews.store, ews.faults, ews.outside)
        except Crash as crash:
            status, told = 500, f"<html>{crash}</html>".encode()
        if drop == "after":
            self._hang_up()
        elif drop == "mid-answer":
            self._tell(status, told, cut=len(told) // 2)
            self._hang_up()
        else:
            garbled = ews.faults.garble & {name, "*"}
            self._tell(status, b"<?xml version='1.0'?><html/>" if garbled else told)

    def _tell(self, status: int, told: bytes, kind: str = "text/xml; charset=utf-8", cut: int | None = None) -> None:
        faults = self.server.ews.faults
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(told)))
        if status == 401:
            ntlm = f"NTLM {self.challenge or ''}".strip()
            self.send_header("WWW-Authenticate", ntlm if self.server.ews.ntlm else faults.offer)
            for name, told_beside in faults.refusal_headers.items():
                self.send_header(name, told_beside)
        if status != 200 and faults.close_refused:
            self.send_header("Connection", "close")
        if status in {429, 503} and faults.retry_after is not None:
            self.send_header("Retry-After", str(faults.retry_after))
        self.end_headers()
        self.wfile.write(told[:cut])

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
