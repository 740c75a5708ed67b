"""Who can be pulled into a ticket and who is in it, in words. Pure: it needs no widget."""

from collections.abc import Sequence
from datetime import datetime

from app.models.records.handoffs import SwarmOffer, SwarmView
from app.services.wording import tr
from app.views.escalating.clock_words import ChipWords
from app.views.kit.picker import PickItem
from app.views.tree.words import instant_words


def offer_items(offers: Sequence[SwarmOffer], now: datetime) -> list[PickItem]:
    """A line for each person and each skill of theirs, so that typing either finds them; who is on duty first."""
    return [
        PickItem(_line(each, skill), (each.agent_id, skill), _duty(each, now), "on-call" if each.on_duty else "person")
        for each in offers
        for skill in each.skills or ("",)
    ]


def member_items(members: Sequence[SwarmView]) -> list[PickItem]:
    return [PickItem(_called(each), each.agent_id, icon="close") for each in members]


def member_chips(members: Sequence[SwarmView], now: datetime) -> list[ChipWords]:
    return [
        ChipWords(_called(each), "muted", "person", tr("swarm.since", name=each.name, at=at))
        for each in members
        for at in (instant_words(each.joined_at, now),)
    ]


def _line(offer: SwarmOffer, skill: str) -> str:
    return tr("swarm.with_skill", name=offer.name, skill=skill) if skill else offer.name


def _called(member: SwarmView) -> str:
    return tr("swarm.with_skill", name=member.name, skill=member.skill) if member.skill else member.name


def _duty(offer: SwarmOffer, now: datetime) -> str:
    if not offer.on_duty:
        return ""
    return tr("swarm.on_duty_until", at=instant_words(offer.until, now)) if offer.until else tr("swarm.on_duty")
