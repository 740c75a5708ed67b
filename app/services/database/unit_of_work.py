"""One door to the data: `db.read()` for looking, `db.write(actor)` for changing.

A write commits once, at its end, with the audit entries and the change entries in the same transaction; leaving
it by an exception rolls all of it back. Services never commit.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event, insert
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.models.clock import Clock
from app.models.errors import DatabaseError
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.rules.audit_chain import digest
from app.models.tables import Audit, Change
from app.services.database import age
from app.services.database.engine import WRITES
from app.services.database.faults import told_in_words
from app.services.database.reach import Reach
from app.services.database.sight import hide, narrow


@dataclass
class Work:
    """What a write is made of. Use `session` to read and change rows; tell of each change, and audit it."""

    session: Session
    actor: Actor
    now: datetime
    _audit: list[dict[str, Any]] = field(default_factory=list)
    _changes: dict[tuple[str, str], UUID | None] = field(default_factory=dict)
    _at_the_end: dict[Callable[["Work", Set[UUID]], None], set[UUID]] = field(default_factory=dict)

    def at_the_end(self, do: Callable[["Work", Set[UUID]], None], subject_id: UUID) -> None:
        """Have `do` done once, before the commit, with all subjects that were named for it: it sees what has become of
        them in the end."""
        self._at_the_end.setdefault(do, set()).add(subject_id)

    def changed(self, topic: str, subject_id: UUID | str, ticket_id: UUID | None = None) -> None:
        """Other desks should look again at the row `subject_id` of `topic`. Told once however often it is said."""
        self._changes[topic, str(subject_id)] = ticket_id

    def audit(
        self,
        action: str,
        subject_id: UUID | None,
        *,
        ticket_id: UUID | None = None,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> UUID:
        """Write down that the actor did `action`; `before` and `after` hold the fields it changed.

        Returns the entry's identity, by which it can be undone.
        """
        entry = new_id()
        self._audit.append(
            {
                "id": entry,
                "at": self.now,
                "actor": self.actor.name,
                "actor_id": self.actor.id,
                "desk": self.actor.desk,
                "action": action,
                "subject_id": subject_id,
                "ticket_id": ticket_id,
                "before": plain(before or {}),
                "after": plain(after or {}),
            }
        )
        return entry

    def finish(self) -> None:
        """Write what is left to be written, with what is to be done at the end."""
        self.session.flush()
        while self._at_the_end:
            do = next(iter(self._at_the_end))
            do(self, self._at_the_end.pop(do))
            self.session.flush()

    def flush_log(self) -> None:
        """Write the audit and the change entries, unless the schema is another program's by now; the last thing before
        the commit."""
        transaction = age.hold(self.session)
        if self._audit:
            rows = [each | {"transaction": transaction, "digest": digest(each)} for each in self._audit]
            self.session.execute(insert(Audit), rows)
        if self._changes:
            rows = [
                {"transaction": transaction, "at": self.now, "topic": topic, "subject_id": subject, "ticket_id": ticket}
                for (topic, subject), ticket in self._changes.items()
            ]
            self.session.execute(insert(Change), rows)
        age.confirm(self.session, ring=bool(self._changes))

    @property
    def is_empty(self) -> bool:
        """Whether the database was neither asked nor told anything."""
        return not (self._audit or self._changes or self.session.in_transaction())


class Database:
    """An open database. Safe to use from several threads; each `read` and `write` has a connection of its own."""

    def __init__(self, engine: Engine, clock: Clock, viewer: Actor | None = None, reach: Reach | None = None) -> None:
        self.engine = engine
        self.clock = clock
        self.reach = reach
        self._viewer = viewer
        self._writing = engine.execution_options(**{WRITES: True})

    def as_seen_by(self, viewer: Actor) -> "Database":
        """The same database without what `viewer` may not see: not a row of it, not even in a count."""
        return Database(self.engine, self.clock, viewer, self.reach)

    @property
    def is_shared(self) -> bool:
        """Whether other machines may be on it as well."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A look at the data. Nothing in it is kept."""
        with self._look(self.engine) as session:
            yield session

    @contextmanager
    def read_at_one_moment(self) -> Iterator[Session]:
        """A look that takes its time: each of its statements sees what the first one saw, whoever writes meanwhile."""
        at_one_moment = {"isolation_level": "REPEATABLE READ"} if self.is_shared else {}  # on SQLite each look does
        with self._look(self.engine.execution_options(**at_one_moment)) as session:
            yield session

    @contextmanager
    def write(self, actor: Actor) -> Iterator[Work]:
        """A change by `actor`, all or nothing. Raises `DatabaseError` where the world does not let it commit."""
        with self._reached(writing=True), Session(self._writing, expire_on_commit=False) as session:
            self._narrow(session)
            work = Work(session, actor, self.clock.now())
            yield work
            work.finish()
            if not work.is_empty:
                work.flush_log()
            self._answered(session)
            session.commit()

    @contextmanager
    def _look(self, engine: Engine) -> Iterator[Session]:
        with self._reached(writing=False), Session(engine, autoflush=False) as session:
            self._narrow(session)
            yield session
            self._answered(session)

    @contextmanager
    def _reached(self, *, writing: bool) -> Iterator[None]:
        """Ask nothing of a database that is known to be away, and note what became of what was asked."""
        asking = self.reach.asking(writing=writing) if self.reach is not None else nullcontext()
        try:
            with asking, told_in_words():
                yield
        except DatabaseError as error:
            if self.reach is not None:
                self.reach.failed(error, writing=writing)
            raise
        except StatementError as error:  # a bug of ours, unless the schema is another program's by now
            with told_in_words(), self.engine.connect() as connection:
                if not age.is_upgraded(connection):
                    raise
            raise DatabaseError(age.UPGRADED) from error

    def _answered(self, session: Session) -> None:
        """Whoever asked nothing has heard nothing either."""
        if self.reach is not None and session.in_transaction():
            self.reach.answered()

    def _narrow(self, session: Session) -> None:
        if self._viewer is not None:
            hide(session, self._viewer)
            event.listen(session, "do_orm_execute", narrow)

    def close(self) -> None:
        """Let go of all connections: those in use on another thread as soon as it is through with them."""
        event.listen(self.engine, "checkin", lambda _raw, entry: entry.invalidate())
        self.engine.dispose()


def plain(facts: Mapping[str, object]) -> dict[str, Any]:
    """`facts` as JSON can hold them."""
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    return value
