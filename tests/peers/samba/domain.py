"""A domain controller of a test's own, and what its administrators do to it.

It listens at an address of its own within 127.0.0.0/8, for the ports of LDAP cannot be chosen; only its LDAP service
runs. The desk reaches it by a `Way` at localhost, whose name its certificate has.
"""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import ldap3
import trustme

from tests.peers.samba.way import Way

ROOT = "DC=corp,DC=example"
STAFF, GROUPS, ELSEWHERE = f"OU=Staff,{ROOT}", f"OU=Groups,{ROOT}", f"OU=Elsewhere,{ROOT}"
PASSWORD = "Right-Password-1"
_PYTHON = "/usr/bin/python3"
_PATIENCE = 60.0

_USER = "bf967aba-0de6-11d0-a285-00aa003049e2"
HELPDESK_RIGHTS = (
    f"(OA;CI;CR;00299570-246d-11d0-a768-00aa006e0529;{_USER};{{sid}})",
    f"(OA;CI;WP;28630ebf-41d5-11d1-a9c1-0000f80367c1;{_USER};{{sid}})",
    f"(OA;CI;WP;bf967a0a-0de6-11d0-a285-00aa003049e2;{_USER};{{sid}})",
)
"""Reset a password; write lockoutTime; write pwdLastSet: as docs/remote-help.md has them."""

ENGINEER_RIGHTS = (f"(OA;CI;WP;bf967a68-0de6-11d0-a285-00aa003049e2;{_USER};{{sid}})",)
GROUP_RIGHTS = ("(OA;CI;WP;bf9679c0-0de6-11d0-a285-00aa003049e2;bf967a9c-0de6-11d0-a285-00aa003049e2;{sid})",)


class _Tls(ldap3.Tls):
    """ldap3 by itself compares names with what Python took out."""

    def __init__(self, ca: str) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self.context = ssl.create_default_context(cadata=ca)

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        connection.socket = self.context.wrap_socket(connection.socket, server_hostname="localhost")


@dataclass
class Domain:
    """Use it in `with`. `ca` is the certificate of its authority, as PEM."""

    folder: Path
    address: str = ""
    ca: str = ""
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _numbers: "count[int]" = field(default_factory=lambda: count(1), init=False)

    @staticmethod
    def missing() -> str:
        """Why there can be none here; empty where there can."""
        if shutil.which("samba", path="/usr/sbin:/usr/bin") is None or not Path(_PYTHON).exists():
            return "needs Samba's domain controller: the packages samba, samba-ad-provision, samba-dsdb-modules"
        return "" if os.geteuid() == 0 else "needs root: a domain controller listens at port 636"

    def __enter__(self) -> Self:
        self.address = _free_address()
        authority = trustme.CA()
        self.ca = authority.cert_pem.bytes().decode()
        issued = authority.issue_cert("localhost")
        authority.cert_pem.write_to_path(self.folder / "ca.pem")
        issued.private_key_and_cert_chain_pem.write_to_path(self.folder / "cert.pem")
        issued.private_key_pem.write_to_path(self.folder / "key.pem")
        self.folder.joinpath("key.pem").chmod(0o600)
        self._run(_PYTHON, str(Path(__file__).with_name("provision.py")), str(self.folder), self.address, PASSWORD)
        self.tool("domain", "passwordsettings", "set", "--account-lockout-threshold=3", "--min-pwd-age=0")
        self.delegate("helpdesk", STAFF, HELPDESK_RIGHTS)
        self.delegate("engineer", STAFF, (*HELPDESK_RIGHTS, *ENGINEER_RIGHTS))
        self.delegate("engineer", GROUPS, GROUP_RIGHTS)
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def way(self) -> Way:
        """To its LDAPS; use it in `with`."""
        return Way((self.address, 636))

    def tool(self, *words: str) -> str:
        """`samba-tool` on the domain's own files."""
        return self._run("samba-tool", *words, "-s", str(self._settings), "-H", str(self.folder / "private/sam.ldb"))

    def delegate(self, account: str, unit: str, rights: Sequence[str]) -> None:
        sid = self.tool("user", "show", account, "--attributes=objectSid").partition("objectSid: ")[2].split()[0]
        given = "".join(rights).format(sid=sid)
        self._run("samba-tool", "dsacl", "set", "-s", str(self._settings), "-H", str(self.folder / "private/sam.ldb"),
                  f"--objectdn={unit}", f"--sddl={given}")  # fmt: skip

    def person(self, unit: str = STAFF, name: str = "", **attributes: str) -> "Person":
        """A new account, with `PASSWORD`."""
        account = f"user{next(self._numbers)}"
        name = name or f"Name {account}"
        dn = f"CN={_escaped(name)},{unit}"
        told: dict[str, Any] = {"sAMAccountName": account, "displayName": name, "userAccountControl": "512",
                                "userPrincipalName": f"{account}@corp.example", **attributes}  # fmt: skip
        told["unicodePwd"] = f'"{PASSWORD}"'.encode("utf-16-le")
        with self.admin() as admin:
            assert admin.add(dn, ["top", "person", "organizationalPerson", "user"], told), admin.result
        return Person(self, dn, account)

    def group(self, unit: str = GROUPS, members: Sequence[str] = (), within: str = "") -> tuple[str, str]:
        """The name and the DN of a new one."""
        name = f"group{next(self._numbers)}"
        dn = f"CN={name},{unit}"
        with self.admin() as admin:
            told = {"sAMAccountName": name, "description": "for tests", **({"member": members} if members else {})}
            assert admin.add(dn, ["top", "group"], told), admin.result
            if within:
                assert admin.modify(within, {"member": [(ldap3.MODIFY_ADD, [dn])]}), admin.result
        return name, dn

    def change(self, dn: str, **values: str) -> None:
        with self.admin() as admin:
            assert admin.modify(dn, {name: [(ldap3.MODIFY_REPLACE, [each])] for name, each in values.items()}), (
                admin.result
            )

    @contextmanager
    def admin(self) -> Iterator[Any]:
        connection = self._connection("administrator@corp.example", PASSWORD, auto_bind=True)
        try:
            yield connection
        finally:
            connection.unbind()

    def sign_in(self, user: str, password: str) -> str:
        """Empty where it is let in, else what the domain controller says."""
        connection = self._connection(user, password)
        let_in = connection.bind()
        said = "" if let_in else str(connection.result["message"])
        connection.unbind()
        return said

    def read(self, dn: str, *names: str) -> Mapping[str, list[bytes]]:
        with self.admin() as admin:
            assert admin.search(dn, "(objectClass=*)", ldap3.BASE, attributes=list(names))
            found: Mapping[str, list[bytes]] = admin.response[0]["raw_attributes"]
            return found

    def _connection(self, user: str, password: str, **more: Any) -> Any:
        server = ldap3.Server(self.address, 636, use_ssl=True, tls=_Tls(self.ca), get_info=ldap3.NONE)
        return ldap3.Connection(server, user, password, check_names=False, **more)

    @property
    def _settings(self) -> Path:
        return self.folder / "etc" / "smb.conf"

    def _start(self) -> None:
        names = ("certfile=cert.pem", "keyfile=key.pem", "cafile=ca.pem")
        tls = [f"--option=tls {each.replace('=', f'={self.folder}/')}" for each in names]
        program = shutil.which("samba", path="/usr/sbin:/usr/bin")
        assert program is not None
        command = [program, "--foreground", "--no-process-group", "--model=single", "-s", str(self._settings)]
        command += ["--option=server services=ldap", f"--option=pid directory={self.folder}", "--debug-stdout", *tls]
        with self.folder.joinpath("said").open("wb") as said:
            self._process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            with socket.socket() as trying:
                if trying.connect_ex((self.address, 636)) == 0:
                    return
            assert self._process.poll() is None, self.folder.joinpath("said").read_text()
            time.sleep(0.05)
        raise AssertionError(self.folder.joinpath("said").read_text())

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command[:4]}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
        return done.stdout


@dataclass(frozen=True)
class Person:
    """An account of the domain."""

    domain: Domain
    dn: str
    account: str

    @property
    def principal(self) -> str:
        return f"{self.account}@corp.example"

    def sign_in(self, password: str = PASSWORD) -> str:
        return self.domain.sign_in(self.principal, password)

    def lock(self) -> None:
        """As many wrong passwords as the domain bears."""
        for _ in range(3):
            assert self.sign_in("Wrong-Password-1")
        assert " 775," in self.sign_in()


def _escaped(name: str) -> str:
    return "".join(f"\\{each}" if each in ',+"\\<>;=#' else each for each in name)


def _free_address() -> str:
    for place in range(250):
        address = f"127.66.{os.getpid() % 250}.{1 + place}"
        with socket.socket() as trying:
            if trying.connect_ex((address, 636)) != 0:
                return address
    raise AssertionError("no address is free")
