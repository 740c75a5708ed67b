"""The HTTP server around it, on loopback."""

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from tests.peers.graph.asked import Asked
from tests.peers.graph.dispatch import answer, as_bytes, error_json
from tests.peers.graph.faults import Answer, Faults
from tests.peers.graph.outgoing import upload
from tests.peers.graph.store import Refusal, Store

Witness = Callable[[str, str, dict[str, str], bytes], None]
"""Is told of every request: method, target, headers, body."""


class GraphServer:
    """Runs while in a `with`. `calls` are the requests it got, in order; `most_at_once` how many ran side by side."""

    def __init__(self, store: Store, tls: ssl.SSLContext | None = None, witness: Witness | None = None) -> None:
        self.store = store
        self.faults = Faults()
        self.witness = witness
        self.calls: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.most_at_once = 0
        self.running = 0
        self.lock = threading.Lock()
        self._tls = tls
        self._port = 0
        self._start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://localhost:{self._port}"

    def restart(self) -> None:
        """Ends all connections, and listens at the same port again."""
        self._stop()
        self._start()
        self._thread.start()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def wrapped(self, plain: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(plain, server_side=True) if self._tls else plain

    def _start(self) -> None:
        self._http = _Http(("127.0.0.1", self._port), _Handler)
        self._http.graph = self
        self._port = int(self._http.server_address[1])
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def _stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    graph: GraphServer
    daemon_threads = True
    allow_reuse_address = True

    def finish_request(self, request: Any, client_address: Any) -> None:
        """The handshake happens in the connection's own thread, and a client that distrusts us is no error of ours."""
        with contextlib.suppress(OSError):  # ssl.SSLError is one
            request.settimeout(30)
            wrapped = self.graph.wrapped(request)
            try:
                super().finish_request(wrapped, client_address)
            finally:
                wrapped.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms for the client's acknowledgement of its head
    server: _Http

    def log_message(self, *_args: object) -> None:
        pass

    def _handle(self) -> None:
        graph = self.server.graph
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = unquote(self.path.partition("?")[0])
        with graph.lock:
            graph.calls.append(f"{self.command} {path}")
            graph.headers.append(headers)
            graph.running += 1
            graph.most_at_once = max(graph.most_at_once, graph.running)
        try:
            self._answer(path, headers, body)
        finally:
            with graph.lock:
                graph.running -= 1

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _handle  # noqa: N815 - the names of http.server

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> None:
        faults = self.server.graph.faults
        scripted = faults.for_path(path)
        if scripted is not None:
            told = faults.answers[scripted].pop(0)
            self._tell(told.status, told.body, told.headers)
            return
        drop = next((faults.drop.pop(key) for key in list(faults.drop) if path.endswith(key)), None)
        if drop == "before":
            self._hang_up()
            return
        status, answered = self._done(path, headers, body)
        if drop == "after":
            self._hang_up()
        elif drop == "mid-answer":
            self._tell(status, answered, {}, cut=len(answered) // 2)
            self._hang_up()
        elif any(path.endswith(key) for key in faults.cut_json):
            self._tell(status, answered[: len(answered) // 2], {})
        else:
            self._tell(status, answered, {})

    def _done(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        graph = self.server.graph
        try:
            with graph.store.lock:
                if path.startswith("/upload/"):
                    status, told = upload(graph.store, path.rpartition("/")[2], headers, body)
                    return status, as_bytes(told)
                user = self._user(headers)
                status, told = self._one(user, self.command, self.path, headers, body)
        except Refusal as refusal:
            return refusal.status, as_bytes(error_json(refusal))
        return status, as_bytes(told)

    def _user(self, headers: dict[str, str]) -> str:
        graph = self.server.graph
        token = headers.get("authorization", "").removeprefix("Bearer ")
        left = graph.faults.expire_token_after
        if left is not None:
            graph.faults.expire_token_after = left - 1 if left else None
            if not left:
                graph.store.tokens.pop(token, None)
        if token not in graph.store.tokens:
            raise Refusal(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")
        return graph.store.tokens[token]

    def _one(self, user: str, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        graph = self.server.graph
        if graph.witness is not None:
            graph.witness(method, target, headers, body)
        asked = Asked(method, target, headers, body, user, graph.store, graph.faults, graph.url)
        if asked.parts == ["$batch"]:
            return 200, {"responses": [self._part(user, headers, each) for each in asked.json["requests"]]}
        return answer(asked)

    def _part(self, user: str, outer: dict[str, str], part: dict[str, Any]) -> dict[str, Any]:
        """One request of a batch."""
        faults = self.server.graph.faults
        headers = {name.lower(): value for name, value in part.get("headers", {}).items()}
        headers["authorization"] = outer["authorization"]
        body = json.dumps(part["body"]).encode() if "body" in part else b""
        key = faults.for_path(unquote(part["url"].partition("?")[0]))
        if key is not None:
            scripted = faults.answers[key].pop(0)
            return {"id": part["id"], "status": scripted.status, "headers": scripted.headers, "body": _json(scripted)}
        try:
            status, told = self._one(user, part["method"], f"/v1.0{part['url']}", headers, body)
        except Refusal as refusal:
            status, told = refusal.status, error_json(refusal)
        return {"id": part["id"], "status": status, "headers": {}, **({"body": told} if told is not None else {})}

    def _tell(self, status: int, told: bytes, headers: dict[str, str], cut: int | None = None) -> None:
        self.send_response(status)
        if told and not any(name.lower() == "content-type" for name in headers):
            self.send_header("Content-Type", "application/json" if told[:1] in b"{[" else "text/plain")
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told[:cut])

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)


def _json(scripted: Answer) -> Any:
    return json.loads(scripted.body or b"{}")
