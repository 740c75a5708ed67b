"""The HTTPS server around it, on loopback."""

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.peers.ntlm import Handshake
from tests.peers.winrm import wsman
from tests.peers.winrm.playing import Invocation, Play, Scenario, Session
from tests.peers.winrm.wsman import Asked, Fault

_MUTUAL = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
"""What stands for `Authorization` where the certificate of TLS says who it is."""

_PATIENCE = 1.0
"""Seconds that it waits for output at most, so that a test sees the answer that nothing came."""


class WinrmServer:
    """Runs while in a `with`. Signs in by what `offers` holds: `Basic` with `users`, `Negotiate` with NTLM's file."""

    def __init__(self, tls: ssl.SSLContext, scenario: Scenario) -> None:
        self.users = {"helpdesk": "wonder-land"}
        self.offers: tuple[str, ...] = ("Negotiate", "Basic")
        self.scenario = scenario
        self.heard: list[Invocation] = []
        self.sessions: dict[str, Session] = {}
        self.refuse: dict[str, Fault] = {}
        """By the name of an action, a fault to answer with."""
        self.status = 0
        """With which HTTP status it answers instead of all else, where it is not 0."""
        self.deaf_to_stop = False
        """Whether it answers a stop signal, and goes on."""
        self.tls = tls
        self.open: set[socket.socket] = set()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.winrm = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def seen(self) -> bytes:
        """All that clients sent, as PSRP."""
        return b"".join(bytes(each.seen) for each in self.sessions.values())

    @property
    def running(self) -> list[Play]:
        """The scripts that have not ended."""
        plays = [play for session in self.sessions.values() for play in session.plays.values()]
        return [each for each in plays if each.pipeline.state.name == "Running"]

    def cut(self) -> None:
        """Every connection breaks, and nobody is let in any more."""
        self._http.shutdown()
        self._http.socket.close()
        for each in list(self.open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self.sessions.values():
            each.close()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, user: str, asked: Asked) -> str:
        """The body of the answer. Raises `Fault`."""
        if asked.action in self.refuse:
            raise self.refuse[asked.action]
        if asked.action == "Create":
            return self._create(user, asked)
        session = self.sessions.get(asked.shell.upper())
        if session is None or session.closed.is_set():
            raise Fault(wsman.NO_SUCH_SHELL, "There is no such shell.")
        actions: dict[str, Callable[[Session, Asked], str]] = {
            "Command": _command, "Send": _send, "Receive": _receive, "Signal": self._signal, "Delete": _delete,
        }  # fmt: skip
        return actions[asked.action](session, asked)

    def _create(self, user: str, asked: Asked) -> str:
        shell = asked.find("rsp:Shell")
        assert shell is not None
        identity = shell.get("ShellId", "").upper()
        configuration = asked.resource.rpartition("/")[2]
        session = self.sessions[identity] = Session(user, configuration, self.scenario, self.heard)
        session.take(asked.data("creationXml"))
        return wsman.created(identity)

    def _signal(self, session: Session, asked: Asked) -> str:
        play = session.plays.get(asked.command("rsp:Signal").upper())
        code = asked.find("rsp:Signal/rsp:Code")
        if play is not None and code is not None and "ctrl_c" in (code.text or "") and not self.deaf_to_stop:
            play.stop.set()
        return "<rsp:SignalResponse/>"


def _command(session: Session, asked: Asked) -> str:
    command = asked.command("rsp:CommandLine")
    session.take(asked.data("Arguments"), command, begins=True)
    return f"<rsp:CommandResponse><rsp:CommandId>{command}</rsp:CommandId></rsp:CommandResponse>"


def _send(session: Session, asked: Asked) -> str:
    session.take(asked.data("Stream"), asked.command("rsp:Send/rsp:Stream"))
    return "<rsp:SendResponse/>"


def _receive(session: Session, asked: Asked) -> str:
    command = asked.command("rsp:Receive/rsp:DesiredStream")
    found = session.answer(command, min(asked.patience, _PATIENCE))
    if session.closed.is_set():
        raise Fault(wsman.NO_SUCH_SHELL, "There is no such shell.")
    if found is None:
        raise Fault(wsman.NOTHING_YET, "The operation did not complete within the time.")
    return wsman.received(found[0], command, done=found[1])


def _delete(session: Session, _asked: Asked) -> str:
    session.close()
    return ""


class _Http(ThreadingHTTPServer):
    winrm: WinrmServer
    daemon_threads = True

    def finish_request(self, request: Any, client_address: Any) -> None:
        """The handshake happens in the connection's own thread, and a client that distrusts us is no error of ours."""
        with contextlib.suppress(OSError):  # ssl.SSLError is one
            request.settimeout(60)
            wrapped = self.winrm.tls.wrap_socket(request, server_side=True)
            self.winrm.open.add(wrapped)
            try:
                super().finish_request(wrapped, client_address)
            finally:
                self.winrm.open.discard(wrapped)
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
        if self.server.winrm.status:
            self._tell(self.server.winrm.status, b"<html>no</html>")
            return
        user = self._user()
        if user is None:
            self._tell(401, b"")
            return
        asked = wsman.parse(body)
        try:
            self._tell(200, wsman.answer(asked, self.server.winrm.answer(user, asked)))
        except Fault as error:
            self._tell(500, wsman.fault(asked, error))

    def _user(self) -> str | None:
        told = self.headers.get("Authorization", "")
        if told == _MUTUAL:
            return self._shown()
        kind, _, proof = told.partition(" ")
        if kind == "Basic" and "Basic" in self.server.winrm.offers:
            name, _, password = base64.b64decode(proof).decode().partition(":")
            return name if self.server.winrm.users.get(name) == password else None
        if kind and kind != "Negotiate":
            return None
        if self.handshake is None:
            self.handshake = Handshake("Negotiate")
        self.challenge = self.handshake.step(told or None)
        return self.handshake.user

    def _shown(self) -> str | None:
        """Whose certificate the client showed, where TLS asked for one."""
        assert isinstance(self.connection, ssl.SSLSocket)
        subject = (self.connection.getpeercert() or {}).get("subject", ())
        return next((value for part in subject for name, value in part if name == "commonName"), None)

    def _tell(self, status: int, told: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/soap+xml;charset=UTF-8")
        self.send_header("Content-Length", str(len(told)))
        offers = self.server.winrm.offers if status == 401 else ()
        for each in [f"Negotiate {self.challenge}"] if self.challenge else offers:
            self.send_header("WWW-Authenticate", each)
        self.end_headers()
        self.wfile.write(told)
