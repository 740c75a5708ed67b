"""Clocks by calendars, on-call, escalation trees and the way of a ticket along them"""

import sqlalchemy as sa
from alembic import op

from app.models.tables.base import JSON_TYPE, Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UNCLOCKED = sa.text("status NOT IN ('solved', 'closed') AND unanswered_since IS NOT NULL AND due_clock IS NULL")


def upgrade() -> None:
    """Applications are served round the clock until somebody says otherwise; open tickets get their clocks from the
    first sweep."""
    _add_hours_and_targets()
    _add_clocks()
    _add_on_call()
    _add_trees()
    _add_handoffs()
    _add_attempts()
    _add_columns()


def _add_columns() -> None:
    op.add_column("agent", sa.Column("skills", JSON_TYPE, server_default="[]", nullable=False))
    op.add_column("application", sa.Column("kind", sa.Text(), server_default="other", nullable=False))
    op.add_column("application", sa.Column("criticality", sa.Integer(), server_default="3", nullable=False))
    op.add_column("application", sa.Column("runbook", sa.Text(), server_default="", nullable=False))
    _add_pointer("application", "calendar_id", "business_calendar")
    _add_pointer("application", "vendor_id", "vendor")
    _add_pointer("team", "manager_id", "agent")
    for name, type_ in (
        ("answered_at", Instant()),
        ("due_clock", sa.Text()),
        ("scheduled_for", Instant()),
        ("impact", sa.Integer()),
        ("urgency", sa.Integer()),
    ):
        op.add_column("ticket", sa.Column(name, type_))
    for name in ("category", "component", "skill", "language"):
        op.add_column("ticket", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.create_index("ix_ticket_unclocked", "ticket", ["id"], sqlite_where=UNCLOCKED, postgresql_where=UNCLOCKED)
    op.add_column("ticket", sa.Column("major", sa.Boolean(), server_default=sa.false(), nullable=False))


def _add_pointer(table: str, column: str, to: str) -> None:
    """A column with its constraint in one statement, which SQLite takes as well."""
    type_ = "UUID" if op.get_context().dialect.name == "postgresql" else "CHAR(32)"
    name = f"fk_{table}_{column}"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {type_} CONSTRAINT {name} REFERENCES {to} (id)")


def _add_hours_and_targets() -> None:
    op.create_table(
        "business_calendar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("week", JSON_TYPE, nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("closures", JSON_TYPE, nullable=False),
        sa.Column("special", JSON_TYPE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_calendar")),
        sa.UniqueConstraint("name", name=op.f("uq_business_calendar_name")),
    )
    op.create_table(
        "vendor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["calendar_id"], ["business_calendar.id"], name=op.f("fk_vendor_calendar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor")),
        sa.UniqueConstraint("name", name=op.f("uq_vendor_name")),
    )
    op.create_table(
        "application_person",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_application_person_agent_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_person_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", "agent_id", "duty", name=op.f("pk_application_person")),
    )
    op.create_index(op.f("ix_application_person_agent_id"), "application_person", ["agent_id"], unique=False)
    op.create_table(
        "service_target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("microseconds", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("calendar_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_service_target_application_id")),
        sa.ForeignKeyConstraint(["calendar_id"], ["business_calendar.id"], name=op.f("fk_service_target_calendar_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_service_target_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_target")),
    )
    op.create_index(op.f("ix_service_target_application_id"), "service_target", ["application_id"], unique=False)
    op.create_index(op.f("ix_service_target_organisation_id"), "service_target", ["organisation_id"], unique=False)


def _add_clocks() -> None:
    op.create_table(
        "ticket_clock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("handoff_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("stopped_at", Instant(), nullable=True),
        sa.Column("warn_at", Instant(), nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("next_at", Instant(), nullable=True),
        sa.Column("warned_at", Instant(), nullable=True),
        sa.Column("broken_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["calendar_id"], ["business_calendar.id"], name=op.f("fk_ticket_clock_calendar_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_clock_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_clock")),
    )
    op.create_index(
        "ix_ticket_clock_live",
        "ticket_clock",
        ["calendar_id"],
        unique=False,
        sqlite_where=sa.text("state <> 'stopped'"),
        postgresql_where=sa.text("state <> 'stopped'"),
    )
    op.create_index(
        "ix_ticket_clock_next",
        "ticket_clock",
        ["next_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index("ix_ticket_clock_ticket", "ticket_clock", ["ticket_id", "started_at"], unique=False)
    op.create_table(
        "clock_segment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=True),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_clock_segment_agent_id")),
        sa.ForeignKeyConstraint(["calendar_id"], ["business_calendar.id"], name=op.f("fk_clock_segment_calendar_id")),
        sa.ForeignKeyConstraint(["clock_id"], ["ticket_clock.id"], name=op.f("fk_clock_segment_clock_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_clock_segment_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_segment")),
    )
    op.create_index(op.f("ix_clock_segment_clock_id_ordinal"), "clock_segment", ["clock_id", "ordinal"], unique=True)


def _add_on_call() -> None:
    op.create_table(
        "duty_rotation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Text(), nullable=False),
        sa.Column("hand_over", sa.Integer(), nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("members", JSON_TYPE, nullable=False),
        sa.Column("week", JSON_TYPE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_duty_rotation_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_rotation")),
    )
    op.create_index(op.f("ix_duty_rotation_team_id"), "duty_rotation", ["team_id"], unique=False)
    op.create_table(
        "duty_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("instead_of_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_duty_override_agent_id")),
        sa.ForeignKeyConstraint(["instead_of_id"], ["agent.id"], name=op.f("fk_duty_override_instead_of_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_duty_override_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_override")),
    )
    op.create_index(op.f("ix_duty_override_team_id_until"), "duty_override", ["team_id", "until"], unique=False)
    op.create_table(
        "duty_absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_duty_absence_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_absence")),
    )
    op.create_index(op.f("ix_duty_absence_agent_id_until"), "duty_absence", ["agent_id", "until"], unique=False)
    op.create_index(op.f("ix_duty_absence_uid"), "duty_absence", ["uid"], unique=False)


def _add_trees() -> None:
    op.create_table(
        "escalation_tree",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("content", JSON_TYPE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_escalation_tree_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_tree")),
        sa.UniqueConstraint("application_id", name=op.f("uq_escalation_tree_application_id")),
        sa.UniqueConstraint("name", name=op.f("uq_escalation_tree_name")),
    )


def _add_handoffs() -> None:
    op.create_table(
        "handoff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tree_id", sa.Uuid(), nullable=True),
        sa.Column("node_key", sa.Text(), nullable=False),
        sa.Column("node", JSON_TYPE, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("packet", JSON_TYPE, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("bypass", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant(), nullable=True),
        sa.Column("hierarchic", JSON_TYPE, nullable=False),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["agent.id"], name=op.f("fk_handoff_accepted_by_id")),
        sa.ForeignKeyConstraint(["by_id"], ["agent.id"], name=op.f("fk_handoff_by_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_handoff_team_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_handoff_ticket_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_handoff_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff")),
        sa.UniqueConstraint("ticket_id", "ordinal", name=op.f("uq_handoff_ticket_id_ordinal")),
    )
    op.create_index(
        "ix_handoff_live",
        "handoff",
        ["ticket_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('offered', 'unanswered', 'accepted')"),
        postgresql_where=sa.text("state IN ('offered', 'unanswered', 'accepted')"),
    )
    op.create_index(
        "ix_handoff_next",
        "handoff",
        ["next_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_handoff_team_id"), "handoff", ["team_id"], unique=False)


def _add_attempts() -> None:
    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handoff_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("node_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("answer_by", Instant(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_contact_attempt_agent_id")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoff.id"], name=op.f("fk_contact_attempt_handoff_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_contact_attempt_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
        sa.UniqueConstraint("handoff_id", "ordinal", name=op.f("uq_contact_attempt_handoff_id_ordinal")),
    )
    op.create_index(
        op.f("ix_contact_attempt_agent_id_outcome"), "contact_attempt", ["agent_id", "outcome"], unique=False
    )
    op.create_index(op.f("ix_contact_attempt_ticket_id_at"), "contact_attempt", ["ticket_id", "at"], unique=False)
    op.create_table(
        "swarm_member",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("joined_at", Instant(), nullable=False),
        sa.Column("left_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_swarm_member_agent_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_swarm_member_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "agent_id", name=op.f("pk_swarm_member")),
    )
    op.create_index(op.f("ix_swarm_member_agent_id"), "swarm_member", ["agent_id"], unique=False)
