"""Sample people, teams, applications, rules and a channel, from `resources/sample/desk.toml`."""

from pathlib import Path

from app.models.records.desk import Actor
from app.services import accounts, staff
from app.services.catalogue import apply_catalogue
from app.services.database import Database
from app.services.resources import resources

CHANNEL = "sample-mailbox"
ADDRESS = "support@firstline.example"
_FIRST_TEAM = "Service Desk"


def fill_with_sample(database: Database, actor: Actor, mailbox: Path) -> bool:
    """Fill an empty desk; one that has people already is left alone, and is answered with False.

    `mailbox` is the folder mails will lie in.
    """
    if staff.agents(database):
        return False
    apply_catalogue(database, actor, resources().joinpath("sample", "desk.toml").read_text(encoding="utf-8"))
    for folder in (mailbox, mailbox / "outbox"):
        folder.mkdir(parents=True, exist_ok=True)
    config = {"address": ADDRESS, "path": str(mailbox), "outbox": str(mailbox / "outbox")}
    team = next(each for each in staff.teams(database) if each.name == _FIRST_TEAM)
    account = accounts.new_account(
        CHANNEL, "folder", ADDRESS, config, sender_name="Firstline Service Desk", acknowledge=True, team_id=team.id
    )
    accounts.add(database, actor, account)
    return True
