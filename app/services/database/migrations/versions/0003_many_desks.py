"""What many desks on one database need: who connects as whom, and applications that not everybody sees"""

import sqlalchemy as sa
from alembic import op

from app.models.rules.audit_chain import digest
from app.models.tables.base import JSON_TYPE, Instant

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
    op.add_column("ticket", sa.Column("erased_at", Instant()))
    op.create_index("ix_change_transaction", "change", ["transaction", "sequence"])
    _take_unsent_messages_along()
    _chain_the_audit()
    if op.get_context().dialect.name == "postgresql":
        _fold_what_is_searched()


def _chain_the_audit() -> None:
    """What was written so far gets its digests now, and is sealed with the next."""
    op.add_column("audit", sa.Column("transaction", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("audit", sa.Column("digest", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_audit_transaction", "audit", ["transaction", "sequence"])
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("entries", JSON_TYPE, nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
    )
    fields = [
        sa.column(name, type_)
        for name, type_ in (
            ("id", sa.Uuid()),
            ("at", Instant()),
            ("actor", sa.Text()),
            ("actor_id", sa.Uuid()),
            ("desk", sa.Text()),
            ("action", sa.Text()),
            ("subject_id", sa.Uuid()),
            ("ticket_id", sa.Uuid()),
            ("before", JSON_TYPE),
            ("after", JSON_TYPE),
        )
    ]
    audit = sa.table("audit", sa.column("sequence"), sa.column("digest"), *fields)
    connection, done = op.get_bind(), 0
    written = sa.update(audit).where(audit.c.sequence == sa.bindparam("at_place")).values(digest=sa.bindparam("made"))
    while rows := connection.execute(
        sa.select(audit).where(audit.c.sequence > done).order_by(audit.c.sequence).limit(1000)
    ).all():
        connection.execute(written, [{"at_place": each.sequence, "made": digest(each._asdict())} for each in rows])
        done = rows[-1].sequence


def _fold_what_is_searched() -> None:
    """Words are found in whatever case they are written.

    The database's own collation would not do: "C" knows no Ä, and in Turkish the small I is another letter.
    """
    op.execute(
        "CREATE FUNCTION desk_folded(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE "
        f'RETURN pg_catalog.lower(written COLLATE "{_folding()}")'
    )
    op.execute("ALTER TABLE message DROP COLUMN search")
    op.execute(
        "ALTER TABLE message ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', desk_folded(left("
        "subject || ' ' || author || ' ' || coalesce(author_address, '') || ' ' || text, 100000)))) STORED"
    )
    op.execute("CREATE INDEX ix_message_search ON message USING gin (search)")
    op.execute("DROP INDEX ix_person_search, ix_identity_search")
    op.execute("CREATE INDEX ix_person_search ON person USING gin (to_tsvector('simple', desk_folded(name)))")
    op.execute(
        "CREATE INDEX ix_identity_search ON identity USING gin "
        "(to_tsvector('simple', desk_folded(translate(value, '@.-_+', '     '))))"
    )


def _folding() -> str:
    """A collation of this server that knows the letters of all languages, and the manners of none."""
    there = sa.text(
        "SELECT collname FROM pg_collation WHERE collname = ANY (ARRAY['pg_c_utf8', 'C.utf8', 'C.UTF-8', 'und-x-icu']) "
        "AND collencoding IN (-1, 6) ORDER BY array_position("
        "ARRAY['pg_c_utf8', 'C.utf8', 'C.UTF-8', 'und-x-icu'], collname::text) LIMIT 1"
    )
    return str(op.get_bind().scalar(there) or "default")


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
