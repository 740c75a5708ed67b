"""What the database itself knows of people and rules: who this login is, what it may do, what it does not get to see.

The functions run with the rights of the tables' owner, so that a person needs no right to read what decides; none of
them takes a person's word for who they are: that is `session_user` alone. Triggers ask them before a ticket changes.
"""

from app.models.rules.permissions import RULES
from app.services.remote_help.library import built_in_digests

DEFINER = "SECURITY DEFINER SET search_path FROM CURRENT"


def functions() -> tuple[str, ...]:
    """Statements that make the functions, or bring them to this program's age."""
    return (_GROUP, _ROLE, _ME, _MY_TEAMS, _HIDDEN, _may(), _ships(), _FIND)


_GROUP = """
CREATE OR REPLACE FUNCTION desk_group(role text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_database() || '_' || role
"""
"""The group of a role. Groups are the whole server's, so each database has its own, named after it."""

_ROLE = f"""
CREATE OR REPLACE FUNCTION desk_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE {DEFINER} AS $$
SELECT CASE
  WHEN pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'ticket'::regclass), 'MEMBER')
    THEN 'owner'
  WHEN EXISTS (
    SELECT FROM pg_auth_members membership
    JOIN pg_roles one ON one.oid = membership.member
    JOIN pg_roles team ON team.oid = membership.roleid
    WHERE one.rolname = session_user AND team.rolname = desk_group('worker'))
    THEN 'worker'
  ELSE (SELECT role FROM agent WHERE login = session_user AND active)
END
$$
"""
"""Null for a login that is nobody of the staff. `owner` may everything: it is who made the database."""

_ME = f"""
CREATE OR REPLACE FUNCTION desk_me() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE {DEFINER} AS $$
SELECT id FROM agent WHERE login = session_user AND active
$$
"""

_MY_TEAMS = f"""
CREATE OR REPLACE FUNCTION desk_my_teams() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE {DEFINER} AS $$
SELECT coalesce(array_agg(team_id), '{{}}') FROM membership WHERE agent_id = desk_me()
$$
"""

_HIDDEN = f"""
CREATE OR REPLACE FUNCTION desk_hidden() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE {DEFINER} AS $$
SELECT CASE WHEN desk_role() IN ('owner', 'worker', 'administrator') THEN '{{}}'::uuid[] ELSE coalesce(
  (SELECT array_agg(id) FROM application
   WHERE restricted AND (team_id IS NULL OR team_id <> ALL (desk_my_teams()))), '{{}}')
END
$$
"""
"""The restricted applications that are none of this login's business."""


def _may() -> str:
    """`permissions.RULES`, as the database can ask it."""
    rules = ", ".join(
        f"('{role.value}', '{action.value}', '{each.value}')"
        for (role, action), allowed in RULES.items()
        for each in sorted(allowed)
    )
    return f"""
CREATE OR REPLACE FUNCTION desk_may(wanted text, assignee uuid, team uuid, handed_by uuid)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE {DEFINER} AS $$
SELECT coalesce(desk_role() IN ('owner', 'worker') OR EXISTS (
  SELECT FROM (VALUES {rules}) AS rule (role, action, standing)
  WHERE rule.role = desk_role() AND rule.action = wanted AND CASE rule.standing
    WHEN 'free' THEN assignee IS NULL
    WHEN 'mine' THEN assignee = desk_me()
    WHEN 'handed' THEN handed_by = desk_me()
    WHEN 'team' THEN team = ANY (desk_my_teams())
    ELSE true END), false)
$$
"""


def _ships() -> str:
    """Which scripts came with the program, and so have no author here: anybody may approve them."""
    digests = ", ".join(f"'{each}'" for each in sorted(built_in_digests()))
    return f"""
CREATE OR REPLACE FUNCTION desk_ships(sha256 text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256 = ANY (ARRAY[{digests}]::text[])
"""


_FIND = f"""
CREATE OR REPLACE FUNCTION desk_tickets_with(wanted tsquery) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000 {DEFINER} AS $$
DECLARE
  hidden uuid[] := desk_hidden();
  teams uuid[] := desk_my_teams();
  me uuid := desk_me();
BEGIN
  IF desk_role() IS NULL THEN
    RETURN;
  ELSIF cardinality(hidden) = 0 THEN
    RETURN QUERY SELECT DISTINCT message.ticket_id FROM message WHERE message.search @@ wanted;
  ELSE
    RETURN QUERY SELECT DISTINCT ticket.id FROM message JOIN ticket ON ticket.id = message.ticket_id
      WHERE message.search @@ wanted AND (ticket.application_id IS NULL OR ticket.application_id <> ALL (hidden)
        OR ticket.team_id = ANY (teams) OR me IN (ticket.assignee_id, ticket.owner_id, ticket.handed_by_id));
  END IF;
END
$$
"""
"""Which tickets hold words. With row level security on, the planner keeps away from the full-text index, since the
operator `@@` might leak what it reads; so the index is asked here, where what is hidden is left out by name."""
