"""Scripts, what they run by, and their runs; as in `models.records.scripts` and `models.records.runs`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import JSON_TYPE, Table


class Script(Table):
    """One version of a script. `files` is what it is made of, as one archive; `sha256` that of its names and bytes,
    `files_sha256` that of the archive, by which the database itself sees that it was not altered.

    It runs once somebody approved it who is not its author, and until it is retired.
    """

    __tablename__ = "script"
    __table_args__ = (
        CheckConstraint(
            "approved_by_id IS NULL OR author_id IS NULL OR approved_by_id <> author_id", name="two_people"
        ),
        Index(None, "key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    version: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    files: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    manifest: Mapped[dict[str, Any]]
    role: Mapped[str]
    level: Mapped[int]
    needs_second: Mapped[bool]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    added_at: Mapped[datetime]
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    approved_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    files_sha256: Mapped[str]


class RemoteConnection(Table):
    """How targets are reached; its secrets lie in each computer's keyring. `saved_by_id` is who saved it last."""

    __tablename__ = "remote_connection"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    transport: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    user_name: Mapped[str] = mapped_column(default="")
    targets: Mapped[list[Any]] = mapped_column(default=list)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asks_password: Mapped[bool] = mapped_column(default=False)
    for_tests: Mapped[bool] = mapped_column(default=False)
    saved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))


class HostKey(Table):
    """A key that somebody confirmed for a host; `key` is a line of OpenSSH."""

    __tablename__ = "host_key"
    __table_args__ = (UniqueConstraint("host", "port", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    host: Mapped[str]
    port: Mapped[int]
    key: Mapped[str]
    by_id: Mapped[UUID | None]
    at: Mapped[datetime]


class ScriptRun(Table):
    """One use of a script. `parameters` are masked; `previews` are what was said would run, by target.

    `second_id` is who agreed to it where that is needed, or refused it with the words `refusal`.
    A `test` is its author's, of a script that nobody approved yet, and is no evidence on any ticket.
    """

    __tablename__ = "script_run"
    __table_args__ = (
        CheckConstraint("second_id IS NULL OR second_id <> agent_id", name="second_person"),
        CheckConstraint("NOT test OR ticket_id IS NULL", name="no_ticket"),
        Index(None, "ticket_id", "at"),
        Index(None, "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"))
    script_id: Mapped[UUID] = mapped_column(ForeignKey("script.id"))
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime]
    dry_run: Mapped[bool]
    test: Mapped[bool] = mapped_column(default=False)
    parameters: Mapped[dict[str, Any]]
    consent: Mapped[str] = mapped_column(default="")
    previews: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    second_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    second_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(default="", server_default="")


class ScriptRunTarget(Table):
    """What became of a run on one target. `seen_at` moves on while it runs: one that stands still was lost.

    `message_id` is the note on the ticket, which has the files.
    """

    __tablename__ = "script_run_target"
    __table_args__ = (UniqueConstraint("run_id", "target"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("script_run.id"))
    target: Mapped[str]
    as_whom: Mapped[str]
    connection_id: Mapped[UUID | None]
    outcome: Mapped[str]
    remote: Mapped[str]
    exit_code: Mapped[int | None]
    problem: Mapped[str] = mapped_column(default="")
    problem_facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    started_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    head: Mapped[str] = mapped_column(default="")
    document: Mapped[Any] = mapped_column(JSON_TYPE, nullable=True, default=None)
    message_id: Mapped[UUID | None]
