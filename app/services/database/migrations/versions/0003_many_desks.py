"""What many desks on one database need: who connects as whom, and applications that not everybody sees"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has a login of the database yet, and every application is seen by all, as before."""
    op.add_column("agent", sa.Column("login", sa.Text()))
    op.create_index(op.f("uq_agent_login"), "agent", ["login"], unique=True)
    op.add_column("application", sa.Column("restricted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("ticket", sa.Column("handed_by_id", sa.Uuid()))
    _take_unsent_messages_along()


def _take_unsent_messages_along() -> None:
    """What is taken out of the outbox before it was tried was never said: its message goes with it.

    Done by the database, so that nobody needs the right to delete messages.
    """
    unsent = "old.state = 'queued' AND old.attempts = 0"
    deletions = (
        "DELETE FROM attachment WHERE message_id = old.message_id; DELETE FROM message WHERE id = old.message_id;"
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION desk_outbox_taken_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
            f"SET search_path FROM CURRENT AS $$ BEGIN {deletions} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER outbox_taken_back AFTER DELETE ON outbox FOR EACH ROW WHEN ({unsent}) "
            "EXECUTE FUNCTION desk_outbox_taken_back()"
        )
    else:
        op.execute(f"CREATE TRIGGER outbox_taken_back AFTER DELETE ON outbox WHEN {unsent} BEGIN {deletions} END")
