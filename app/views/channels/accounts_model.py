"""What the channels dialog shows and asks for. Pure: it needs no widget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model

from app.models.errors import KnownError
from app.models.records.channels import ChannelAccount, ChannelHealth
from app.models.records.desk import Actor, Team
from app.models.rules.permissions import Action, may
from app.services.accounts import identity_of, new_account
from app.services.channels.interface import Identity
from app.services.wording import tr
from app.views.window.channel_words import channels_words, problem_of

State = Literal["works", "new", "resting", "broken"]


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A channel and, in words, how it fares."""

    account: ChannelAccount
    state: State
    words: str


def channel_lines(accounts: Sequence[ChannelAccount], health: Sequence[ChannelHealth]) -> list[ChannelLine]:
    fares = {each.name: each for each in health}
    return [ChannelLine(each, *_state(each, fares.get(each.name))) for each in accounts]


def may_change(actor: Actor | None) -> bool:
    """Whether this person may add a channel or change its settings."""
    return actor is not None and may(actor, Action.ADMINISTER)


def naming_model() -> type[BaseModel]:
    """A new channel is given a name, which it keeps."""
    return create_model("Naming", name=_field("name", str, ..., min_length=1, max_length=60))


def options_model(teams: Sequence[Team]) -> type[BaseModel]:
    """What every channel is asked for, whatever its kind."""
    fields: dict[str, Any] = {
        "sender_name": _field("sender_name", str, ""),
        "team": _field("team", _choice(teams), tr("ticket.no_team")),
        "active": _field("active", bool, True),
        "acknowledge": _field("acknowledge", bool, False),
        "plus_address": _field("plus_address", bool, False),
    }
    return create_model("Options", **fields)


def option_values(account: ChannelAccount, teams: Sequence[Team]) -> dict[str, Any]:
    """What stands in that form for a channel there is."""
    team = next((each.name for each in teams if each.id == account.team_id), tr("ticket.no_team"))
    names = ("sender_name", "active", "acknowledge", "plus_address")
    return {name: getattr(account, name) for name in names} | {"team": team}


def new_account_of(
    name: str, kind: str, options: BaseModel, settings: BaseModel, teams: Sequence[Team]
) -> ChannelAccount:
    """The new account that was entered."""
    return new_account(name, kind, **_told(options, settings, teams))


def changed_account(
    known: ChannelAccount, options: BaseModel, settings: BaseModel, teams: Sequence[Team]
) -> ChannelAccount:
    """The known account as it was entered."""
    return replace(known, **_told(options, settings, teams))


def identity_entered(known: ChannelAccount | None, kind: str, config: Mapping[str, Any]) -> Identity | None:
    """Who is to be signed in for these settings, valid or not; None where nobody is or they are not valid."""
    kept = known.config if known is not None and known.kind == kind else {}
    try:
        return identity_of(new_account("", kind, "", {**kept, **config}))
    except KnownError:
        return None


def _told(options: BaseModel, settings: BaseModel, teams: Sequence[Team]) -> dict[str, Any]:
    told = options.model_dump()
    team = told.pop("team")
    told["team_id"] = next((each.id for each in teams if each.name == team), None)
    told["config"] = settings.model_dump(mode="json")
    return told | {"address": str(told["config"].get("address", ""))}


def kind_words(kind: str) -> str:
    return tr(f"channel.{kind}.name")


def _state(account: ChannelAccount, health: ChannelHealth | None) -> tuple[State, str]:
    if not account.active or health is None:
        return "resting", tr("channels.resting")
    if health.problem:
        return "broken", problem_of(health)
    return "works" if health.polled_at else "new", channels_words([health])


def _field(name: str, kind: Any, default: Any, **limits: Any) -> tuple[Any, Any]:
    words: dict[str, Any] = {"title": tr(f"channels.field.{name}"), "description": tr(f"channels.field.{name}_hint")}
    return kind, Field(default, **words, **limits)


def _choice(teams: Sequence[Team]) -> Any:
    return Literal[(tr("ticket.no_team"), *(each.name for each in teams))]
