"""A shared database's backup: PostgreSQL's own pg_dump, which knows best, run where it is found."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, text

from app.models.errors import DatabaseError, KnownError
from app.services.database import Database
from app.services.whole_file import whole_file


def dump(database: Database, target: Path) -> int:
    """Dump the database to a new file in pg_dump's custom format, and read it back; its size in bytes.

    `KnownError`: `backup.exists`, `backup.no_pg_dump` (with the line to use elsewhere), `backup.pg_dump_old`,
    `backup.dump_failed`.
    """
    if target.exists():
        raise KnownError("backup.exists", file=target)
    program = shutil.which("pg_dump")
    if program is None:
        raise KnownError("backup.no_pg_dump", line=dump_line(database, target))
    _require_new_enough(database, program)
    url = database.engine.url
    with whole_file(target) as unfinished:
        _run([program, *_told(url, unfinished)], url)
        reader = shutil.which("pg_restore", path=str(Path(program).parent)) or "pg_restore"
        _run([reader, "--list", str(unfinished)], url)
    return target.stat().st_size


def dump_line(database: Database, target: Path) -> str:
    """What to type where pg_dump is. It asks for the password, or takes it from ~/.pgpass."""
    return " ".join(["pg_dump", *_told(database.engine.url, target)]).replace(" --no-password", "")


def restore_line(database: Database, source: Path) -> str:
    """What to type to fill an empty database from a dump; `firstline init` makes the groups and the rights anew."""
    return f"pg_restore --no-owner --no-privileges --exit-on-error -d {_address(database.engine.url)} {source}"


def _told(url: URL, target: Path) -> list[str]:
    return ["--format=custom", "--no-password", f"--file={target}", f"--dbname={_address(url)}"]


def _address(url: URL) -> str:
    """Without the password, which others on this machine could read in the list of processes."""
    return url._replace(password=None, drivername="postgresql").render_as_string(hide_password=False)


def _require_new_enough(database: Database, program: str) -> None:
    """An older pg_dump refuses a newer server, in words that help nobody."""
    with database.read() as session:
        server = int(session.scalar(text("SELECT current_setting('server_version_num')::int / 10000")) or 0)
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    ours = next((each.partition(".")[0] for each in said.split() if each[:1].isdigit()), "0")
    if not ours.isdigit() or int(ours) < server:
        raise KnownError("backup.pg_dump_old", found=said.strip() or program, server=server)


def _run(command: list[str], url: URL) -> None:
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    done = subprocess.run(  # noqa: S603 - our own arguments, without a shell
        command, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        told = done.stderr.strip().splitlines() or [str(done.returncode)]
        raise DatabaseError("backup.dump_failed", program=Path(command[0]).name, detail=told[-1])
