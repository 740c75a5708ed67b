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
