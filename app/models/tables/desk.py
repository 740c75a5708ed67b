"""The staff, their teams, what they look after, and the rules that send a request to the right place."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import Table


class Team(Table):
    """`level` is 1 to 3, or 4 for a vendor. `signature` goes below its people's answers. `manager_id` leads it."""

    __tablename__ = "team"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    level: Mapped[int]
    signature: Mapped[str] = mapped_column(default="", server_default="")
    manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id", use_alter=True))


class Agent(Table):
    """A person of the staff; `role` as in `models.records.desk.Role`.

    `skills` are words that a step of an escalation may ask for.
    `login` is who they are to a shared database, null where they have no login of their own.
    Away from `away_from` on, until `away_until` or, where that is null, until they say that they are back.
    """

    __tablename__ = "agent"
    __table_args__ = (Index("uq_agent_login", "login", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    mail: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    login: Mapped[str | None]
    skills: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    away_from: Mapped[datetime | None]
    away_until: Mapped[datetime | None]


class Membership(Table):
    __tablename__ = "membership"

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), primary_key=True, index=True)


class Application(Table):
    """What is supported; `kind` and `criticality` as in `models.records.applications`.

    `team_id` is where its requests start. Its hours are those of `calendar_id`, round the clock where that is null.

    What is asked about a `restricted` one is seen by that team, and by those whom a request was handed to.
    """

    __tablename__ = "application"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    audience: Mapped[str]
    support_model: Mapped[str]
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"), index=True)
    restricted: Mapped[bool] = mapped_column(default=False, server_default=false())
    kind: Mapped[str] = mapped_column(default="other", server_default="other")
    criticality: Mapped[int] = mapped_column(default=3, server_default="3")
    runbook: Mapped[str] = mapped_column(default="", server_default="")
    calendar_id: Mapped[UUID | None] = mapped_column(ForeignKey("business_calendar.id"))
    vendor_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendor.id"))


class ApplicationPerson(Table):
    """What somebody does for an application: `duty` is a `models.records.applications.Duty`."""

    __tablename__ = "application_person"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"), primary_key=True, index=True)
    duty: Mapped[str] = mapped_column(primary_key=True)


class Vendor(Table):
    """Who made an application. Handoffs to it are mailed to `mail`."""

    __tablename__ = "vendor"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    contract: Mapped[str] = mapped_column(default="")
    mail: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    portal: Mapped[str] = mapped_column(default="")
    calendar_id: Mapped[UUID | None] = mapped_column(ForeignKey("business_calendar.id"))


class RoutingRule(Table):
    """An administrator's rule, tried in order of `position`; the fields it sets are those that are not null.

    `conditions` is the JSON form of `models.rules.routing.Conditions`.
    """

    __tablename__ = "routing_rule"
    __table_args__ = (Index(None, "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    conditions: Mapped[dict[str, Any]]
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"))
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    priority: Mapped[int | None]


class SavedView(Table):
    """A list of tickets under a name. Shared where it has no `agent_id`.

    `filter` is the JSON form of `QueueFilter`, `sort` a `QueueSort` in words (`-updated`), `columns` their names.
    """

    __tablename__ = "saved_view"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"), index=True)
    name: Mapped[str]
    position: Mapped[int]
    filter: Mapped[dict[str, Any]]
    sort: Mapped[str] = mapped_column(default="", server_default="")
    columns: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")


class CannedReply(Table):
    """A text that is written again and again; `html` with `{placeholders}`.

    For everybody, where it has neither `team_id` nor `agent_id`. `shortcut` is what is typed behind `/`.
    """

    __tablename__ = "canned_reply"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    shortcut: Mapped[str] = mapped_column(default="")
    html: Mapped[str]
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"), index=True)
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"), index=True)


class Presence(Table):
    """A desk that is open, what it looks at, and whether its person writes there. `session` is one open window.

    What was not `seen_at` for a while is gone, however it ended.
    """

    __tablename__ = "presence"

    session: Mapped[UUID] = mapped_column(primary_key=True)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"), index=True)
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    typing: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime]
