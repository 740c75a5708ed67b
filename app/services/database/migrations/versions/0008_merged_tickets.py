"""An index of merged tickets that holds these only"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = "ix_ticket_merged_into_id"
MERGED = sa.text("merged_into_id IS NOT NULL")


def upgrade() -> None:
    """SQLite looked into it for all that were not merged, rather than into the lists."""
    op.drop_index(NAME, "ticket")
    op.create_index(NAME, "ticket", ["merged_into_id"], sqlite_where=MERGED, postgresql_where=MERGED)
