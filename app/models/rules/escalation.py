"""Where a request goes next, and who is asked there, in which order and when.

The same rules move a ticket and simulate it. They read nothing themselves: what they need to know of calendars,
rotations and people is asked of a `Cover`.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Protocol
from uuid import UUID

from app.models.records.on_call import OnDuty
from app.models.records.tickets import Priority
from app.models.records.trees import (
    ContactWay,
    Edge,
    EdgeKind,
    ManagerStep,
    NextStep,
    Node,
    PlannedContact,
    Reason,
    TicketFacts,
    Tree,
    WayKind,
)
from app.models.rules.business_time import Hours

URGENT = frozenset({Priority.P1, Priority.P2})
"""What does not wait until a closed node opens: it goes to the nearest one that is served."""
_LONGEST_WAIT = timedelta(days=14)
"""For how long at most a matter that is not urgent waits for a closed node to open: over any holidays, not for good."""


class Cover(Protocol):
    """What the rules ask about people and hours. Instants are aware."""

    def hours(self, node: Node) -> Hours:
        """The hours in which a node is served."""
        ...

    def on_duty(self, team_id: UUID, at: datetime) -> OnDuty: ...

    def is_rostered(self, team_id: UUID) -> bool:
        """Whether people of the team take turns: then it is covered while one of them is on duty."""
        ...

    def present(self, team_id: UUID, at: datetime) -> bool:
        """Whether anybody of the team works here and is not away."""
        ...

    def is_there(self, agent_id: UUID, at: datetime) -> bool:
        """Whether the person works here and is not away."""
        ...

    def manager(self, team_id: UUID) -> UUID | None: ...

    def can_write_to(self, vendor_id: UUID) -> bool: ...


def first_step(tree: Tree, facts: TicketFacts, at: datetime, cover: Cover) -> NextStep | None:
    """Where a request begins, or the nearest cover of that; None where the tree has no beginning."""
    start = tree.node(tree.start)
    if start is None:
        return None
    return _with_cover(tree, start, (("start", {}),), (), facts, at, cover)


def next_step(tree: Tree, current: str, facts: TicketFacts, at: datetime, cover: Cover) -> NextStep | None:
    """The node to hand on to from `current`, and why; None where the way ends.

    The first edge whose conditions all hold. Where the node it leads to has nobody, or is closed and the matter is
    urgent, the nearest node with cover: along its own edges, then along the others from here. Where nobody is anywhere
    the node stays proposed, and says so.
    """
    edges = [each for each in tree.leaving(current, EdgeKind.FUNCTIONAL) if tree.node(each.target)]
    if not edges:
        return None
    edge, why = _first_fitting(tree, edges, facts, at, cover)
    node = tree.node(edge.target)
    others = tuple(dict.fromkeys(each.target for each in edges if each.target != edge.target))
    return _with_cover(tree, node, why, others, facts, at, cover) if node else None


def manager_steps(
    tree: Tree, current: str, facts: TicketFacts, since: datetime, cover: Cover
) -> tuple[ManagerStep, ...]:
    """Whom the hierarchic edges tell of a ticket that lies with `current` since then: at once by its priority, or when
    it has lain there for the edge's time of open hours; the earliest first."""
    node = tree.node(current)
    found: list[ManagerStep] = []
    for edge in tree.leaving(current, EdgeKind.HIERARCHIC):
        target = tree.node(edge.target)
        if node is None or target is None or _why_fits(edge, target, facts, since, cover) is None:
            continue
        wanted = edge.conditions.priorities
        if wanted and facts.priority in wanted:
            found.append(ManagerStep(edge.target, since, (("priority", {"priority": facts.priority.name}),)))
        elif edge.after is not None:
            at = cover.hours(node).due(since, edge.after)
            if at is not None:
                why = ("time", {"minutes": str(int(edge.after.total_seconds() // 60)), "node": node.name})
                found.append(ManagerStep(edge.target, at, (why,)))
    return tuple(sorted(found, key=lambda each: each.at))


def accept_due(node: Node, priority: Priority, since: datetime, cover: Cover) -> datetime | None:
    """When a step taken at `since` goes on to the next for want of an answer; None where it has no target, or never."""
    within = accept_target(node, priority)
    return cover.hours(node).due(since, within) if within is not None else None


def accept_target(node: Node, priority: Priority) -> timedelta | None:
    return node.accept_within.get(priority, node.accept_within.get(None))


def resolve_target(node: Node, priority: Priority) -> timedelta | None:
    return node.resolve_within.get(priority, node.resolve_within.get(None))


def has_cover(node: Node, at: datetime, cover: Cover) -> bool:
    """Whether the node is served then and one of its contacts reaches somebody. A whole team does not count where its
    people take turns: it may be asked, but nobody said that they would be there."""
    if not cover.hours(node).is_open(at):
        return False
    in_turns = node.team_id is not None and cover.is_rostered(node.team_id)
    ways = [each for each in node.contacts if each.kind is not WayKind.TEAM or not in_turns]
    return any(not _whom(way, node, at, cover)[1] for way in ways)


def contact_at(node: Node, place: int, turn: int, at: datetime, until: datetime | None, cover: Cover) -> PlannedContact:
    """The attempt by the node's contact number `place`, the `turn`-th time, made at `at`.

    Its answer is awaited for its own time of open hours, and not after `until`. It reaches nobody where `note` is not
    empty; then there is no waiting.
    """
    way = node.contacts[place]
    agent, note = _whom(way, node, at, cover)
    if note:
        return PlannedContact(at, node.key, way.kind, None, at, turn, note)
    answer_by = cover.hours(node).due(at, way.answer_within) or until or at + way.answer_within
    return PlannedContact(at, node.key, way.kind, agent, min(answer_by, until or answer_by), turn)


def next_contact(
    node: Node, place: int, turn: int, at: datetime, until: datetime | None, cover: Cover
) -> tuple[int, PlannedContact] | None:
    """The attempt after number `place` of the `turn`-th time (-1 and 1: the first), with its place; None where the
    step has nobody left to ask: its time (`until`) is over, its contacts were all tried as often as they should be, or
    none of them reaches anybody now. While the node is closed the attempt is made when it opens, unless that is too
    long to wait.
    """
    place, turn = (place + 1, turn) if place + 1 < len(node.contacts) else (0, turn + 1)
    opens = cover.hours(node).next_open(at)
    if opens is None or opens - at > _LONGEST_WAIT or (until is not None and opens >= until):
        return None
    if not node.contacts or turn > max(node.repeat, 1):
        return None
    if turn > 1 and place == 0 and not _reaches(node, opens, cover):
        return None
    return place, contact_at(node, place, turn, opens, until, cover)


def contact_plan(tree: Tree, facts: TicketFacts, at: datetime, cover: Cover) -> tuple[PlannedContact, ...]:
    """Everybody who is asked, one after the other, if nobody ever answers a request that comes in at `at`; managers
    who are told meanwhile among them, by time.

    At the note `told_all` everybody was asked: from then on it waits, and only managers may still hear of it.
    """
    walked, now = set[str](), at
    plan: list[PlannedContact] = []
    node = _unwalked(tree, first_step(tree, facts, at, cover), walked)
    while node is not None:
        entered = now
        walked.add(node.key)
        for contact in asked_at(node, facts.priority, entered, cover):
            plan.append(contact)
            now = max(now, contact.answer_by)
        following = _unwalked(tree, next_step(tree, node.key, facts, now, cover), walked)
        plan += _told_of(tree, node, facts, entered, now if following is not None else None, cover)
        if following is None:
            plan.append(PlannedContact(now, node.key, WayKind.TEAM, None, now, 1, "told_all"))
        node = following
    return tuple(sorted(plan, key=lambda each: each.at))


def _unwalked(tree: Tree, step: NextStep | None, walked: set[str]) -> Node | None:
    """The node proposed, or the first of the others where it was asked already: nobody is asked in circles."""
    keys = (step.node, *step.others) if step is not None else ()
    return next((node for key in keys if key not in walked and (node := tree.node(key))), None)


def asked_at(node: Node, priority: Priority, at: datetime, cover: Cover) -> Iterator[PlannedContact]:
    until = accept_due(node, priority, at, cover)
    found = next_contact(node, -1, 1, at, until, cover)
    if found is None:
        yield PlannedContact(at, node.key, WayKind.TEAM, None, at, 1, _why_nobody(node, at, cover))
    while found is not None:
        place, contact = found
        yield contact
        found = next_contact(node, place, contact.round, contact.answer_by, until, cover)


def _why_nobody(node: Node, at: datetime, cover: Cover) -> str:
    """Why a step asks nobody at all, a code."""
    if not node.contacts:
        return "no_contact"
    return "never_open" if cover.hours(node).next_open(at) is None else "closed_long"


def _told_of(
    tree: Tree, node: Node, facts: TicketFacts, since: datetime, until: datetime | None, cover: Cover
) -> Iterator[PlannedContact]:
    """The managers who hear of it while it lies with `node`, for good where `until` is None; nobody waits for an answer
    of theirs."""
    for step in manager_steps(tree, node.key, facts, since, cover):
        manager = tree.node(step.node)
        if manager is None or (until is not None and step.at > until):
            continue
        places = range(len(manager.contacts))
        tried = [contact_at(manager, place, 1, step.at, step.at, cover) for place in places]
        reached = next((each for each in tried if not each.note), None)
        kind = reached.kind if reached else WayKind.MANAGER
        agent, note = (reached.agent_id, "informed") if reached else (None, "no_manager")
        yield PlannedContact(step.at, manager.key, kind, agent, step.at, 1, note)


def _first_fitting(
    tree: Tree, edges: list[Edge], facts: TicketFacts, at: datetime, cover: Cover
) -> tuple[Edge, tuple[Reason, ...]]:
    for edge in edges:
        node = tree.node(edge.target)
        why = _why_fits(edge, node, facts, at, cover) if node and _fits(tree, edge, facts, at, cover) else None
        if why is None:
            continue
        if edge.conditions.priorities:
            why = (*why, ("priority", {"priority": facts.priority.name}))
        return edge, why or ((("only_way", {}),) if len(edges) == 1 else (("usual_way", {}),))
    return edges[0], (("none_fits", {}),)


def _why_fits(edge: Edge, node: Node, facts: TicketFacts, at: datetime, cover: Cover) -> tuple[Reason, ...] | None:
    """Which of its conditions hold, priorities aside; None where one does not."""
    wanted = edge.conditions
    told: list[Reason] = []
    asked = (
        ("category", wanted.categories, facts.category),
        ("category", node.categories, facts.category),
        ("component", wanted.components, facts.component),
        ("skill", wanted.skills, facts.skill),
        ("language", wanted.languages, facts.language),
    )
    for code, values, value in asked:
        if values and value.casefold() not in {each.casefold() for each in values}:
            return None
        if values and (code, {"value": value}) not in told:
            told.append((code, {"value": value}))
    if wanted.open_hours is not None:
        if cover.hours(node).is_open(at) is not wanted.open_hours:
            return None
        told.append(("while_open" if wanted.open_hours else "while_closed", {"node": node.name}))
    return tuple(told)


def _with_cover(
    tree: Tree, node: Node, why: tuple[Reason, ...], others: tuple[str, ...], facts: TicketFacts, at: datetime,
    cover: Cover,
) -> NextStep:  # fmt: skip
    """`node`, or the nearest one that is there in its place."""
    if has_cover(node, at, cover):
        return NextStep(node.key, why, others)
    stays = _why_it_stays(node, at, cover)
    if stays is not None and facts.priority not in URGENT:
        return NextStep(node.key, (*why, stays), others)
    further = list(_further(tree, node.key, others, facts, at, cover))
    nearest = next((each for each in further if has_cover(each, at, cover)), None)
    if nearest is None and stays is None:  # nobody promised to be there: whoever can be asked at all
        nearest = next((each for each in further if _why_it_stays(each, at, cover) is not None), None)
    if nearest is None:
        return NextStep(node.key, (*why, stays or ("no_cover", {"node": node.name})), others)
    left = tuple(each for each in dict.fromkeys((node.key, *others)) if each != nearest.key)
    passed, taken = (_why_left(node, facts, at, cover), {"node": node.name}), ("nearest", {"node": nearest.name})
    return NextStep(nearest.key, (*why, passed, taken), left)


def _why_left(node: Node, facts: TicketFacts, at: datetime, cover: Cover) -> str:
    opens = cover.hours(node).next_open(at)
    if opens is None:
        return "never_open"
    if opens - at > _LONGEST_WAIT:
        return "closed_long"
    return "closed_now" if opens > at and facts.priority in URGENT else "nobody_there"


def _why_it_stays(node: Node, at: datetime, cover: Cover) -> Reason | None:
    """What speaks for a node without cover: that it opens later, or that its whole team can be asked."""
    opens = cover.hours(node).next_open(at)
    if opens is None or opens - at > _LONGEST_WAIT or not _reaches(node, opens, cover):
        return None
    return (
        ("opens", {"node": node.name, "at": opens.isoformat()}) if opens > at else ("team_asked", {"node": node.name})
    )


def _further(
    tree: Tree, key: str, others: tuple[str, ...], facts: TicketFacts, at: datetime, cover: Cover
) -> Iterator[Node]:
    """The nodes along the way from `key`, the nearest first and of these the fitting ones; then those along the other
    ways, each once."""
    seen = {key}
    for start in ((key,), others):
        ring = list(start)
        while ring:
            nodes = [tree.node(each) for each in ring if each not in seen]
            yield from (each for each in nodes if each is not None)
            seen.update(ring)
            leaving = chain.from_iterable(tree.leaving(each, EdgeKind.FUNCTIONAL) for each in ring)
            onward = [each for each in leaving if each.target not in seen]
            onward.sort(key=lambda each: not _fits(tree, each, facts, at, cover))
            ring = list(dict.fromkeys(each.target for each in onward))


def _fits(tree: Tree, edge: Edge, facts: TicketFacts, at: datetime, cover: Cover) -> bool:
    node = tree.node(edge.target)
    wanted = edge.conditions.priorities
    fitting = not wanted or facts.priority in wanted
    return fitting and node is not None and _why_fits(edge, node, facts, at, cover) is not None


def _reaches(node: Node, at: datetime, cover: Cover) -> bool:
    return any(not _whom(way, node, at, cover)[1] for way in node.contacts)


def _whom(way: ContactWay, node: Node, at: datetime, cover: Cover) -> tuple[UUID | None, str]:
    """Whom a contact means then, None for a whole team or a vendor; the second is why it means nobody, a code."""
    team = node.team_id
    match way.kind:
        case WayKind.ON_DUTY:
            agent = cover.on_duty(team, at).agent_id if team else None
            return _there(agent, at, cover, "nobody_on_duty")
        case WayKind.NEXT_ON_DUTY:
            duty = cover.on_duty(team, at) if team else None
            following = duty.next_id if duty is not None and duty.next_id != duty.agent_id else None
            return _there(following, at, cover, "nobody_next")
        case WayKind.TEAM:
            return None, "" if team and cover.present(team, at) else "nobody_in_team"
        case WayKind.PERSON:
            return _there(way.agent_id, at, cover, "nobody_named")
        case WayKind.MANAGER:
            manager = way.agent_id or node.manager_id or (cover.manager(team) if team else None)
            return _there(manager, at, cover, "no_manager")
        case WayKind.VENDOR:
            return None, "" if node.vendor_id and cover.can_write_to(node.vendor_id) else "no_vendor"


def _there(agent_id: UUID | None, at: datetime, cover: Cover, otherwise: str) -> tuple[UUID | None, str]:
    if agent_id is None:
        return None, otherwise
    return (agent_id, "") if cover.is_there(agent_id, at) else (None, "away")
