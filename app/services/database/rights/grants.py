"""Which group may do what with which table, and nothing besides."""

from collections.abc import Mapping
from dataclasses import dataclass

AGENT, SUPERVISOR, ADMINISTRATOR, WORKER = "agent", "supervisor", "administrator", "worker"
GROUPS = (AGENT, SUPERVISOR, ADMINISTRATOR, WORKER)
INCLUDES = ((AGENT, SUPERVISOR), (SUPERVISOR, ADMINISTRATOR), (WORKER, ADMINISTRATOR))
"""What the first may, the second may as well."""

_READ, _READ_ADD = "SELECT", "SELECT, INSERT"
_KEPT = "SELECT, INSERT, UPDATE"
_ALL = "SELECT, INSERT, UPDATE, DELETE"
_TICKET = (
    "version, subject, status, priority, level, requester_id, application_id, team_id, assignee_id, owner_id, "
    "handed_by_id, merged_into_id, updated_at, closed_at, unread, unanswered_since, answered_at, due_at, due_clock, "
    "scheduled_for, impact, urgency, category, component, skill, language, major"
)
_CARD = "audience, support_model, kind, criticality, runbook, calendar_id, vendor_id"
_BECAME = (
    "outcome, remote, exit_code, problem, problem_facts, started_at, seen_at, ended_at, head, document, message_id"
)
_RETRY = "ticket_id, state, attempts, next_attempt_at, problem, problem_facts"


@dataclass(frozen=True, slots=True)
class Grant:
    """What agents, administrators and the worker may do with a table, each in the words of GRANT."""

    agent: str = ""
    administrator: str = ""
    worker: str = ""


GRANTS: Mapping[str, Grant] = {
    "agent": Grant(f"{_READ}, UPDATE (away_from, away_until)", "INSERT, UPDATE", _READ),
    "alembic_version": Grant(_READ, worker=_READ),
    "application": Grant(f"{_READ}, UPDATE ({_CARD})", "INSERT, UPDATE", _READ),
    "application_person": Grant("SELECT, INSERT, DELETE", worker=_READ),
    "attachment": Grant(_READ_ADD, worker=_READ_ADD),
    "audit": Grant(_READ_ADD, worker=_READ_ADD),
    "audit_seal": Grant(_READ, worker=_READ_ADD),
    "blob": Grant(_READ_ADD, worker=_READ_ADD),
    "business_calendar": Grant(_ALL, worker=_READ),
    "call": Grant(_READ_ADD, worker=_READ_ADD),
    "canned_reply": Grant(_ALL, worker=_READ),
    "change": Grant(_READ_ADD, worker="SELECT, INSERT, DELETE"),
    "channel": Grant(_READ, "INSERT, UPDATE", _READ),
    "channel_state": Grant(_READ, worker=_ALL),
    "clock_segment": Grant(_KEPT, worker=_KEPT),
    "contact_attempt": Grant(_KEPT, worker=_KEPT),
    "duty_absence": Grant(_ALL, worker=_READ),
    "duty_notice": Grant("", worker="SELECT, INSERT, DELETE"),
    "duty_override": Grant(_ALL, worker=_READ),
    "duty_rotation": Grant(_ALL, worker=_READ),
    "escalation_tree": Grant(_ALL, worker=_READ),
    "handoff": Grant(_KEPT, worker=_KEPT),
    "host_key": Grant(_READ_ADD, "DELETE", _READ),
    "identity": Grant("SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"),
    "lease": Grant(_READ, worker=_ALL),
    "membership": Grant(_READ, "INSERT, DELETE", _READ),
    "mention": Grant(f"{_READ_ADD}, UPDATE (seen_at)", worker=_READ),
    "message": Grant(f"{_READ_ADD}, UPDATE (ticket_id)", worker=f"{_READ_ADD}, UPDATE (ticket_id)"),
    "organisation": Grant("SELECT, INSERT, UPDATE", worker=_READ_ADD),
    "outbox": Grant(f"{_READ_ADD}, DELETE, UPDATE ({_RETRY})", worker="SELECT, INSERT, UPDATE"),
    "participant": Grant("SELECT, INSERT, DELETE", worker="SELECT, INSERT, DELETE"),
    "person": Grant("SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"),
    "presence": Grant(_ALL, worker="SELECT, DELETE"),
    "quarantine": Grant("", worker=_ALL),
    "receipt": Grant("", worker="SELECT, INSERT, UPDATE"),
    "remote_connection": Grant(_READ, "INSERT, UPDATE, DELETE", _READ),
    "routing_rule": Grant(_READ, "INSERT, UPDATE, DELETE", _READ),
    "saved_view": Grant(_ALL, worker=_READ),
    "script": Grant(_READ, "INSERT, UPDATE (approved_by_id, approved_at, retired_at)", _READ),
    "script_run": Grant(f"{_READ_ADD}, UPDATE (second_id, second_at, refusal)", worker=_READ),
    "script_run_target": Grant(f"{_READ_ADD}, UPDATE ({_BECAME})", worker=_READ),
    "service_target": Grant(_ALL, worker=_READ),
    "swarm_member": Grant(_KEPT, worker=_KEPT),
    "tag": Grant(_READ_ADD, worker=_READ_ADD),
    "team": Grant(_READ, "INSERT, UPDATE", _READ),
    "ticket": Grant(f"{_READ_ADD}, UPDATE ({_TICKET})", worker=f"{_READ_ADD}, UPDATE ({_TICKET})"),
    "ticket_clock": Grant(_KEPT, worker=_KEPT),
    "ticket_link": Grant("SELECT, INSERT, DELETE", worker="SELECT, INSERT, DELETE"),
    "ticket_tag": Grant("SELECT, INSERT, DELETE", worker="SELECT, INSERT, DELETE"),
    "vendor": Grant(_ALL, worker=_READ),
}
"""Each table there is. Nobody may delete a ticket or a message, or change an entry of the audit."""

FUNCTIONS = {
    "desk_admit(text, text)": ADMINISTRATOR,
    "desk_dismiss(text)": ADMINISTRATOR,
    "desk_employ(text, text)": ADMINISTRATOR,
    "desk_workers()": ADMINISTRATOR,
}


def grants(database: str, schema: str) -> tuple[str, ...]:
    """Statements that take from the groups of `database` what they had, and give them what is said here."""
    agent, administrator, worker = (_group(database, each) for each in (AGENT, ADMINISTRATOR, WORKER))
    everybody = ", ".join(_group(database, each) for each in GROUPS)
    within = f"IN SCHEMA {_quoted(schema)}"
    found = [
        f"REVOKE ALL ON ALL TABLES {within} FROM {everybody}",
        f"GRANT USAGE ON SCHEMA {_quoted(schema)} TO {everybody}",
        f"GRANT USAGE ON SEQUENCE ticket_number TO {agent}, {worker}",
        f"REVOKE CREATE ON SCHEMA {_quoted(schema)} FROM PUBLIC",
        f"REVOKE CONNECT, TEMPORARY ON DATABASE {_quoted(database)} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {_quoted(database)} TO {everybody}",
    ]
    for lower, higher in INCLUDES:
        found.append(f"GRANT {_group(database, lower)} TO {_group(database, higher)}")
    for table, told in GRANTS.items():
        for group, allowed in ((agent, told.agent), (administrator, told.administrator), (worker, told.worker)):
            if allowed:
                found.append(f"GRANT {allowed} ON {table} TO {group}")
    for function, group in FUNCTIONS.items():
        found.append(f"GRANT EXECUTE ON FUNCTION {function} TO {_group(database, group)}")
    return tuple(found)


def groups(database: str) -> tuple[str, ...]:
    """The names of the groups of `database`, as PostgreSQL keeps them."""
    return tuple(f"{database}_{each}" for each in GROUPS)


def _group(database: str, role: str) -> str:
    return _quoted(f"{database}_{role}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
