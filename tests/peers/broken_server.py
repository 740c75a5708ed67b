"""A server that answers what a test says, line for line, and hangs up where the test says so."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

Answer = Callable[[bytes], bytes | None]
"""Given a command line, what to write back; None hangs up."""


@contextmanager
def answering(greeting: bytes, answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of a server that greets and then answers each line; every connection in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            with suppress(TimeoutError):
                connection, _ = listener.accept()
                threading.Thread(target=_talk, args=(connection, greeting, answer, context), daemon=True).start()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        thread.join()
        listener.close()


def certificate(folder: Path, host: str = "localhost", *, expired: bool = False) -> tuple[ssl.SSLContext, Path]:
    """A server's context, and the file of the authority that signed its certificate."""
    authority = trustme.CA()
    until = datetime.now(UTC) - timedelta(days=1) if expired else None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host, not_after=until).configure_cert(context)
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(file)
    return context, file


def _talk(connection: socket.socket, greeting: bytes, answer: Answer, context: ssl.SSLContext | None) -> None:
    with connection, suppress(OSError):
        if context is not None:
            connection = context.wrap_socket(connection, server_side=True)
        with connection, connection.makefile("rb") as lines:
            connection.sendall(greeting)
            for line in lines:
                told = answer(line)
                if told is None:
                    return
                connection.sendall(told)
