"""What the desk's window needs: deadlines, calls, mentions, canned replies, presence, absences, shared views"""

import sqlalchemy as sa
from alembic import op

from app.models.tables.base import JSON_TYPE, Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN = sa.text("status NOT IN ('solved', 'closed')")
LISTED_OPEN = sa.text("status NOT IN ('solved', 'closed') AND merged_into_id IS NULL")
LISTED_DONE = sa.text("status IN ('solved', 'closed') AND merged_into_id IS NULL")


def upgrade() -> None:
    """Old tickets have no deadline until their next message comes."""
    op.add_column("team", sa.Column("signature", sa.Text(), server_default="", nullable=False))
    op.add_column("agent", sa.Column("away_from", Instant()))
    op.add_column("agent", sa.Column("away_until", Instant()))
    op.add_column("saved_view", sa.Column("sort", sa.Text(), server_default="", nullable=False))
    op.add_column("saved_view", sa.Column("columns", JSON_TYPE, server_default="[]", nullable=False))
    op.add_column("ticket", sa.Column("unanswered_since", Instant()))
    op.add_column("ticket", sa.Column("due_at", Instant()))
    op.create_index("ix_ticket_open_due", "ticket", ["due_at", "id"], sqlite_where=OPEN, postgresql_where=OPEN)
    for name, where in (("open", LISTED_OPEN), ("done", LISTED_DONE)):
        index = f"ix_ticket_{name}_updated"
        op.drop_index(index, "ticket")
        op.create_index(index, "ticket", ["updated_at", "id"], sqlite_where=where, postgresql_where=where)
    _add_canned_replies()
    _add_presence()
    _add_mentions()
    _add_calls()
    if op.get_context().dialect.name == "postgresql":
        op.execute("CREATE INDEX ix_person_search ON person USING gin (to_tsvector('simple', name))")
        op.execute(
            "CREATE INDEX ix_identity_search ON identity USING gin "
            "(to_tsvector('simple', translate(value, '@.-_+', '     ')))"
        )
    else:
        _add_search_to_sqlite("person", "name")
        _add_search_to_sqlite("identity", "value")


def _add_search_to_sqlite(table: str, column: str) -> None:
    """A full-text index over one column, kept by triggers, and filled with what is there."""
    index = f"{table}_search"
    op.execute(
        f'CREATE VIRTUAL TABLE {index} USING fts5(id UNINDEXED, {column}, tokenize = "unicode61 remove_diacritics 2")'
    )
    insert = f"INSERT INTO {index} (id, {column})"
    drop = f"DELETE FROM {index} WHERE id = old.id;"  # noqa: S608 - names of ours
    new = f"{insert} VALUES (new.id, new.{column});"
    op.execute(f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {new} END")
    op.execute(f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {drop} END")
    op.execute(f"CREATE TRIGGER {index}_update AFTER UPDATE OF {column} ON {table} BEGIN {drop} {new} END")
    op.execute(f"{insert} SELECT id, {column} FROM {table}")  # noqa: S608


def _add_canned_replies() -> None:
    op.create_table(
        "canned_reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("shortcut", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Uuid()),
        sa.Column("agent_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_canned_reply_agent_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_canned_reply_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_reply")),
    )
    op.create_index(op.f("ix_canned_reply_agent_id"), "canned_reply", ["agent_id"])
    op.create_index(op.f("ix_canned_reply_team_id"), "canned_reply", ["team_id"])


def _add_presence() -> None:
    op.create_table(
        "presence",
        sa.Column("session", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid()),
        sa.Column("typing", sa.Boolean(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_presence_agent_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_presence_ticket_id")),
        sa.PrimaryKeyConstraint("session", name=op.f("pk_presence")),
    )
    op.create_index(op.f("ix_presence_agent_id"), "presence", ["agent_id"])
    op.create_index(op.f("ix_presence_ticket_id"), "presence", ["ticket_id"])


def _add_mentions() -> None:
    op.create_table(
        "mention",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("seen_at", Instant()),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_mention_agent_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_mention_message_id")),
        sa.PrimaryKeyConstraint("message_id", "agent_id", name=op.f("pk_mention")),
    )
    op.create_index("ix_mention_agent", "mention", ["agent_id", "at"])


def _add_calls() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid()),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_call_agent_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_call_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_call_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("message_id", name=op.f("uq_call_message_id")),
    )
    op.create_index(op.f("ix_call_agent_id"), "call", ["agent_id"])
    op.create_index(op.f("ix_call_person_id"), "call", ["person_id"])
