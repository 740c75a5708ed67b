"""Run by Alembic: migrates over the connection that `schema.upgrade` hands in, one transaction for all of it."""

from alembic import context

from app.models.tables import Table
from app.services.database.schema import ours

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    include_object=ours,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
