"""Where words of people are kept, and what is put in their place. Each function is a part of one write."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from app.models.errors import KnownError, NotAllowed
from app.models.records.desk import Actor
from app.models.records.tickets import Delivery
from app.models.rules.permissions import Action, may
from app.models.tables import Attachment, Blob, Message, Outbox, Ticket
from app.services.database import Database
from app.services.database.rights import login_of

AT_ONCE = 500


class Unwanted(Exception):
    """It was only to be seen what there is: leaves the transaction without a commit."""


def require(database: Database, actor: Actor) -> None:
    """`NotAllowed` `not_allowed.administer`; `not_allowed.owner` on a shared database, which lets nobody else do it."""
    if not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")
    with database.read() as session:
        login = login_of(session)
    if login is not None and not login.is_owner:
        raise NotAllowed("not_allowed.owner")


def some_of(ids: Collection[Any]) -> Iterator[list[Any]]:
    """As many at a time as one statement takes."""
    rest = iter(ids)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def nothing_waits(session: Session, tickets: Collection[UUID]) -> None:
    """`KnownError` `erasure.mail_waits` where a mail of these tickets is still to be sent: its bytes are needed."""
    waiting = (Delivery.QUEUED.value, Delivery.SENDING.value)
    for some in some_of(tickets):
        query = select(Ticket.number).join(Outbox, Outbox.ticket_id == Ticket.id)
        number = session.scalar(query.where(Ticket.id.in_(some), Outbox.state.in_(waiting)).limit(1))
        if number is not None:
            raise KnownError("erasure.mail_waits", number=number)


def drop_files(session: Session, attachments: Sequence[tuple[UUID, str]]) -> int:
    """Drop attachments, told by (id, sha256), and the bytes that no other has; how many bytes' that were."""
    for some in some_of([each for each, _ in attachments]):
        session.execute(delete(Attachment).where(Attachment.id.in_(some)))
    dropped = 0
    for some in some_of({sha256 for _, sha256 in attachments}):
        left = select(Attachment.id).where(Attachment.sha256 == Blob.sha256).exists()
        gone = delete(Blob).where(Blob.sha256.in_(some), ~left).returning(Blob.sha256)
        dropped += len(session.scalars(gone).all())
    return dropped


def rewrite(session: Session, values: Mapping[UUID, Mapping[str, object]]) -> None:
    """Give messages other fields."""
    if values:
        session.execute(update(Message), [{"id": each, **fields} for each, fields in values.items()])


def search_anew(session: Session, messages: Collection[UUID]) -> None:
    """PostgreSQL's words follow by themselves; SQLite's index is read once, since it knows no message's place."""
    if session.get_bind().dialect.name == "postgresql" or not messages:
        return
    session.connection().exec_driver_sql("CREATE TEMP TABLE IF NOT EXISTS reworded (id TEXT PRIMARY KEY)")
    session.execute(text("DELETE FROM reworded"))
    session.execute(text("INSERT INTO reworded VALUES (:id)"), [{"id": each.hex} for each in messages])
    session.execute(text("DELETE FROM message_search WHERE message_id IN (SELECT id FROM reworded)"))
    session.execute(
        text(
            "INSERT INTO message_search (message_id, subject, author, text) SELECT id, subject, "
            "author || ' ' || coalesce(author_address, ''), text FROM message WHERE id IN (SELECT id FROM reworded)"
        )
    )
    session.execute(text("DELETE FROM reworded"))


def overwrite_what_goes(session: Session) -> None:
    """On SQLite what is deleted stays in the file's free pages unless this is asked for."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")


def leave_nothing(database: Database, actor: Actor) -> None:
    """On SQLite: merge the indexes, whose older parts still hold the words, and empty the write-ahead log."""
    if database.is_shared:
        return
    with database.write(actor) as work:
        overwrite_what_goes(work.session)
        for index in ("message_search", "person_search", "identity_search"):
            work.session.execute(text(f"INSERT INTO {index} ({index}) VALUES ('optimize')"))  # noqa: S608 - names
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def raw_of(session: Session, tickets: Collection[UUID]) -> int:
    """Drop the bytes of the mails that were sent from these tickets; how many there were."""
    dropped = 0
    for some in some_of(tickets):
        there = (Outbox.ticket_id.in_(some), func.length(Outbox.raw) > 0)
        gone = update(Outbox).where(*there).values(raw=b"").returning(Outbox.id)
        dropped += len(session.scalars(gone).all())
    return dropped
