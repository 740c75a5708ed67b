"""A wire between desks and their server that breaks just where it hurts: around a COMMIT."""

import random
import socket
import threading
from collections.abc import Callable
from contextlib import suppress


class Wire:
    """Listens on a port of this machine and passes on what is said, until it strikes.

    With the chance of `before` it cuts the line in place of passing on a COMMIT, with that of `after` once it has
    passed one on and nobody has heard what became of it.
    """

    def __init__(self, server_port: Callable[[], int], seed: int) -> None:
        self._server_port = server_port
        self._dice = random.Random(seed)
        self.before = self.after = 0.0
        self.strikes = 0
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for each in tuple(self._open):
            _hang_up(each)
        for thread in tuple(self._threads):
            thread.join()

    def _listen(self) -> None:
        while True:
            try:
                desk, _ = self._listening.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._server_port()))
            except OSError:
                desk.close()
                continue
            self._open |= {desk, server}
            for told in ((desk, server, True), (server, desk, False)):
                thread = threading.Thread(target=self._pass_on, args=told, daemon=True)
                self._threads.append(thread)
                thread.start()

    def _pass_on(self, source: socket.socket, target: socket.socket, from_desk: bool) -> None:
        with suppress(OSError):
            while said := source.recv(65_536):
                chance = self._dice.random() if from_desk and b"COMMIT" in said else 1.0
                if chance < self.before:
                    self.strikes += 1
                    break
                target.sendall(said)
                if chance < self.before + self.after:
                    self.strikes += 1
                    break
        for each in (source, target):
            _hang_up(each)
        self._open -= {source, target}


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
