"""A real HTTPS server on loopback that answers what a test says, and remembers what it was asked."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme


@dataclass(frozen=True)
class Asked:
    """One request as it came; `place` is path and query, still encoded."""

    method: str
    place: str
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True)
class Reply:
    """`content` may be without an end, piece by piece."""

    status: int = 200
    content: bytes | Iterator[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Callable[[Asked], Reply]


@dataclass
class HttpsServer:
    port: int
    ca: str
    asked: list[Asked]

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, answer: Answer, seen: list[Asked], *told: object) -> None:
        self.answer_, self.seen = answer, seen
        super().__init__(*told)  # type: ignore[arg-type]

    def _serve(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        asked = Asked(self.command, self.path, dict(self.headers.items()), content)
        self.seen.append(asked)
        reply = self.answer_(asked)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if isinstance(reply.content, bytes):
            self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            self.wfile.write(reply.content)
            return
        self.send_header("Connection", "close")
        self.end_headers()
        for piece in reply.content:
            self.wfile.write(piece)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up has read enough."""


@contextmanager
def https_server(
    answer: Answer, name: str = "localhost", authority: trustme.CA | None = None, most_tls: ssl.TLSVersion | None = None
) -> Iterator[HttpsServer]:
    """Serves until the end of the block, with a certificate for `name`."""
    ca, seen = authority or trustme.CA(), list[Asked]()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if most_tls is not None:
        context.maximum_version = most_tls
    ca.issue_cert(name).configure_cert(context)
    server = _Server(("127.0.0.1", 0), partial(_Handler, answer, seen))
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=partial(server.serve_forever, 0.05))
    thread.start()
    try:
        yield HttpsServer(server.server_address[1], ca.cert_pem.bytes().decode(), seen)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
