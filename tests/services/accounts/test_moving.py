"""Moving a channel to another kind of connector: who may, what is carried along, and what is refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.channels import ChannelAccount
from app.models.records.desk import Actor, ActorKind, Role
from app.models.tables import Audit
from app.services import accounts
from app.services.accounts import moving
from app.services.database import Database
from tests.fixtures.databases import SYSTEM

DESK = "support@desk.example"
CLOUD = {"address": DESK, "client_id": "1234"}


@pytest.fixture
def account(database: Database) -> ChannelAccount:
    config = {"address": DESK, "host": "mail.desk.example", "handled": "move", "move_to": "Done"}
    wanted = accounts.new_account("support", "imap", DESK, config, sender_name="Desk", acknowledge=True)
    accounts.add(database, SYSTEM, wanted)
    return accounts.named(database, "support")


def test_only_kind_and_settings_change_and_it_is_audited(database: Database, account: ChannelAccount) -> None:
    moved = moving.move(database, SYSTEM, account, "graph", CLOUD)
    stored = accounts.named(database, "support")
    assert (stored, stored.kind) == (moved, "graph")
    kept = replace(stored, kind=account.kind, config=account.config)
    assert kept == account
    with database.read() as session:
        (entry,) = session.scalars(select(Audit).where(Audit.action == "channel.moved")).all()
    assert (entry.before["kind"], entry.after["kind"]) == ("imap", "graph")


def test_only_an_administrator_moves_a_channel(database: Database, account: ChannelAccount) -> None:
    lena = Actor(ActorKind.AGENT, "Lena Vogt", new_id(), Role.SUPERVISOR)
    with pytest.raises(NotAllowed):
        moving.move(database, lena, account, "graph", CLOUD)
    assert accounts.named(database, "support").kind == "imap"


def test_what_cannot_be_is_refused_and_changes_nothing(
    database: Database, account: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KnownError, match=r"channel\.same_kind"):
        moving.move(database, SYSTEM, account, "imap", account.config)
    with pytest.raises(KnownError, match=r"channel\.bad_setting"):
        moving.move(database, SYSTEM, account, "graph", {"address": DESK})
    with pytest.raises(KnownError, match=r"channel\.unknown_kind"):
        moving.move(database, SYSTEM, account, "pigeon", CLOUD)
    silent = replace(accounts.manifest("graph"), sends=False)
    with monkeypatch.context() as changed:
        changed.setattr(moving, "manifest", lambda kind: silent if kind == "graph" else accounts.manifest(kind))
        with pytest.raises(KnownError, match=r"channel\.cannot"):
            moving.move(database, SYSTEM, account, "graph", CLOUD)
    assert accounts.named(database, "support") == account


def test_of_two_who_move_it_the_second_is_told(database: Database, account: ChannelAccount, tmp_path: Path) -> None:
    moving.move(database, SYSTEM, account, "graph", CLOUD)
    with pytest.raises(KnownError, match=r"channel\.unknown"):
        moving.move(database, SYSTEM, account, "exchange", {"address": DESK})
    assert accounts.named(database, "support").kind == "graph"
    with pytest.raises(Conflict, match=r"channel\.moved"):
        accounts.cursor_of(database, account)


@pytest.mark.parametrize(
    ("config", "kind", "carried"),
    [
        (
            {"address": DESK, "host": "h", "folder": "INBOX", "handled": "seen"},
            "graph",
            {"address": DESK, "folder": "INBOX", "handled": "read"},
        ),
        (
            {"address": DESK, "host": "h", "handled": "move", "move_to": "Done"},
            "graph",
            {"address": DESK, "handled": "move", "handled_folder": "Done"},
        ),
        ({"address": DESK, "handled": "category"}, "imap", {"address": DESK}),
        (
            {"address": DESK, "handled": "read", "handled_folder": ""},
            "imap",
            {"address": DESK, "handled": "seen"},
        ),
    ],
)
def test_settings_that_mean_the_same_are_carried_along(
    config: dict[str, Any], kind: str, carried: dict[str, Any]
) -> None:
    assert moving.carried(accounts.new_account("support", "any", DESK, config), kind) == carried
