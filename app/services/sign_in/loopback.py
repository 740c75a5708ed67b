"""The port of this machine that the browser comes back to after a sign-in (RFC 8252, 7.3)."""

import hmac
import socket
import time
from collections.abc import Mapping
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from app.services.channels.interface import Identity
from app.services.sign_in.faults import problem
from app.services.wording import tr

_LOOK = 0.2  # seconds between two looks at whether it was stopped

_PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>Firstline</title><style>
:root {{ color-scheme: light dark }}
body {{ font: 17px/1.5 system-ui, sans-serif; max-width: 34em; margin: 18vh auto; padding: 0 1.5em }}
</style></head><body><h1>{title}</h1><p>{words}</p></body></html>"""


class Loopback:
    """Listens until the end of `with`, on this machine alone, for the one answer that carries the right state.

    `OSError` where no port is to be had.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._server = _Server(("127.0.0.1", 0), _Answer)
        self._server.timeout = _LOOK

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://{self._name}:{self._server.server_port}"

    def wait(self, identity: Identity, state: str, stop: Event, seconds: float) -> Mapping[str, str]:
        """What the browser brought. An answer to another sign-in is told so in the browser, and waited past: any page
        could send one. `ChannelError` `sign_in.cancelled`, `.timed_out`; `.wrong_state` where only such answers came.
        """
        server = self._server
        server.state = state
        until = time.monotonic() + seconds
        while server.answer is None:
            if stop.is_set():
                raise problem(identity, "cancelled")
            if time.monotonic() > until:
                raise problem(identity, "wrong_state" if server.saw_other else "timed_out", minutes=round(seconds / 60))
            server.handle_request()
        return server.answer


class _Server(HTTPServer):
    address_family = socket.AF_INET
    state = ""
    answer: dict[str, str] | None = None
    saw_other = False


class _Answer(BaseHTTPRequestHandler):
    server: _Server
    timeout = 5  # seconds: browsers open connections that they may never use
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        told = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if not told.keys() & {"code", "error"}:
            self.send_error(404)
            return
        if not hmac.compare_digest(told.get("state", "").encode(), self.server.state.encode()):
            self.server.saw_other = True
            self._page(400, "other")
            return
        self.server.answer = told
        self._page(200, "done" if "code" in told else "refused")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing: the address carries the code."""

    def _page(self, status: int, which: str) -> None:
        title, words = tr(f"sign_in.page.{which}"), tr(f"sign_in.page_words.{which}")
        page = _PAGE.format(title=escape(title), words=escape(words)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(page)
