"""What tickets can be changed to, as things to pick. Pure: it needs no widget."""

from collections.abc import Sequence
from datetime import datetime

from app.models.records.desk import Agent, Team
from app.models.records.load import AgentLoad, Load, TeamLoad
from app.models.records.tickets import Priority, Status
from app.services.wording import tr
from app.views.kit.matching import best
from app.views.kit.picker import PickItem
from app.views.kit.times import date_words
from app.views.ticket.properties_model import Offers

MOST = 60


def fitting(typed: str, items: Sequence[PickItem]) -> list[PickItem]:
    """Those that fit what was typed, with the typed letters marked."""
    return [
        PickItem(each.words, each.value, each.detail, each.icon, each.keys, found.places, each.why_not)
        for each, found in best(typed, ((each.words, each) for each in items), MOST)
    ]


def statuses() -> list[PickItem]:
    return [PickItem(tr(f"status.{each.value}"), each, icon="status") for each in Status]


def priorities() -> list[PickItem]:
    return [PickItem(tr(f"priority.{each.name}"), each, icon="priority") for each in Priority]


def applications(offers: Offers) -> list[PickItem]:
    none = PickItem(tr("ticket.no_application"), None, icon="application")
    return [none, *(PickItem(each.name, each.id, icon="application") for each in offers.applications)]


def tags(typed: str, known: Sequence[str], on_it: Sequence[str]) -> list[PickItem]:
    """Known tags to put on, those it has to take off, and what was typed as a new one."""
    drop = [PickItem(tr("bulk.drop_tag", name=each), ("drop", each), icon="close") for each in on_it]
    add = [PickItem(each, ("add", each), icon="tag") for each in known if each not in on_it]
    name = " ".join(typed.lower().split())
    fresh = [PickItem(tr("bulk.new_tag", name=name), ("add", name), icon="tag")] if name and name not in known else []
    return [*fitting(typed, [*add, *drop]), *fresh]


def people(offers: Offers, load: Load, me: Agent | None, now: datetime, why_not: str = "") -> list[PickItem]:
    """Oneself first, then who is at a desk and has least to do; then teams, and nobody. `why_not` holds for all."""
    present = [each for each in offers.agents if each.active]
    present.sort(key=lambda each: (each != me, *_order(load.of_agent(each.id)), each.name))
    items = [
        PickItem(each.name, ("agent", each.id), agent_words(load.of_agent(each.id), now), "person", why_not=why_not)
        for each in present
    ]
    items += [team_item(each, load.of_team(each.id)) for each in offers.teams]
    return [*items, PickItem(tr("ticket.nobody"), ("agent", None), icon="unassigned", why_not=why_not)]


def teams(offers: Offers, load: Load) -> list[PickItem]:
    return [team_item(each, load.of_team(each.id)) for each in offers.teams]


def team_item(team: Team, load: TeamLoad) -> PickItem:
    words = tr("load.team", open=load.open, unassigned=load.unassigned)
    return PickItem(f"{team.name}  ({tr(f'level.{team.level.name}')})", ("team", team.id), words, "team")


def agent_words(load: AgentLoad, now: datetime) -> str:
    """What is on a person: 12 open · 2 late · 1 soon · at the desk."""
    told = [tr("load.open", count=load.open)]
    if load.late:
        told.append(tr("load.late", count=load.late))
    if load.soon:
        told.append(tr("load.soon", count=load.soon))
    if load.away:
        until = load.away_until
        told.append(tr("load.away_until", until=date_words(until)) if until and until > now else tr("load.away"))
    elif load.here:
        told.append(tr("load.here"))
    return "  ·  ".join(told)


def _order(load: AgentLoad) -> tuple[bool, bool, int]:
    return load.away, not load.here, load.open
