"""Full-text search in the database's own index: tsvector with GIN on PostgreSQL, FTS5 on SQLite.

Words are joined by AND, "quoted words" are a phrase, -word leaves out, and the last word may be unfinished.
"""

import re
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    Uuid,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
)

from app.models.tables import Identity, Message, Person, Ticket

_TERM = re.compile(r'(-?)(?:"([^"]+)"|(\S+))')
_WORD = re.compile(r"[^\W_]+")
_FTS = table("message_search", column("message_id", Uuid()))


def tickets_with(words: str, dialect: str) -> Select[UUID]:
    """A query for the ids of tickets that hold `words` somewhere in their conversation.

    Where there are only words to leave out, those that hold none of them in any message.
    """
    terms = _terms(words)
    if terms and all(negative for negative, _ in terms):
        holding = _tickets_of(_any_of([split for _, split in terms], dialect), dialect)
        return select(Ticket.id).where(Ticket.id.not_in(holding))
    if not terms:
        return select(Ticket.id).where(false())
    return _tickets_of(_postgres(terms) if dialect == "postgresql" else _sqlite(terms), dialect)


def people_named(words: str, dialect: str) -> ColumnElement[bool]:
    """That a person's name, or one of their identities, has words that begin as each of `words` does."""
    beginnings = _WORD.findall(words)
    if not beginnings:
        return false()
    if dialect == "postgresql":
        query = _query(" & ".join(f"'{each}':*" for each in beginnings))
        named = _vector(Person.name).op("@@", is_comparison=True)(query)
        known = _vector(_in_words(Identity.value)).op("@@", is_comparison=True)(query)
        return or_(named, Person.id.in_(select(Identity.person_id).where(known)))
    found = " ".join(f'"{each}"*' for each in beginnings)
    people, identities = (table(f"{each}_search", column("id", Uuid())) for each in ("person", "identity"))
    named_ids = select(people.c.id).where(literal_column("person_search").op("MATCH", is_comparison=True)(found))
    known_ids = select(identities.c.id).where(literal_column("identity_search").op("MATCH", is_comparison=True)(found))
    owners = select(Identity.person_id).where(Identity.id.in_(known_ids))
    return or_(Person.id.in_(named_ids), Person.id.in_(owners))


def _in_words(column_: Any) -> ColumnElement[Any]:
    """An address as words, which PostgreSQL would take for one."""
    return func.translate(column_, literal_column("'@.-_+'"), literal_column("'     '"))


def _vector(column_: Any) -> ColumnElement[Any]:
    """Written as the index is, so that the planner knows it again."""
    return func.to_tsvector(literal_column("'simple'"), func.desk_folded(column_))


def _query(words: str) -> ColumnElement[Any]:
    """Folded as what is searched is: the database's own collation may know nothing of Ä."""
    return func.to_tsquery("simple", func.desk_folded(cast(literal(words), Text)))


def _any_of(phrases: list[list[str]], dialect: str) -> str:
    if dialect == "postgresql":
        return " | ".join("(" + " <-> ".join(f"'{each}'" for each in split) + ")" for split in phrases)
    return " OR ".join(f'"{" ".join(split)}"' for split in phrases)


def _tickets_of(query: str, dialect: str) -> Select[UUID]:
    """The tickets of messages that answer a query in the language of the engine's index."""
    if dialect == "postgresql":  # it is asked by `rights`, on behalf of those who may not read all of it
        return select(func.desk_tickets_with(_query(query), type_=Uuid()))
    match = literal_column("message_search").op("MATCH", is_comparison=True)(query)
    return select(Message.ticket_id).where(Message.id.in_(select(_FTS.c.message_id).where(match))).distinct()


def _terms(words: str) -> list[tuple[bool, list[str]]]:
    """(left out?, its words) for each term; a term of punctuation alone is dropped."""
    found = []
    for minus, phrase, word in _TERM.findall(words):
        split = _WORD.findall(phrase or word)
        if split:
            found.append((bool(minus), split))
    return found


def _postgres(terms: list[tuple[bool, list[str]]]) -> str:
    parts = []
    for index, (negative, split) in enumerate(terms):
        unfinished = ":*" if index == len(terms) - 1 and not negative else ""
        phrase = " <-> ".join([*(f"'{each}'" for each in split[:-1]), f"'{split[-1]}'{unfinished}"])
        parts.append(f"{'!' if negative else ''}({phrase})")
    return " & ".join(parts)


def _sqlite(terms: list[tuple[bool, list[str]]]) -> str:
    wanted = [split for negative, split in terms if not negative]
    left_out = [split for negative, split in terms if negative]
    phrases = [f'"{" ".join(split)}"' for split in wanted]
    if terms and not terms[-1][0]:
        phrases[-1] += "*"
    query = " AND ".join(phrases)
    return query + "".join(f' NOT "{" ".join(split)}"' for split in left_out)
