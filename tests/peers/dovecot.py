"""Dovecot from Debian, as an IMAP server of one user with STARTTLS, on loopback and in a folder of its own."""

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
import trustme

from tests.peers.mail_server import USERS, wait_for
from tests.peers.ports import free_port
from tests.peers.smtp_server import SmtpServer

_CONFIG = """
base_dir = {run}
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
default_login_user = {login}
default_internal_user = {login}
default_internal_group = {group}
mail_location = maildir:{folder}/mail/%u
mailbox_list_index = no
first_valid_uid = 1
disable_plaintext_auth = yes
namespace inbox {{
  inbox = yes
  mailbox Gesendet {{
    auto = create
    special_use = \\Sent
  }}
  mailbox "Alle Nachrichten" {{
    auto = create
    special_use = \\All
  }}
}}
{tokens}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""

_TOKENS = """
auth_mechanisms = plain xoauth2
auth_failure_delay = 0
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/tokens.conf
}}
"""
_INTROSPECTION = """
introspection_url = {url}
introspection_mode = post
force_introspection = yes
username_attribute = username
active_attribute = active
active_value = true
"""


class Dovecot:
    """Used like `MailServer`. `imap_port` wants STARTTLS, `imap_tls_port` and `smtp_port` are encrypted at once.

    With an `introspection` end point it takes tokens (XOAUTH2) that are asked about there. Its folder for what is sent,
    and the one that has everything once more, are named in German and marked as such (RFC 6154).
    """

    host = "localhost"
    password = "right-password"

    def __init__(self, folder: Path, users: tuple[str, ...] = USERS, introspection: str = "") -> None:
        self.folder = folder / "dovecot"
        self.folder.mkdir(mode=0o755)
        self._run = Path(tempfile.mkdtemp(prefix="dovecot-"))  # short: the path of a socket has room for 107 bytes
        self.imap_port = free_port()
        self.imap_tls_port = free_port()
        self.smtp_port = free_port()
        self.smtp = SmtpServer(self.smtp_port, users, self.password, self.deliver, implicit=True)
        self.ca_file = self.folder / "ca.pem"
        self._introspection = introspection
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def program() -> str | None:
        """Where it is installed; None where it is not."""
        return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

    def __enter__(self) -> Self:
        if self.program() is None:
            if os.environ.get("CI"):
                pytest.fail("Dovecot is missing; .ci/run installs it")
            pytest.skip("Dovecot is not installed (Debian: dovecot-imapd)")
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_file)
        issued = authority.issue_cert("localhost")
        issued.private_key_and_cert_chain_pem.write_to_path(self.folder / "server.pem")
        issued.private_key_pem.write_to_path(self.folder / "server.key")
        self._write_config()
        self.smtp.start(self.folder / "server.pem", self.folder / "server.key")
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        self.smtp.stop()
        shutil.rmtree(self._run, ignore_errors=True)

    def restart(self) -> None:
        """Stop the IMAP server and start it again over the same mailboxes."""
        self._stop()
        self._start()

    def messages(self, user: str) -> list[bytes]:
        """Raw mails in an inbox, oldest first."""
        inbox = self.folder / "mail" / user
        found = sorted((*inbox.glob("new/*"), *inbox.glob("cur/*")), key=lambda each: each.name)
        return [each.read_bytes() for each in found]

    def _start(self) -> None:
        program = self.program()
        assert program is not None
        self._process = subprocess.Popen([program, "-F", "-c", str(self.folder / "dovecot.conf")])
        wait_for(self.imap_port)

    def _stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def deliver(self, raw: bytes, user: str) -> None:
        inbox = self.folder / "mail" / user / "new"
        for each in ("new", "cur", "tmp"):
            (inbox.parent / each).mkdir(parents=True, exist_ok=True)
        name = f"{next(self._numbers):06}.{os.getpid()}.test"
        (inbox.parent / "tmp" / name).write_bytes(raw)
        self._give(self.folder / "mail")
        (inbox.parent / "tmp" / name).rename(inbox / name)

    def _write_config(self) -> None:
        for each in ("mail", "home"):
            (self.folder / each).mkdir(mode=0o755)
        text = _CONFIG.format(
            folder=self.folder,
            run=self._run,
            login=self._person().pw_name,
            group=grp.getgrgid(self._person().pw_gid).gr_name,
            uid=self._person().pw_uid,
            gid=self._person().pw_gid,
            password=self.password,
            tokens=_TOKENS.format(folder=self.folder) if self._introspection else "",
            port=self.imap_port,
            tls_port=self.imap_tls_port,
        )
        (self.folder / "dovecot.conf").write_text(text, encoding="utf-8")
        (self.folder / "tokens.conf").write_text(_INTROSPECTION.format(url=self._introspection), encoding="utf-8")
        self._give(self.folder)

    def _give(self, folder: Path) -> None:
        """Everything below to the user that Dovecot reads mail as; it refuses to do that as root."""
        if os.getuid() != 0:
            return
        for each in (folder, *folder.parents):
            if os.access(each, os.W_OK) and str(each).startswith("/tmp/"):  # it must be able to get there
                each.chmod(each.stat().st_mode | 0o011)
        for each in (folder, *folder.rglob("*")):
            os.chown(each, self._person().pw_uid, self._person().pw_gid)

    def _person(self) -> pwd.struct_passwd:
        return pwd.getpwnam("nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name)
