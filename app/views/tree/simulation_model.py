"""What was worked out of a tree, for the list and for the picture. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from app.models.records.trees import SimulatedCall, Simulation, Tree
from app.services.wording import tr
from app.views.tree.words import instant_words


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One contact: when, who, at which step."""

    node: str
    time: str
    who: str
    step: str
    spoken: str


def plan_lines(found: Simulation) -> tuple[PlanLine, ...]:
    return tuple(_line(each, found) for each in found.calls)


def plan_words(found: Simulation) -> str:
    """How many are asked, from when until when."""
    if not found.calls:
        return tr("tree_view.nobody_asked")
    first, last = found.calls[0].at, found.calls[-1].at
    since, until = instant_words(first, found.at), instant_words(last, found.at)
    return tr("tree_view.asked_times", count=len(found.calls), since=since, until=until)


def badges(found: Simulation) -> Mapping[str, str]:
    """For each step that is asked: which of the contacts are there, and when the first of them is."""
    told: dict[str, list[int]] = {}
    times: dict[str, str] = {}
    for number, each in enumerate(found.calls, start=1):
        told.setdefault(each.node, []).append(number)
        times.setdefault(each.node, instant_words(each.at, found.at))
    return {key: f"{_numbers(numbers)} \N{MIDDLE DOT} {times[key]}" for key, numbers in told.items()}


def planned_ways(found: Simulation, tree: Tree) -> frozenset[tuple[str, str]]:
    """The edges that it goes along."""
    steps = [each.node for each in found.calls]
    ends = {(each.source, each.target) for each in tree.edges}
    return frozenset(each for each in pairwise(steps) if each in ends)


def _numbers(numbers: list[int]) -> str:
    """`3`, or `3-6`, or `3, 5` and so on where they are few; the first with dots where they are many."""
    if len(numbers) == 1:
        return str(numbers[0])
    if numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}\N{EN DASH}{numbers[-1]}"
    return f"{numbers[0]} \N{HORIZONTAL ELLIPSIS}"


def _line(call: SimulatedCall, found: Simulation) -> PlanLine:
    time, who = instant_words(call.at, found.at), call.who
    if call.note:
        note = tr(f"contact_note.{call.note}")
        who = tr("tree_view.call_note", who=who, note=note) if who else note[:1].upper() + note[1:]
    spoken = tr("tree_view.call_spoken", time=time, who=who, step=call.node_name)
    return PlanLine(call.node, time, who, call.node_name, spoken)
