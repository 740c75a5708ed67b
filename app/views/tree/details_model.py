"""All that is known of a step or an edge, in sections of lines. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.models.records.tickets import Priority
from app.models.records.trees import ContactWay, Edge, EdgeKind, Node, NodeView, TreeView, WayKind
from app.services.wording import tr
from app.views.tree.edge_words import edge_label, edge_spoken, length_words
from app.views.tree.offers import Offers
from app.views.tree.words import card_words, finding_words, level_words


@dataclass(frozen=True, slots=True)
class Section:
    """`is_bad`: what is wrong."""

    title: str
    lines: tuple[str, ...]
    is_bad: bool = False


def step_sections(view: TreeView, key: str, offers: Offers) -> tuple[Section, ...]:
    """What there is to say of a step; nothing where it is not there."""
    found = next((each for each in view.nodes if each.node.key == key), None)
    if found is None:
        return ()
    return tuple(each for each in _sections(view, found, offers) if each.lines)


def edge_sections(view: TreeView, edge: Edge) -> tuple[Section, ...]:
    names = {each.key: each.name for each in view.tree.nodes}
    wrong = tuple(finding_words(each, view.at) for each in view.findings if each.edge == (edge.source, edge.target))
    when = edge_label(edge) or tr("tree_view.whenever")
    sections = (
        Section(tr("tree_view.warnings_title"), wrong, is_bad=True),
        Section(tr("tree_view.way"), (edge_spoken(Edge(edge.source, edge.target, edge.kind), names),)),
        Section(tr("tree_view.when"), (when,)),
    )
    return tuple(each for each in sections if each.lines)


def tree_sections(view: TreeView) -> tuple[Section, ...]:
    """What is wrong with the whole, and how many warnings there are at its steps."""
    whole = tuple(finding_words(each, view.at) for each in view.findings if not each.node and each.edge is None)
    at_steps = sum(1 for each in view.nodes if each.findings)
    told = (*whole, tr("tree_view.steps_with_warnings", count=at_steps)) if at_steps else whole
    return (Section(tr("tree_view.warnings_title"), told, is_bad=True),) if told else ()


def way_words(way: ContactWay, node: Node, offers: Offers) -> str:
    """Whom a contact way tries, and for how long."""
    name = offers.person(way.agent_id) or tr("tree_view.somebody_gone")
    facts = {"name": name if way.kind is WayKind.PERSON else offers.names.get(node.vendor_id, "")}
    return tr(f"tree_view.asks.{way.kind.value}", time=length_words(way.answer_within), **facts)


def promise_lines(promises: Mapping[Priority | None, timedelta]) -> tuple[str, ...]:
    """A promise for each priority that has its own, and the one for all others."""
    own = [(each, promises[each]) for each in Priority if each in promises]
    lines = [tr("tree_view.promise", priority=each.name, time=length_words(length)) for each, length in own]
    rest = promises.get(None)
    if rest is not None:
        key = "tree_view.promise_others" if own else "tree_view.promise_all"
        lines.append(tr(key, time=length_words(rest)))
    return tuple(lines)


def _sections(view: TreeView, found: NodeView, offers: Offers) -> Iterator[Section]:
    node, words = found.node, card_words(found, view)
    wrong = [finding_words(each, view.at) for each in found.findings] or [words.warning] * bool(words.warning)
    yield Section(tr("tree_view.warnings_title"), tuple(wrong), is_bad=True)
    left = (words.time_left,) if words.time_left else ()
    yield Section(tr("tree_view.clock"), left, is_bad=(words.share or 0.0) >= 1)
    yield Section(tr("tree_view.on_duty"), tuple(each for each in (words.duty, words.duty_detail) if each))
    calendar = offers.names.get(node.calendar_id, "") if node.calendar_id else tr("tree_view.round_the_clock")
    yield Section(
        tr("tree_view.served"), tuple(each for each in (level_words(node.level), words.team, calendar) if each)
    )
    ways = [f"{number}. {way_words(each, node, offers)}" for number, each in enumerate(node.contacts, start=1)]
    repeat = [tr("tree_view.repeat", count=node.repeat)] if ways and node.repeat > 1 else []
    yield Section(tr("tree_view.contacts"), (*ways, *repeat))
    yield Section(tr("tree_view.accept_within"), promise_lines(node.accept_within))
    yield Section(tr("tree_view.resolve_within"), promise_lines(node.resolve_within))
    yield Section(tr("tree_view.prerequisites"), tuple(f"\N{BULLET} {each}" for each in node.prerequisites))
    yield Section(tr("tree_view.categories"), (", ".join(node.categories),) if node.categories else ())
    names = {each.key: each.name for each in view.tree.nodes}
    yield Section(tr("tree_view.onward"), tuple(_onward(view, node.key, EdgeKind.FUNCTIONAL, names)))
    yield Section(tr("tree_view.managers"), tuple(_onward(view, node.key, EdgeKind.HIERARCHIC, names)))


def _onward(view: TreeView, key: str, kind: EdgeKind, names: Mapping[str, str]) -> Iterator[str]:
    for edge in view.tree.leaving(key, kind):
        when = edge_label(edge)
        name = names.get(edge.target, edge.target)
        yield f"{name}: {when}" if when else name
