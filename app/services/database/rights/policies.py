"""Which rows of a table a login gets to see, and which it may write: row level security.

https://www.postgresql.org/docs/current/ddl-rowsecurity.html. What is asked once for a whole query stands in
`(SELECT ...)`. What no policy allows is not allowed; the tables' owner is above them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_ME = "(SELECT desk_me())"
_SYSTEM = "(SELECT desk_role() IN ('worker', 'administrator'))"
_LEADS = "(SELECT desk_role() IN ('supervisor', 'administrator'))"
_MAY_SHARE = "(SELECT desk_may('share', NULL, NULL, NULL))"
_HIDES_NOTHING = "(SELECT cardinality(desk_hidden()) = 0)"
_MY_TEAMS = "((SELECT desk_my_teams())::uuid[])"
_NOW = "transaction = pg_current_xact_id()::text::bigint"

_TICKET = (
    "(SELECT desk_role() IS NOT NULL) AND (application_id IS NULL "
    f"OR application_id <> ALL ((SELECT desk_hidden())::uuid[]) OR team_id = ANY {_MY_TEAMS} "
    f"OR {_ME} IN (assignee_id, owner_id, handed_by_id))"
)
_CONTENT = f"{_HIDES_NOTHING} OR EXISTS (SELECT FROM attachment WHERE attachment.sha256 = blob.sha256)"
_OWN_MESSAGE = "EXISTS (SELECT FROM message WHERE message.id = message_id AND message.agent_id = (SELECT desk_me()))"


def _of_ticket(table: str, column: str = "ticket_id") -> str:
    return f"{_HIDES_NOTHING} OR EXISTS (SELECT FROM ticket WHERE ticket.id = {table}.{column})"


def _of_message(table: str) -> str:
    return f"{_HIDES_NOTHING} OR EXISTS (SELECT FROM message WHERE message.id = {table}.message_id)"


def _where(table: str) -> str:
    return f"ticket_id IS NULL OR {_of_ticket(table)}"


def _changeable(table: str) -> str:
    return (
        f"EXISTS (SELECT FROM ticket WHERE ticket.id = {table}.ticket_id "
        "AND desk_may('change', ticket.assignee_id, ticket.team_id, ticket.handed_by_id))"
    )


@dataclass(frozen=True, slots=True)
class Policy:
    """Which rows may be read, added, changed and deleted; empty where none may. `changed` holds before and after."""

    read: str = "true"
    added: str = ""
    changed: str = ""
    deleted: str = ""
    into: str = ""
    """What holds after a change, where that is something else."""


_MAIL = f"{_SYSTEM} OR ({_OWN_MESSAGE} AND kind IN ('answer', 'forward', 'notice') AND state = 'queued' AND sender = "
_LINK = f"({_of_ticket('ticket_link')}) AND ({_of_ticket('ticket_link', 'other_id')})"
_AUDIT = f"CASE WHEN ticket_id IS NULL THEN {_LEADS} OR {_SYSTEM} OR actor_id = {_ME} ELSE {_of_ticket('audit')} END"
_VIEW = f"agent_id = {_ME} OR (agent_id IS NULL AND {_MAY_SHARE})"
_ARRANGES = "(SELECT desk_may('arrange', NULL, NULL, NULL))"
_CANNED = f"agent_id IS NULL AND (team_id IS NULL OR team_id = ANY {_MY_TEAMS} OR {_LEADS})"

_OWN_OR_ARRANGES = f"agent_id = {_ME} OR {_ARRANGES}"
_OWN_SHIFT = f"{_ME} IN (agent_id, instead_of_id) OR {_ARRANGES}"
_SERVES = (
    f"team_id = ANY {_MY_TEAMS} OR EXISTS (SELECT FROM duty_rotation WHERE duty_rotation.team_id = "
    f"duty_override.team_id AND duty_rotation.members @> to_jsonb({_ME}::text))"
)
_NEW_SHIFT = f"({_ME} IN (agent_id, instead_of_id) AND ({_SERVES})) OR {_ARRANGES}"


_ADMINISTERS = "(SELECT desk_may('administer', NULL, NULL, NULL))"
_MY_LEVEL = (
    "(SELECT max(team.level) FROM membership JOIN team ON team.id = membership.team_id "
    f"WHERE membership.agent_id = {_ME})"
)
_MAY_RUN = (
    "EXISTS (SELECT FROM script WHERE script.id = script_id AND approved_at IS NOT NULL AND retired_at IS NULL "
    "AND encode(sha256(files), 'hex') = files_sha256 "
    f"AND (script.level <= 1 OR {_LEADS} OR script.level <= {_MY_LEVEL}) "
    f"AND (role = 'agent' OR (role = 'supervisor' AND {_LEADS}) OR {_ADMINISTERS}))"
)
_MAY_TEST = (
    f"ticket_id IS NULL AND {_ADMINISTERS} AND EXISTS (SELECT FROM script WHERE script.id = script_id "
    f"AND script.author_id = {_ME} AND approved_at IS NULL AND retired_at IS NULL)"
)
_MY_RUN = f"EXISTS (SELECT FROM script_run WHERE script_run.id = run_id AND script_run.agent_id = {_ME}"
_TESTABLE = (
    "EXISTS (SELECT FROM remote_connection WHERE remote_connection.id = connection_id AND for_tests "
    f"AND saved_by_id IS DISTINCT FROM {_ME})"
)
_AGREED = (
    f"{_MY_RUN} AND CASE WHEN test THEN {_TESTABLE} "
    "ELSE EXISTS (SELECT FROM script WHERE script.id = script_run.script_id "
    "AND approved_at IS NOT NULL AND retired_at IS NULL AND (NOT needs_second OR script_run.dry_run "
    "OR (script_run.second_id IS NOT NULL AND script_run.refusal = '' "
    "AND jsonb_exists(script_run.previews, target)))) END)"
)


def _arranged() -> Policy:
    """What all read, and who leads arranges."""
    return Policy(added=_ARRANGES, changed=_ARRANGES, deleted=_ARRANGES)


def _with_ticket(table: str) -> Policy:
    """What is there for whom its ticket is there."""
    there = _of_ticket(table)
    return Policy(there, added=there, changed=there)


def _of_clock() -> str:
    return f"{_HIDES_NOTHING} OR EXISTS (SELECT FROM ticket_clock WHERE ticket_clock.id = clock_segment.clock_id)"


POLICIES: Mapping[str, Policy] = {
    "agent": Policy(added=_SYSTEM, changed=f"id = {_ME} OR {_LEADS}"),
    "application": Policy(added=_SYSTEM, changed=_ARRANGES),
    "application_person": _arranged(),
    "attachment": Policy(_of_message("attachment"), added=f"{_SYSTEM} OR {_OWN_MESSAGE}"),
    "audit": Policy(_AUDIT, added=f"({_SYSTEM} OR actor_id = {_ME}) AND {_NOW}"),
    "blob": Policy(_CONTENT, added="true"),
    "business_calendar": _arranged(),
    "call": Policy(_of_message("call"), added=f"{_SYSTEM} OR agent_id = {_ME}"),
    "canned_reply": Policy(f"agent_id = {_ME} OR ({_CANNED})", added=_VIEW, changed=_VIEW, deleted=_VIEW),
    "change": Policy(_where("change"), added=_NOW, deleted="at < now() - interval '1 day'"),
    "clock_segment": Policy(_of_clock(), added=_of_clock(), changed=_of_clock()),
    "contact_attempt": _with_ticket("contact_attempt"),
    "duty_absence": Policy(added=_OWN_OR_ARRANGES, changed=_OWN_OR_ARRANGES, deleted=_OWN_OR_ARRANGES),
    "duty_override": Policy(added=_NEW_SHIFT, changed=_NEW_SHIFT, deleted=_OWN_SHIFT),
    "duty_rotation": _arranged(),
    "escalation_tree": _arranged(),
    "handoff": _with_ticket("handoff"),
    "mention": Policy(
        f"agent_id = {_ME} OR {_of_message('mention')}", added=f"{_OWN_MESSAGE}", changed=f"agent_id = {_ME}"
    ),
    "message": Policy(
        _of_ticket("message"),
        added=f"{_SYSTEM} OR (agent_id = {_ME} AND kind NOT IN ('mail_in', 'vendor'))",
        changed=_of_ticket("message"),
    ),
    "outbox": Policy(
        _of_ticket("outbox"),
        added=f"{_MAIL} (SELECT address FROM channel WHERE channel.id = channel_id))",
        changed=_of_ticket("outbox"),
        deleted=f"state = 'queued' AND attempts = 0 AND {_OWN_MESSAGE}",
    ),
    "participant": Policy(
        _of_ticket("participant"), added=_of_ticket("participant"), deleted=_of_ticket("participant")
    ),
    "presence": Policy(
        _where("presence"),
        added=f"agent_id = {_ME}",
        changed=f"agent_id = {_ME}",
        deleted=f"agent_id = {_ME} OR seen_at < now() - interval '1 hour'",
    ),
    "remote_connection": Policy(
        added=f"saved_by_id = {_ME}", changed="true", into=f"saved_by_id = {_ME}", deleted="true"
    ),
    "saved_view": Policy(f"agent_id = {_ME} OR agent_id IS NULL", added=_VIEW, changed=_VIEW, deleted=_VIEW),
    "script": Policy(
        added=f"{_ADMINISTERS} AND approved_at IS NULL AND approved_by_id IS NULL "
        f"AND (author_id = {_ME} OR (author_id IS NULL AND desk_ships(sha256)))",
        changed=_ADMINISTERS,
        into=f"{_ADMINISTERS} AND (retired_at IS NOT NULL OR approved_by_id = {_ME})",
    ),
    "script_run": Policy(
        _where("script_run"),
        added=f"agent_id = {_ME} AND second_id IS NULL AND refusal = '' "
        f"AND CASE WHEN test THEN {_MAY_TEST} ELSE {_MAY_RUN} END",
        changed=f"agent_id <> {_ME} AND second_id IS NULL",
        into=f"second_id = {_ME} AND agent_id <> {_ME} AND {_MAY_RUN}",
    ),
    "script_run_target": Policy(
        "EXISTS (SELECT FROM script_run WHERE script_run.id = run_id)", added=_AGREED, changed=f"{_MY_RUN})"
    ),
    "service_target": _arranged(),
    "swarm_member": _with_ticket("swarm_member"),
    "ticket": Policy(_TICKET, added="true", changed=_TICKET, into="true"),
    "ticket_clock": _with_ticket("ticket_clock"),
    "ticket_link": Policy(_LINK, added=_LINK, deleted=_LINK),
    "ticket_tag": Policy(_of_ticket("ticket_tag"), added=_changeable("ticket_tag"), deleted=_changeable("ticket_tag")),
    "vendor": _arranged(),
}
"""The tables of which not every row is everybody's. Who may do anything at all with a table stands in `grants`."""


def policies() -> tuple[str, ...]:
    """Statements that put the policies in the place of those there were."""
    found: list[str] = []
    for table, told in POLICIES.items():
        kept = {
            "SELECT": f"USING ({told.read})",
            "INSERT": told.added and f"WITH CHECK ({told.added})",
            "UPDATE": told.changed and f"USING ({told.changed}) WITH CHECK ({told.into or told.changed})",
            "DELETE": told.deleted and f"USING ({told.deleted})",
        }
        found.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for command, condition in kept.items():
            name = f"desk_{command.lower()}"
            found.append(f"DROP POLICY IF EXISTS {name} ON {table}")
            if condition:
                found.append(f"CREATE POLICY {name} ON {table} FOR {command} {condition}")
    return tuple(found)
