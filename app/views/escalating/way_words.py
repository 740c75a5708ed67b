"""A ticket's way in words. Pure: it needs no widget."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.models.records.desk import Level
from app.models.records.handoffs import HandoffState, Place, Waiting, Way, WayStep
from app.models.records.trees import Reason, SimulatedCall
from app.services.wording import tr
from app.views.tree.words import instant_words

_INSTANTS = frozenset({"at", "since", "until", "opens"})


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step as the strip shows it: `tag` is its level, `who` is there now; `is_bad` where that is nobody."""

    tag: str
    name: str
    who: str
    place: Place
    is_bad: bool
    spoken: str


def steps(way: Way, now: datetime) -> list[StepWords]:
    return [_step(each, now) for each in way.steps]


def spoken(way: Way, now: datetime) -> str:
    """The whole way as one sentence, for who does not see it."""
    told = ", ".join(each.spoken for each in steps(way, now))
    return " ".join(filter(None, (tr("way.spoken", steps=told), bounces_words(way))))


def bounces_words(way: Way) -> str:
    """How often it came back; empty where it never did."""
    return tr("way.bounces", count=way.bounces) if way.bounces else ""


def level_tag(level: Level) -> str:
    return tr("way.vendor_tag") if level is Level.VENDOR else level.name


def duty_words(step: WayStep, now: datetime) -> str:
    """Who is there, until when, and who is next; or when it opens."""
    if not step.is_open:
        return tr("way.opens", at=instant_words(step.opens_at, now)) if step.opens_at else tr("way.never_open")
    if not step.on_duty:
        return tr("way.nobody")
    if step.until is None:
        return tr("way.whole_team") if step.on_duty == step.team else step.on_duty
    until = instant_words(step.until, now)
    if step.next_on_duty and step.next_on_duty != step.on_duty:
        return tr("way.until_next", who=step.on_duty, until=until, next=step.next_on_duty)
    return tr("way.until", who=step.on_duty, until=until)


def why_words(why: Iterable[Reason], now: datetime) -> str:
    """Why a step is proposed, as sentences."""
    return " ".join(tr(f"why.{code}", **_local(facts.items(), now)) for code, facts in why)


def call_words(call: SimulatedCall, now: datetime) -> tuple[str, str, str]:
    """One attempt as it would be made: when, whom, and until when they have time to answer, or why it is nobody."""
    who = call.who or tr(f"contact_way.{call.kind.value}")
    if call.who and call.kind.value in ("on_duty", "next_on_duty", "team"):
        who = tr("way.whom", who=call.who, way=tr(f"contact_way.{call.kind.value}"))
    if call.note:
        return instant_words(call.at, now), who, tr(f"contact_note.{call.note}")
    return instant_words(call.at, now), who, tr("way.answer_by", at=instant_words(call.answer_by, now))


def waiting_words(waiting: Waiting, now: datetime) -> str:
    """What a ticket that was handed to somebody wants of them."""
    if waiting.state is HandoffState.ACCEPTED:
        return tr("handed.accepted", node=waiting.node_name, by=waiting.by or tr("handed.desk"))
    by = waiting.by or tr("handed.desk")
    key = "handed.offered_team" if waiting.to_team else "handed.offered"
    words = tr(key, by=by, node=waiting.node_name)
    if waiting.answer_by is None:
        return words
    late = "handed.answer_late" if waiting.answer_by < now else "handed.answer_by"
    return f"{words} {tr(late, at=instant_words(waiting.answer_by, now))}"


def _step(step: WayStep, now: datetime) -> StepWords:
    who = duty_words(step, now)
    bad = step.is_open and not step.on_duty and step.place in (Place.CURRENT, Place.NEXT)
    told = tr(
        "way.step", place=tr(f"way.place.{step.place.value}"), level=level_tag(step.level), name=step.name, who=who
    )
    return StepWords(level_tag(step.level), step.name, who, step.place, bad, told)


def _local(facts: Iterable[tuple[str, str]], now: datetime) -> dict[str, str]:
    return {
        name: instant_words(datetime.fromisoformat(value), now) if name in _INSTANTS else value for name, value in facts
    }
