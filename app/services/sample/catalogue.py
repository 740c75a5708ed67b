"""Sample people, teams, applications, rules and a channel, from `resources/sample/desk.toml`."""

import tomllib
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from app.models.identifiers import new_id
from app.models.records.desk import Actor, Audience, Level, Role, SupportModel
from app.models.records.tickets import Priority
from app.models.tables import Organisation
from app.services import accounts, staff
from app.services.database import Database
from app.services.resources import resources

CHANNEL = "sample-mailbox"
ADDRESS = "support@firstline.example"


def fill_with_sample(database: Database, actor: Actor, mailbox: Path) -> None:
    """Fill an empty desk; one that has people already is left alone. `mailbox` is the folder mails will lie in."""
    if staff.agents(database):
        return
    told = tomllib.loads(resources().joinpath("sample", "desk.toml").read_text(encoding="utf-8"))
    found = [(each["name"], Level(each["level"])) for each in told["team"]]
    teams = {name: staff.add_team(database, actor, name, level).id for name, level in found}
    for each in told["agent"]:
        in_teams = [teams[name] for name in each["teams"]]
        staff.add_agent(database, actor, each["name"], each["mail"], Role(each["role"]), in_teams)
    applications = {each["name"]: _add_application(database, actor, each, teams) for each in told["application"]}
    for each in told["rule"]:
        staff.add_routing_rule(
            database,
            actor,
            each["name"],
            each["conditions"],
            application_id=applications.get(each.get("application")),
            team_id=teams.get(each.get("team")),
            priority=Priority(each["priority"]) if "priority" in each else None,
        )
    with database.write(actor) as work:
        rows = [{"id": new_id(), "name": each["name"], "domain": each["domain"]} for each in told["organisation"]]
        work.session.execute(insert(Organisation), rows)
    _add_channel(database, actor, mailbox, teams["Service Desk"])


def _add_application(database: Database, actor: Actor, told: dict[str, Any], teams: dict[str, UUID]) -> UUID:
    audience, model = Audience(told["audience"]), SupportModel(told["model"])
    return staff.add_application(database, actor, told["name"], audience, model, teams[told["team"]]).id


def _add_channel(database: Database, actor: Actor, mailbox: Path, team_id: UUID) -> None:
    for folder in (mailbox, mailbox / "outbox"):
        folder.mkdir(parents=True, exist_ok=True)
    config = {"address": ADDRESS, "path": str(mailbox), "outbox": str(mailbox / "outbox")}
    account = accounts.new_account(
        CHANNEL, "folder", ADDRESS, config, sender_name="Firstline Service Desk", acknowledge=True, team_id=team_id
    )
    accounts.add(database, actor, account)
