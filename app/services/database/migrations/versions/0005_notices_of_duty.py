"""Mails that belong to no ticket, and hand-overs that were told of by one"""

import sqlalchemy as sa
from alembic import op

from app.models.tables.base import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No hand-over was told of by mail yet."""
    _let_mails_be_of_no_ticket()
    op.create_table(
        "duty_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_duty_notice_agent_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_duty_notice_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_notice")),
        sa.UniqueConstraint("team_id", "agent_id", "at", name=op.f("uq_duty_notice_team_id_agent_id_at")),
    )
    op.create_index(op.f("ix_duty_notice_at"), "duty_notice", ["at"], unique=False)


def _let_mails_be_of_no_ticket() -> None:
    """SQLite changes a column by making the table anew, which its triggers do not outlive."""
    triggers = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'outbox'"
    is_embedded = op.get_context().dialect.name == "sqlite"
    kept = op.get_bind().execute(sa.text(triggers)).scalars().all() if is_embedded else ()
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("ticket_id", existing_type=sa.Uuid(), nullable=True)
        outbox.alter_column("message_id", existing_type=sa.Uuid(), nullable=True)
    for each in kept:
        op.execute(each)
