"""Accounts of channels are added and changed by administrators, and by nobody else."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models.errors import KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.channels import ChannelAccount
from app.models.records.desk import Actor, ActorKind, Role
from app.models.tables import Audit
from app.services import accounts
from app.services.database import Database
from app.services.database.changes import ChangeFeed
from tests.fixtures.databases import SYSTEM

LENA = Actor(ActorKind.AGENT, "Lena Vogt", new_id(), Role.SUPERVISOR)


@pytest.fixture
def account(database: Database, tmp_path: Path) -> ChannelAccount:
    config = {"address": "support@desk.example", "path": str(tmp_path)}
    return accounts.add(database, SYSTEM, accounts.new_account("support", "folder", "support@desk.example", config))


def test_what_is_changed_is_stored_and_the_name_stays(
    database: Database, account: ChannelAccount, tmp_path: Path
) -> None:
    wanted = replace(
        account, name="other", kind="imap", active=False, sender_name="Desk", config={"path": str(tmp_path / "in")}
    )
    with pytest.raises(KnownError, match=r"channel\.bad_setting"):
        accounts.change(database, SYSTEM, wanted)  # a folder's settings are no mailbox's
    accounts.change(database, SYSTEM, replace(wanted, kind="folder"))
    (stored,) = accounts.listed(database)
    assert (stored.name, stored.kind, stored.active, stored.sender_name) == ("support", "folder", False, "Desk")
    assert stored.config["path"] == str(tmp_path / "in")


def test_a_change_is_told_to_other_desks_and_audited(database: Database, account: ChannelAccount) -> None:
    feed = ChangeFeed(database)
    feed.read()
    accounts.change(database, SYSTEM, replace(account, acknowledge=True))
    assert [(each.topic, each.id) for each in feed.read()] == [("channel", str(account.id))]
    with database.read() as session:
        (entry,) = session.scalars(select(Audit).where(Audit.action == "channel.changed")).all()
        assert (entry.before["acknowledge"], entry.after["acknowledge"]) == (False, True)


def test_a_wrong_setting_changes_nothing(database: Database, account: ChannelAccount) -> None:
    with pytest.raises(KnownError, match=r"channel\.bad_setting"):
        accounts.change(database, SYSTEM, replace(account, sender_name="Desk", config={"nonsense": 1}))
    assert accounts.named(database, "support").sender_name == ""


def test_an_account_that_is_gone_is_told(database: Database, account: ChannelAccount) -> None:
    with pytest.raises(KnownError, match=r"channel\.unknown"):
        accounts.change(database, SYSTEM, replace(account, id=new_id()))


def test_only_an_administrator_adds_and_changes(database: Database, account: ChannelAccount) -> None:
    with pytest.raises(NotAllowed):
        accounts.change(database, LENA, replace(account, active=False))
    with pytest.raises(NotAllowed):
        accounts.add(database, LENA, replace(account, id=new_id(), name="second"))
    assert [(each.name, each.active) for each in accounts.listed(database)] == [("support", True)]
