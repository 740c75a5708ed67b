"""Scripts that help from afar, what they reach by, and their runs"""

import sqlalchemy as sa
from alembic import op

from app.models.tables.base import JSON_TYPE, Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There is no script yet."""
    _add_scripts()
    _add_reach()
    _add_runs()


def _add_scripts() -> None:
    op.create_table(
        "script",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("manifest", JSON_TYPE, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("retired_at", Instant(), nullable=True),
        sa.Column("files_sha256", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR author_id IS NULL OR approved_by_id <> author_id",
            name=op.f("ck_script_two_people"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["agent.id"], name=op.f("fk_script_approved_by_id")),
        sa.ForeignKeyConstraint(["author_id"], ["agent.id"], name=op.f("fk_script_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script")),
        sa.UniqueConstraint("sha256", name=op.f("uq_script_sha256")),
    )
    op.create_index(op.f("ix_script_key"), "script", ["key"], unique=False)


def _add_reach() -> None:
    op.create_table(
        "remote_connection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("targets", JSON_TYPE, nullable=False),
        sa.Column("options", JSON_TYPE, nullable=False),
        sa.Column("asks_password", sa.Boolean(), nullable=False),
        sa.Column("for_tests", sa.Boolean(), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["saved_by_id"], ["agent.id"], name=op.f("fk_remote_connection_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remote_connection")),
        sa.UniqueConstraint("name", name=op.f("uq_remote_connection_name")),
    )
    op.create_table(
        "host_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_key")),
        sa.UniqueConstraint("host", "port", "key", name=op.f("uq_host_key_host_port_key")),
    )


def _add_runs() -> None:
    op.create_table(
        "script_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("script_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("parameters", JSON_TYPE, nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("previews", JSON_TYPE, server_default="{}", nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("second_at", Instant(), nullable=True),
        sa.Column("refusal", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("second_id IS NULL OR second_id <> agent_id", name=op.f("ck_script_run_second_person")),
        sa.CheckConstraint("NOT test OR ticket_id IS NULL", name=op.f("ck_script_run_no_ticket")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_script_run_agent_id")),
        sa.ForeignKeyConstraint(["script_id"], ["script.id"], name=op.f("fk_script_run_script_id")),
        sa.ForeignKeyConstraint(["second_id"], ["agent.id"], name=op.f("fk_script_run_second_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_script_run_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_run")),
    )
    op.create_index(op.f("ix_script_run_ticket_id_at"), "script_run", ["ticket_id", "at"], unique=False)
    op.create_index(op.f("ix_script_run_at"), "script_run", ["at"], unique=False)
    op.create_table(
        "script_run_target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("as_whom", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("remote", sa.Text(), nullable=False),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("problem_facts", JSON_TYPE, nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("document", JSON_TYPE, nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["script_run.id"], name=op.f("fk_script_run_target_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_run_target")),
        sa.UniqueConstraint("run_id", "target", name=op.f("uq_script_run_target_run_id_target")),
    )
