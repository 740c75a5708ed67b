"""Whose cursor it is that a channel was read up to"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No channel moved to another kind yet: each cursor is of the kind that its channel has."""
    op.add_column("channel_state", sa.Column("kind", sa.Text(), nullable=True))
    op.execute("UPDATE channel_state SET kind = (SELECT kind FROM channel WHERE channel.id = channel_state.channel_id)")
