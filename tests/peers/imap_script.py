"""An IMAP server that a test writes: what it answers to each command, and what it was told."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from tests.peers.broken_server import answering

GREETING = b"* OK [CAPABILITY IMAP4rev1] ready\r\n"
Reply = bytes | None | Callable[[str], bytes | None]
"""What goes before `OK done`, or the whole answer where it holds `TAG`; None hangs up. A function is given the line."""


class ImapScript:
    """Says yes to every command that `replies` (by verb) does not name. `told` holds the commands without their tags.

    A reply that begins with `+` has the client go on (AUTHENTICATE); its next line ends the command.
    """

    def __init__(self, replies: Mapping[str, Reply] | None = None, capabilities: str = "IMAP4rev1") -> None:
        self.replies: dict[str, Reply] = {"CAPABILITY": f"* CAPABILITY {capabilities}\r\n".encode(), **(replies or {})}
        self.told: list[str] = []
        self._open_tag = b""

    @contextmanager
    def running(self) -> Iterator[int]:
        """The port it listens on."""
        with answering(b"* OK ready\r\n", self._answer) as port:
            yield port

    def _answer(self, line: bytes) -> bytes | None:
        tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
        if self._open_tag:
            self.told.append(tag.decode())
            tag, self._open_tag = self._open_tag, b""
            return tag + b" OK done\r\n"
        command = rest.decode()
        self.told.append(command)
        words = command.upper().split()
        verb = " ".join(words[:2]) if words[0] == "UID" and words[1] == "EXPUNGE" else words[words[0] == "UID"]
        reply = self.replies.get(verb, b"")
        reply = reply(command) if callable(reply) else reply
        if reply is not None and reply.startswith(b"+"):
            self._open_tag = tag
            return reply
        if reply is None:
            return None
        return reply.replace(b"TAG", tag) if b"TAG" in reply else reply + tag + b" OK done\r\n"


def folder(mails: int = 1, next_uid: int = 2, validity: int = 7) -> bytes:
    """The answer to SELECT and EXAMINE."""
    return f"* {mails} EXISTS\r\n* OK [UIDVALIDITY {validity}] x\r\n* OK [UIDNEXT {next_uid}] x\r\n".encode()
