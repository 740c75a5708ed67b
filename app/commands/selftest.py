"""`firstline --selftest FILE`: exercise what the program stands on, and write down what worked.

For a build: does the program that was frozen here have all its parts, and do they work on that machine?
"""

import json
import platform
import ssl
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import dns.rrset
from keyring.backend import get_all_keyring

from app import __version__
from app.models.clock import SystemClock
from app.services import staff
from app.services.channels import registry
from app.services.database import open_database, upgrade
from app.services.resources import resources
from app.services.secrets import Secrets
from app.services.whole_file import write_whole
from app.services.wording import FALLBACK, catalogue, languages

Check = Callable[[], dict[str, Any]]
_LATER = (*(f"sign_in.{each}" for each in ("microsoft", "google", "loopback")), "mailbox_discovery.looking")
_FOLDERS = {"icons", "quoting", "sample", "text", "themes"}


def run(file: Path, checks: Mapping[str, Check]) -> int:
    """0 where every check is well. `checks` are those of other faces, by name.

    The file is written anew before every check, so that it names the one that killed the program, if one does.
    `KnownError` `file.cannot_write`.
    """
    report: dict[str, Any] = {"ok": False, "program": _program(), "running": None, "checks": {}}
    for name, check in {**_CHECKS, **checks}.items():
        report["running"] = name
        _write(file, report)
        report["checks"][name] = _tried(check)
    report["running"] = None
    report["ok"] = all(each["ok"] for each in report["checks"].values())
    _write(file, report)
    return 0 if report["ok"] else 1


def _write(file: Path, report: Mapping[str, object]) -> None:
    write_whole(file, json.dumps(report, ensure_ascii=False, indent=2, default=str).encode())


def _tried(check: Check) -> dict[str, Any]:
    started = time.perf_counter()
    error, found = None, {}
    try:
        found = check()
    except Exception as failure:  # noqa: BLE001 - a self-test tells what fails, whatever it is
        error = f"{type(failure).__name__}: {failure}"
    return {"ok": error is None, "seconds": round(time.perf_counter() - started, 3), "error": error, **found}


def _program() -> dict[str, object]:
    return {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "frozen": bool(getattr(sys, "frozen", False)),
    }


def _resources() -> dict[str, object]:
    """Every folder is there, and words can be read."""
    folders = sorted(entry.name for entry in resources().iterdir())
    if missing := _FOLDERS.difference(folders):
        raise FileNotFoundError(f"{resources()} lacks {', '.join(sorted(missing))}")
    return {"place": str(resources()), "folders": folders, "languages": languages(), "words": len(catalogue(FALLBACK))}


def _database() -> dict[str, object]:
    """An embedded database is made with its schema, written to, and read."""
    with tempfile.TemporaryDirectory(prefix="firstline-selftest-") as folder:
        database = open_database(f"sqlite:///{Path(folder, 'selftest.db')}", SystemClock())
        try:
            upgrade(database)
            written = staff.add_first_agent(database, staff.system_actor(), "selftest@firstline.example")
            read = staff.agents(database)
        finally:
            database.close()
    if [each.mail for each in read] != [written.mail]:
        raise ValueError(f"wrote {written.mail}, read {[each.mail for each in read]}")
    return {"engine": "sqlite", "rows": len(read)}


def _postgres() -> dict[str, object]:
    """The client of the shared database is there. Its server is nothing that a self-test may count on."""
    client = import_module("psycopg.pq")
    import_module("sqlalchemy.dialects.postgresql.psycopg")
    return {"libpq": client.version(), "implementation": client.__impl__}


def _keyring() -> dict[str, object]:
    """A secret is kept and found, where a keyring protects it. A headless machine has none, and that is no defect."""
    secrets, name, value = Secrets({}), f"selftest/{uuid4()}", str(uuid4())
    known = sorted(each.name for each in get_all_keyring())
    backend = secrets.describe()
    if backend is None:
        return {"backend": None, "usable": False, "known": known}
    secrets.set(name, value)
    try:
        found = secrets.get(name)
    finally:
        secrets.forget(name)
    if found != value:
        raise ValueError(f"{backend} does not give back what it was given")
    return {"backend": backend, "usable": True, "known": known}


def _tls() -> dict[str, object]:
    """Certificates are checked against authorities that this machine knows, and a handshake can begin."""
    context = ssl.create_default_context()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):  # it is the server's turn
        context.wrap_bio(incoming, outgoing, server_hostname="firstline.example").do_handshake()
    authorities = len(context.get_ca_certs()) or _authorities_in_folder()
    if not (context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname and outgoing.pending and authorities):
        raise ssl.SSLError(f"{authorities} certificate authorities, {context.verify_mode!r}")
    return {"library": ssl.OPENSSL_VERSION, "authorities": authorities, "first_bytes": outgoing.pending}


def _authorities_in_folder() -> int:
    """OpenSSL looks into a folder of hashed names when it needs one, so the context counts none of them."""
    folder = ssl.get_default_verify_paths().capath
    return len(list(Path(folder).glob("*.[0-9]"))) if folder else 0


def _channels() -> dict[str, object]:
    """Every connector can be imported with all that it needs, and so can signing in and finding a mailbox."""
    kinds = [registry.manifest(kind).kind for kind in registry.kinds()]
    for kind in kinds:
        import_module(registry.connector_module(kind))
    for module in _LATER:
        import_module(f"app.services.{module}")
    dns.rrset.from_text("firstline.example", 60, "IN", "MX", "0 mail.firstline.example.")  # found by name, as it runs
    return {"kinds": kinds}


_CHECKS: Mapping[str, Check] = {
    "resources": _resources,
    "database": _database,
    "postgres": _postgres,
    "keyring": _keyring,
    "tls": _tls,
    "channels": _channels,
}
