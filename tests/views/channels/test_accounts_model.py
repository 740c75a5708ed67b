"""What the channels dialog tells and takes, without a widget."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.models.identifiers import new_id
from app.models.records.channels import ChannelHealth
from app.models.records.desk import Actor, ActorKind, Level, Role, Team
from app.services.accounts import new_account
from app.services.channels.registry import kinds, manifest
from app.services.wording import languages, tr, use_language
from app.views.channels.accounts_model import (
    changed_account,
    channel_lines,
    kind_words,
    may_change,
    new_account_of,
    option_values,
    options_model,
)

TEAMS = [Team(new_id(), "Service Desk", Level.L1), Team(new_id(), "Infrastructure", Level.L2)]
ACCOUNT = new_account("support", "folder", "a@b.example", {"path": "/srv/mail"}, team_id=TEAMS[1].id)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("health", "state"),
    [
        (ChannelHealth("support", NOW), "works"),
        (ChannelHealth("support", None), "new"),
        (ChannelHealth("support", NOW, problem="folder.cannot_read", problem_facts={"path": "/x"}), "broken"),
        (ChannelHealth("another", NOW), "resting"),
    ],
)
def test_a_channel_says_how_it_fares(health: ChannelHealth, state: str) -> None:
    (line,) = channel_lines([ACCOUNT], [health])
    assert line.state == state
    assert line.words


def test_what_stops_a_channel_is_told_in_words() -> None:
    facts = {"path": "/srv/mail", "reason": "permission denied"}
    (line,) = channel_lines([ACCOUNT], [ChannelHealth("support", NOW, "folder.cannot_read", facts)])
    assert line.words == "The folder /srv/mail cannot be read: permission denied"


def test_one_that_is_switched_off_is_resting_whatever_it_said_before() -> None:
    (line,) = channel_lines([replace(ACCOUNT, active=False)], [ChannelHealth("support", NOW, "folder.cannot_read")])
    assert line.state == "resting"


def test_options_are_shown_and_taken_back_unchanged() -> None:
    model = options_model(TEAMS)
    values = option_values(ACCOUNT, TEAMS)
    assert values["team"] == "Infrastructure"
    settings = manifest("folder").config.model_validate({"address": "a@b.example", "path": "/srv/mail"})
    again = changed_account(ACCOUNT, model.model_validate(values), settings, TEAMS)
    assert replace(again, config={}) == replace(ACCOUNT, config={})
    assert again.config["path"] == "/srv/mail"


def test_a_new_account_has_what_was_entered() -> None:
    options = options_model(TEAMS).model_validate({"sender_name": "Desk", "acknowledge": True})
    settings = manifest("folder").config.model_validate({"address": "a@b.example", "path": "/srv/mail"})
    made = new_account_of("support", "folder", options, settings, TEAMS)
    assert (made.name, made.kind, made.address, made.sender_name) == ("support", "folder", "a@b.example", "Desk")
    assert (made.active, made.acknowledge, made.team_id) == (True, True, None)


@pytest.mark.parametrize(
    ("role", "allowed"), [(Role.AGENT, False), (Role.SUPERVISOR, False), (Role.ADMINISTRATOR, True)]
)
def test_only_an_administrator_may_change_channels(role: Role, allowed: bool) -> None:
    assert may_change(Actor(ActorKind.AGENT, "Sam", new_id(), role)) is allowed
    assert not may_change(None)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", kinds())
def test_every_kind_and_secret_has_a_name(kind: str, language: str) -> None:
    use_language(language)
    assert kind_words(kind) != f"channel.{kind}.name"
    assert [each for each in manifest(kind).secrets if tr(f"secret.{each}") == f"secret.{each}"] == []
