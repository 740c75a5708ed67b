"""What was worked out of a tree, for the list and for the picture. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from app.models.records.trees import SimulatedCall, Simulation, Tree
from app.services.wording import tr
from app.views.tree.words import instant_words

_RUNS = 2
"""As many as fit beside the time on a card, also from afar."""


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
    """`3`, or `3-6`, or `3, 5-7`; of what has many parts the first two, and a sign that there are more."""
    runs: list[list[int]] = []
    for each in numbers:
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    told = [str(run[0]) if len(run) == 1 else f"{run[0]}\N{EN DASH}{run[-1]}" for run in runs]
    more = [f"+{len(numbers) - sum(map(len, runs[:_RUNS]))}"] if len(told) > _RUNS else []
    return ", ".join(told[:_RUNS] + more)


def _line(call: SimulatedCall, found: Simulation) -> PlanLine:
    time, who = instant_words(call.at, found.at), call.who
    if call.note:
        note = tr(f"contact_note.{call.note}")
        who = tr("tree_view.call_note", who=who, note=note) if who else note[:1].upper() + note[1:]
    spoken = tr("tree_view.call_spoken", time=time, who=who, step=call.node_name)
    return PlanLine(call.node, time, who, call.node_name, spoken)
