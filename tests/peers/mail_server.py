"""A real mail server on loopback: pymap for IMAP, aiosmtpd for SMTP, with mailboxes on disk between them.

    with MailServer(tmp_path) as server:
        server.deliver(raw, "support@desk.example")      # as if it came from outside
        server.messages("anna@acme.example")             # raw mails in an inbox, oldest first
        server.smtp.refuse["anna@acme.example"] = "452 4.2.2 full"
        server.restart()                                 # IMAP; also stop_imap() and start_imap()
        server.host, server.imap_port, server.smtp_port, server.ca_file, server.password

Both speak STARTTLS with a certificate of `ca_file` for "localhost"; SMTP asks for sign-in. What is sent arrives in the
inboxes of those recipients that have one here; others are refused (550). IMAP runs in a process of its own, so that it
can be stopped and started again.
"""

import mailbox
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme
from pysasl.hashing import BuiltinHash

from tests.peers.ports import free_port
from tests.peers.smtp_server import SmtpServer

USERS = ("support@desk.example", "anna@acme.example")


class MailServer:
    """See the top of this file."""

    host = "localhost"

    def __init__(self, folder: Path, users: tuple[str, ...] = USERS, password: str = "right-password") -> None:
        self.password = password
        self._folder = folder / "mail-server"
        self._folder.mkdir()
        self.users = users
        self.ca_file = self._folder / "ca.pem"
        self._certificate = self._folder / "server.pem"
        self._key = self._folder / "server.key"
        self._write_certificates()
        self._write_users()
        self.imap_port = free_port()
        self.smtp_port = free_port()
        self.smtp = SmtpServer(self.smtp_port, users, password, self.deliver)
        self._imap: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.smtp.start(self._certificate, self._key)
        self.start_imap()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop_imap()
        self.smtp.stop()

    def settings(self, address: str) -> dict[str, object]:
        """The settings of an IMAP channel for the mailbox of `address` here."""
        return {
            "address": address,
            "host": self.host,
            "port": self.imap_port,
            "security": "starttls",
            "smtp_port": self.smtp_port,
            "ca_file": str(self.ca_file),
            "timeout": 10,
        }

    def deliver(self, raw: bytes, user: str) -> None:
        self._inbox(user).add(raw)

    def messages(self, user: str) -> list[bytes]:
        inbox = self._inbox(user)
        found = sorted((Path(inbox._path, inbox._lookup(key)) for key in inbox.iterkeys()), key=lambda each: each.name)
        return [each.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for each in found]

    def start_imap(self) -> None:
        command = [str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(self.imap_port)]
        command += ["--cert", str(self._certificate), "--key", str(self._key), "maildir", str(self._folder)]
        log = (self._folder / "imap.log").open("ab")
        self._imap = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        wait_for(self.imap_port)

    def stop_imap(self) -> None:
        if self._imap is not None:
            self._imap.kill()
            self._imap.wait()
            self._imap = None

    def restart(self) -> None:
        """Kill the IMAP server and start it again over the same mailboxes."""
        self.stop_imap()
        self.start_imap()

    def _inbox(self, user: str) -> mailbox.Maildir:
        return mailbox.Maildir(self._folder / user, create=True)

    def _write_certificates(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_file)
        issued = authority.issue_cert("localhost")
        for each in issued.cert_chain_pems:
            each.write_to_path(self._certificate, append=True)
        issued.private_key_pem.write_to_path(self._key)

    def _write_users(self) -> None:
        hashed = BuiltinHash().hash(self.password)
        people = "".join(f"{each}:x::::{each}:\r\n" for each in self.users)
        secrets = "".join(f"{each}:{hashed}::::::\r\n" for each in self.users)
        for name, text in (("pymap-etc-passwd", people), ("pymap-etc-shadow", secrets), ("pymap-etc-group", "")):
            (self._folder / name).write_text(text, encoding="utf-8", newline="")
        for each in self.users:
            self._inbox(each)


def wait_for(port: int, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
