"""Pictures of the network, fetched when a reader asks, and only from where a stranger may point."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.services import pictures
from app.services.pictures import fetch, fetch_all, is_public


class Pictures(BaseHTTPRequestHandler):
    seen: list[str]

    def do_GET(self) -> None:
        type(self).seen.append(self.path)
        answers = {"/a.png": (200, b"picture"), "/large": (200, b"x" * 2_000), "/gone": (404, b"no")}
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", self.path[len("/moved") :])
            self.end_headers()
            return
        status, content = answers.get(self.path, (200, b"other"))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Tests are quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    Pictures.seen = []
    made = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()
    thread.join()


def anywhere(_: str) -> bool:
    return True


def test_a_picture_is_fetched(server: str) -> None:
    assert fetch(f"{server}/a.png", anywhere) == b"picture"


def test_a_machine_of_the_house_is_never_asked(server: str) -> None:
    assert fetch(f"{server}/a.png") is None
    assert Pictures.seen == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "10.0.0.7", "192.168.1.1", "172.16.4.4", "169.254.169.254", "fe80::1", "0.0.0.0"]
)
def test_addresses_of_the_house_are_known(address: str) -> None:
    assert not is_public(address)


def test_an_address_of_the_open_network_is_allowed() -> None:
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


def test_a_move_is_followed_and_checked_again(server: str) -> None:
    assert fetch(f"{server}/moved/a.png", anywhere) == b"picture"
    allowed = iter([True, False])
    assert fetch(f"{server}/moved/a.png", lambda _: next(allowed)) is None


def test_moves_without_end_are_given_up(server: str) -> None:
    assert fetch(f"{server}{'/moved' * 9}/a.png", anywhere) is None


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host.example/a.png", "http://", "http://[", "cid:x"])
def test_other_addresses_lead_nowhere(url: str) -> None:
    assert fetch(url, anywhere) is None


def test_what_is_too_large_is_let_go(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_BYTES", 1_000)
    assert fetch(f"{server}/large", anywhere) is None


def test_those_that_cannot_be_had_stay_away(server: str) -> None:
    assert fetch_all([f"{server}/a.png", f"{server}/gone"], anywhere) == {f"{server}/a.png": b"picture"}
