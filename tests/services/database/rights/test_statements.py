"""What a person gets away with who has a password and psql: what the window lets them do, and no more."""

from itertools import product
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from app.models.identifiers import new_id
from app.models.rules.permissions import Action, may
from app.models.tables import Table
from app.services.database.rights import GRANTS, POLICIES
from tests.fixtures.people import SharedDesk

MESSAGE = (
    "INSERT INTO message (id, ticket_id, kind, mail_kind, at, stored_at, author, "
    'agent_id, "to", cc, reply_to, subject, text, folded, reasons) VALUES ({new}, '
)
_NOW = "pg_current_xact_id()::text::bigint)"
_REST = "'[]', '[]', '[]', '', 'x', '', '[]')"
AUDIT = "INSERT INTO audit (id, at, actor, actor_id, desk, action, subject_id, ticket_id, before, after, transaction) "

DUTY = (
    "INSERT INTO duty_override (id, team_id, agent_id, since, until, note) "
    "SELECT {{new}}, id, {{ann}}, now(), now() + interval '1 day', '' FROM team WHERE name = '{}'"
)

FORBIDDEN: tuple[tuple[str, str], ...] = (
    # tickets of others
    ("ann", "UPDATE ticket SET assignee_id = {ann} WHERE id = {other}"),
    ("ann", "UPDATE ticket SET assignee_id = NULL WHERE id = {other}"),
    ("ann", "UPDATE ticket SET assignee_id = {ann} WHERE id = {team}"),
    ("ann", "UPDATE ticket SET owner_id = {ann} WHERE id = {other}"),
    ("ann", "UPDATE ticket SET status = 'closed' WHERE id = {other}"),
    ("ann", "UPDATE ticket SET priority = 1 WHERE id = {other}"),
    ("ann", "UPDATE ticket SET team_id = NULL WHERE id = {other}"),
    ("ann", "UPDATE ticket SET subject = 'mine' WHERE id = {other}"),
    ("ann", "UPDATE ticket SET due_at = NULL, unanswered_since = now() WHERE id = {other}"),
    ("ann", "UPDATE ticket SET handed_by_id = {ann}, assignee_id = {ann} WHERE id = {other}"),
    ("ann", "UPDATE ticket SET reply_token = 'known' WHERE id = {mine}"),
    ("ann", "UPDATE ticket SET number = 99 WHERE id = {mine}"),
    ("ann", "UPDATE ticket SET opened_at = now() WHERE id = {mine}"),
    ("ann", "DELETE FROM ticket WHERE id = {mine}"),
    ("sue", "DELETE FROM ticket WHERE id = {mine}"),
    ("tom", "DELETE FROM ticket WHERE id = {mine}"),
    ("ann", "INSERT INTO ticket_tag (ticket_id, tag_id) SELECT {other}, id FROM tag"),
    # what is restricted
    ("ann", "SELECT FROM ticket WHERE id = {hidden}"),
    ("sue", "SELECT FROM ticket WHERE id = {hidden}"),
    ("ann", "SELECT FROM message WHERE ticket_id = {hidden}"),
    ("ann", "SELECT FROM message WHERE text LIKE 'hidden%%'"),
    ("ann", "SELECT FROM outbox WHERE ticket_id = {hidden}"),
    ("ann", "SELECT FROM audit WHERE ticket_id = {hidden}"),
    ("ann", "SELECT FROM change WHERE ticket_id = {hidden}"),
    ("ann", "SELECT desk_tickets_with(to_tsquery('simple', 'hidden'))"),
    ("ann", "UPDATE ticket SET assignee_id = {ann} WHERE id = {hidden}"),
    ("ann", "UPDATE message SET ticket_id = {mine} WHERE ticket_id = {hidden}"),
    ("ann", "UPDATE message SET ticket_id = {hidden} WHERE ticket_id = {mine}"),
    ("ann", "INSERT INTO participant (ticket_id, address) VALUES ({hidden}, 'x@y.example')"),
    ("ann", "INSERT INTO ticket_link (ticket_id, other_id, kind) VALUES ({mine}, {hidden}, 'related')"),
    # what was said, and what was written down
    ("ann", "UPDATE message SET text = 'never said' WHERE ticket_id = {mine}"),
    ("tom", "UPDATE message SET text = 'never said' WHERE ticket_id = {mine}"),
    ("bob", "DELETE FROM message WHERE ticket_id = {team}"),
    ("bob", "DELETE FROM outbox WHERE ticket_id = {team}"),
    ("bob", "UPDATE outbox SET state = 'queued' WHERE ticket_id = {team}"),
    ("bob", "UPDATE outbox SET recipients = '[]' WHERE ticket_id = {team}"),
    ("ann", "UPDATE message SET ticket_id = ticket_id WHERE ticket_id = {mine}"),
    ("ann", MESSAGE + "{mine}, 'note', 'mail', now(), now(), 'Bob', {bob}, " + _REST),
    ("ann", MESSAGE + "{mine}, 'mail_in', 'mail', now(), now(), 'C', {ann}, " + _REST),
    ("ann", "UPDATE audit SET after = '{{}}'"),
    ("tom", "UPDATE audit SET after = '{{}}'"),
    ("ann", "DELETE FROM audit"),
    ("tom", "DELETE FROM audit"),
    ("tom", "TRUNCATE audit"),
    ("ann", "DELETE FROM change"),
    ("tom", "DELETE FROM change WHERE topic = 'fresh'"),
    ("ann", "UPDATE change SET topic = 'x'"),
    ("ann", "INSERT INTO change (transaction, at, topic, subject_id) VALUES (9223372036854775807, now(), 'x', 'x')"),
    # people and the desk itself
    ("ann", "UPDATE agent SET role = 'administrator' WHERE id = {ann}"),
    ("sue", "UPDATE agent SET role = 'administrator' WHERE id = {sue}"),
    ("ann", "UPDATE agent SET login = 'postgres' WHERE id = {ann}"),
    ("ann", "UPDATE agent SET away_from = now() WHERE id = {bob}"),
    ("ann", "INSERT INTO agent (id, name, mail, role, active) VALUES ({new}, 'X', 'x@y.example', 'agent', true)"),
    ("ann", "INSERT INTO membership (agent_id, team_id) SELECT {ann}, id FROM team WHERE name = 'Payroll'"),
    ("sue", "INSERT INTO membership (agent_id, team_id) SELECT {sue}, id FROM team WHERE name = 'Payroll'"),
    ("ann", "UPDATE application SET restricted = false"),
    ("sue", "UPDATE application SET restricted = false"),
    ("ann", "UPDATE channel SET address = 'me@elsewhere.example'"),
    ("ann", DUTY.format("Payroll")),
    ("bob", DUTY.format("Service Desk")),
    ("sue", "INSERT INTO team (id, name, level) VALUES ({new}, 'Mine', 1)"),
    ("ann", "DELETE FROM routing_rule"),
    ("ann", "SELECT FROM quarantine"),
    ("ann", "SELECT FROM receipt"),
    ("ann", "UPDATE lease SET fence = 99"),
    ("ann", "INSERT INTO lease (name, holder, fence, expires_at) VALUES ('x', 'x', 1, now())"),
    ("ann", "INSERT INTO saved_view (id, name, position, filter) VALUES ({new}, 'Everybody', 1, '{{}}')"),
    ("ann", "INSERT INTO saved_view (id, agent_id, name, position, filter) VALUES ({new}, {bob}, 'Hers', 1, '{{}}')"),
    ("ann", "INSERT INTO canned_reply (id, name, shortcut, html) VALUES ({new}, 'X', '', '')"),
    ("ann", "INSERT INTO presence (session, agent_id, typing, seen_at) VALUES ({new}, {bob}, false, now())"),
    # the server
    ("ann", "SELECT desk_admit('ann2', NULL)"),
    ("sue", "SELECT desk_dismiss('x')"),
    ("ann", "SELECT desk_employ('ann2', NULL)"),
    ("tom", "SELECT desk_admit('postgres', 'SCRAM-SHA-256$4096:YQ==$YQ==:YQ==')"),
    ("tom", "CREATE ROLE mallory LOGIN"),
    ("ann", "ALTER TABLE ticket DISABLE ROW LEVEL SECURITY"),
    ("tom", "ALTER TABLE audit DISABLE TRIGGER ALL"),
    ("ann", "CREATE TABLE mine (id int)"),
    ("ann", "CREATE TEMPORARY TABLE agent (id uuid, login text, role text, active boolean)"),
    ("ann", "SET ROLE {group:administrator}"),
    ("ann", "SET SESSION AUTHORIZATION postgres"),
    ("ann", "SELECT setval('ticket_number', 1)"),
    ("ann", "CREATE OR REPLACE FUNCTION desk_role() RETURNS text LANGUAGE sql AS $$ SELECT 'owner' $$"),
    # the worker carries mail, and that is all
    ("worker", "UPDATE agent SET role = 'administrator'"),
    ("worker", "UPDATE channel SET address = 'me@elsewhere.example'"),
    ("worker", "DELETE FROM audit"),
    ("worker", "DELETE FROM message"),
    ("worker", "INSERT INTO team (id, name, level) VALUES ({new}, 'Mine', 1)"),
    ("worker", "UPDATE application SET restricted = false"),
)  # fmt: skip

ALLOWED: tuple[tuple[str, str], ...] = (
    ("ann", "UPDATE ticket SET assignee_id = {ann} WHERE id = {free}"),
    ("ann", "UPDATE ticket SET assignee_id = {bob} WHERE id = {mine}"),
    ("ann", "UPDATE ticket SET status = 'solved', closed_at = now() WHERE id = {team}"),
    ("ann", "UPDATE ticket SET team_id = NULL, assignee_id = NULL WHERE id = {team}"),
    ("ann", "UPDATE ticket SET unread = 0 WHERE id = {other}"),
    ("ann", "UPDATE message SET ticket_id = {mine} WHERE ticket_id = {other} AND kind = 'mail_in'"),
    ("ann", "SELECT FROM message WHERE text LIKE 'other%%'"),
    ("ann", "SELECT desk_tickets_with(to_tsquery('simple', 'zebra'))"),
    ("ann", "UPDATE agent SET away_from = now() WHERE id = {ann}"),
    ("ann", MESSAGE + "{other}, 'note', 'mail', now(), now(), 'Ann', {ann}, " + _REST),
    ("ann", AUDIT + "VALUES ({new}, now(), 'Ann', {ann}, 'd', 'x', NULL, {mine}, '{{}}', '{{}}', " + _NOW),
    ("ann", DUTY.format("Service Desk")),
    ("sue", DUTY.format("Payroll")),
    ("sue", "UPDATE ticket SET assignee_id = {bob} WHERE id = {other}"),
    ("sue", "UPDATE agent SET away_from = now() WHERE id = {bob}"),
    ("sue", "INSERT INTO saved_view (id, name, position, filter) VALUES ({new}, 'Everybody', 1, '{{}}')"),
    ("pia", "SELECT FROM ticket WHERE id = {hidden}"),
    ("pia", "SELECT desk_tickets_with(to_tsquery('simple', 'hidden'))"),
    ("pia", "UPDATE ticket SET status = 'solved' WHERE id = {hidden}"),
    ("tom", "SELECT FROM ticket WHERE id = {hidden}"),
    ("tom", "UPDATE agent SET role = 'supervisor' WHERE id = {ann}"),
    ("tom", "SELECT FROM quarantine RIGHT JOIN team ON true"),
    ("worker", "SELECT FROM ticket WHERE id = {hidden}"),
    ("worker", "UPDATE ticket SET status = 'open', unread = unread + 1 WHERE id = {other}"),
    ("worker", "INSERT INTO lease (name, holder, fence, expires_at) VALUES ('x', 'x', 1, now())"),
)  # fmt: skip


def _rows(desk: SharedDesk, who: str, statement: str) -> int:
    """How many rows it read or wrote; -1 where it was refused."""
    database = desk.login("").removeprefix(".")
    names: dict[str, Any] = {name: sql.Literal(each) for name, each in desk.tickets.items()}
    names |= {name: sql.Literal(desk.agent(name).id) for name in ("ann", "bob", "sue")}
    names["new"] = sql.Literal(new_id())
    told = statement.replace("%%", "%")
    for group in ("administrator",):
        told = told.replace(f"{{group:{group}}}", f'"{database}_{group}"')
    with desk.connect(who) as connection:
        try:
            return connection.execute(sql.SQL(told).format(**names)).rowcount  # type: ignore[arg-type]
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReservedName):
            return -1


def test_everything_forbidden_is_refused(shared_desk: SharedDesk, subtests: pytest.Subtests) -> None:
    with shared_desk.owner.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO tag VALUES (gen_random_uuid(), 'a tag')")
        connection.exec_driver_sql(
            "INSERT INTO change (transaction, at, topic, subject_id) VALUES (1, now(), 'fresh', '')"
        )
    for who, statement in FORBIDDEN:
        with subtests.test(f"{who}: {statement}"):
            assert _rows(shared_desk, who, statement) < 1


@pytest.mark.parametrize("name", ["ann", "sue", "tom"])
def test_the_database_goes_by_the_table_of_rules(shared_desk: SharedDesk, name: str) -> None:
    database, actor = shared_desk.as_(name)
    assignees = (None, actor.id, shared_desk.agent("bob").id)
    teams = (None, *actor.teams, shared_desk.agent("pia").teams[0])
    asked = text("SELECT desk_may(:action, :assignee, :team, :handed_by)")
    with database.read() as session:
        for action, assignee, team, handed_by in product(Action, assignees, teams, assignees):
            told = {"action": action.value, "assignee": assignee, "team": team, "handed_by": handed_by}
            ours = may(actor, action, assignee=assignee, team=team, handed_by=handed_by)
            assert session.scalar(asked, told) is ours, told


def test_every_table_has_its_grants() -> None:
    assert set(GRANTS) == {*Table.metadata.tables, "alembic_version"}
    assert set(POLICIES) <= set(GRANTS)


def test_what_the_window_allows_is_allowed(shared_desk: SharedDesk, subtests: pytest.Subtests) -> None:
    for who, statement in ALLOWED:
        with subtests.test(f"{who}: {statement}"):
            assert _rows(shared_desk, who, statement) >= 1
