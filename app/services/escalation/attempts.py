"""Asking one after the other: each contact of a step in turn, then the next step, until somebody accepts.

Every attempt is a row, made in the transaction that asks. What is due is stored with the step, so that a sweep after a
day asleep goes on where it was: those who did not answer are written down once, and the next is asked now.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from sqlalchemy import func, select

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.handoffs import HandoffKind, HandoffState, Outcome
from app.models.records.tickets import Priority, Status
from app.models.records.trees import NextStep, Node, PlannedContact, Tree, WayKind
from app.models.rules.escalation import accept_due, contact_at, has_cover, manager_steps, next_contact, next_step
from app.models.tables import ContactAttempt, Handoff, Team, Ticket, Vendor
from app.services.database import Work
from app.services.escalation.packet import prefilled
from app.services.escalation.ports import PORTS
from app.services.escalation.steps import (
    RAISED,
    STANDS,
    TOLD_ALL,
    add_step,
    end_step,
    is_calling,
    node_of,
    still_there,
    tell,
)
from app.services.escalation.telling import facts_of, packet_of, tree_for
from app.services.tickets.editing import touch
from app.services.trees.cover import DeskCover, cover_of
from app.services.trees.standing import standing
from app.services.wording import tr

_AT_ONCE = 20
"""Steps in one write: others wait for its end."""
_WHY_NEAREST = frozenset(
    {"nobody_there", "closed_now", "closed_long", "never_open", "nearest", "no_cover", "team_asked"}
)
_STEPS = 30
"""Steps in a row that nobody is found for, before all are told: a tree may be a circle while it is edited."""


def sweep(work: Work) -> int:
    """Go on with the steps whose time has come: whoever did not answer was asked in vain, managers are told.

    A ticket that somebody is writing to is left to the next sweep: what they do may be the answer.
    """
    due = select(Handoff.id, Handoff.ticket_id).where(Handoff.next_at <= work.now)
    found = work.session.execute(due.order_by(Handoff.next_at, Handoff.id).limit(_AT_ONCE)).all()
    cover = cover_of(work.session) if found else None
    done = 0
    for step_id, ticket_id in found:
        assert cover is not None
        free = select(Ticket).where(Ticket.id == ticket_id).with_for_update(skip_locked=True)
        ticket = work.session.scalars(free).one_or_none()
        still = select(Handoff).where(Handoff.id == step_id, Handoff.next_at <= work.now).with_for_update()
        step = work.session.scalars(still).one_or_none() if ticket is not None else None
        if ticket is not None and step is not None:
            _sweep(work, ticket, step, cover)
            done += 1
    return done


def _sweep(work: Work, ticket: Ticket, step: Handoff, cover: DeskCover) -> None:
    step.next_at = None
    if Status(ticket.status).is_done:
        return
    _tell_managers(work, ticket, step, cover)
    now_at = step
    if step.note == STANDS and is_calling(ticket):
        _raise(work, ticket, step)
    if step.state == HandoffState.OFFERED.value and step.note != STANDS and not _is_awaited(work, step):
        now_at = _go_on(work, ticket, step, cover)
    plan(work, ticket, now_at, cover, tree_now(work, ticket))


def _raise(work: Work, ticket: Ticket, step: Handoff) -> None:
    """It waited in its team's list and is urgent by now: people are asked, and have their time to answer from here."""
    step.note = RAISED
    packet = prefilled(work.session, ticket)
    step.packet = {name: getattr(packet, name) for name in packet.__slots__}
    work.audit("handoff.raised", step.id, ticket_id=ticket.id, after={"node": step.node_key})


def go_on(work: Work, ticket: Ticket, step: Handoff) -> None:
    """Ask the first of a step that was just made, or the next after one who declined.

    Where the step has nobody left, the next sweep moves the ticket on: a person may not move what they gave away.
    """
    cover = cover_of(work.session)
    _ask(work, ticket, step, cover)
    plan(work, ticket, step, cover, tree_now(work, ticket))


def plan_next(work: Work, ticket: Ticket, step: Handoff) -> None:
    """Its state was changed: when it is looked at again."""
    plan(work, ticket, step, cover_of(work.session), tree_now(work, ticket))


def _go_on(work: Work, ticket: Ticket, step: Handoff, cover: DeskCover) -> Handoff:
    """Ask the next of a step, or move the ticket to the next step where nobody is left to ask; the step it is on then.

    Where the way ends, all of the last step are told, and it waits.
    """
    for _ in range(_STEPS):
        if _ask(work, ticket, step, cover):
            return step
        following = _following(work, ticket, step, cover)
        if following is None:
            break
        step = following
    step.state, step.note = HandoffState.UNANSWERED.value, TOLD_ALL
    _log(work, step, PlannedContact(work.now, step.node_key, WayKind.TEAM, None, work.now, step.round), Outcome.TOLD)
    work.changed("handoff", step.id, ticket.id)
    code = "template.told_all" if _was_asked(work, step) else "template.told_all_unasked"
    tell(work, ticket, tr(code, node=str(step.node["name"])))
    work.audit("handoff.unanswered", step.id, ticket_id=ticket.id, after={"node": step.node_key})
    return step


def _ask(work: Work, ticket: Ticket, step: Handoff, cover: DeskCover) -> bool:
    """Ask the next who can be reached; False where the step has nobody left. Whoever is nobody is written down."""
    while (found := _next_of(work, ticket, step, cover)) is not None:
        place, contact = found
        if contact.at > work.now:  # the step is closed: it is asked when it opens
            return True
        step.place, step.round = place, contact.round
        if contact.note:
            _log(work, step, contact, Outcome.NOBODY)
            continue
        attempt = _log(work, step, contact, Outcome.PENDING)
        for port in PORTS:
            port(work, ticket, step, attempt)
        return True
    return False


def _next_of(work: Work, ticket: Ticket, step: Handoff, cover: DeskCover) -> tuple[int, PlannedContact] | None:
    node = node_of(step)
    until = accept_due(node, Priority(ticket.priority), _asked_since(work, step), cover)
    return next_contact(node, step.place, step.round, work.now, until, cover)


def _asked_since(work: Work, step: Handoff) -> datetime:
    if step.note != RAISED:
        return step.at
    theirs = ContactAttempt.handoff_id == step.id, ContactAttempt.node_key == step.node_key
    return work.session.scalar(select(func.min(ContactAttempt.at)).where(*theirs)) or work.now


def _following(work: Work, ticket: Ticket, step: Handoff, cover: DeskCover) -> Handoff | None:
    """The step after one that nobody answers at: made, and the ticket with it."""
    tree = tree_now(work, ticket)
    if tree is None:
        return None
    walked = _asked_in_vain(work, step)
    here = (
        next((key for key in walked if tree.node(key) is not None), "") or standing(work.session, ticket, tree).current
    )
    proposed = next_step(tree, here, facts_of(ticket), work.now, cover)
    node = _next_node(tree, proposed, walked) if proposed is not None else None
    if proposed is None or node is None:
        return None
    _tell_managers(work, ticket, step, cover)  # also of a step that was left in the instant it was reached
    following = _go_to(work, ticket, step, tree, node)
    tell(work, ticket, _went_on(work, step, node, proposed, gone=tree.node(step.node_key) is None))
    return following


def _go_to(work: Work, ticket: Ticket, step: Handoff, tree: Tree, node: Node) -> Handoff:
    """From a step where nobody answered to another."""
    end_step(work, step, HandoffState.CANCELLED)
    step.note = "nobody_answered"
    following = add_step(work, ticket, HandoffKind.FUNCTIONAL, tree, node, packet_of(step))
    following.note = "from_unanswered"
    move(work, ticket, node)
    work.audit("handoff.went_on", following.id, ticket_id=ticket.id, after={"node": node.key, "from": step.node_key})
    return following


def ask_after_all(work: Work, ticket: Ticket, step: Handoff, cover: DeskCover, tree: Tree) -> bool:
    """Where the way ended and nobody at all could be asked: the first step of it where somebody is by now is asked."""
    if step.note != TOLD_ALL or step.state != HandoffState.UNANSWERED.value or ticket.assignee_id is not None:
        return False
    walked = _walked_in_vain(work, step)
    nodes = [node for each in reversed(walked) if (node := tree.node(each.node_key)) is not None]
    node = next((each for each in nodes if has_cover(each, work.now, cover)), None)
    if node is None or any(_was_asked(work, each) for each in walked):
        return False
    following = _go_to(work, ticket, step, tree, node)
    _ask(work, ticket, following, cover)
    plan(work, ticket, following, cover, tree)
    tell(work, ticket, tr("template.asked_after_all", node=node.name))
    return True


def _went_on(work: Work, step: Handoff, node: Node, proposed: NextStep, *, gone: bool) -> str:
    code = "template.went_on" if _was_asked(work, step) else "template.went_on_unasked"
    told = [tr(code, node=str(step.node["name"]), next=node.name)]
    told += [tr("template.step_gone", node=str(step.node["name"]))] if gone else []
    told += [
        tr(f"why.{code}", **facts) for code, facts in proposed.why if node.key == proposed.node and code in _WHY_NEAREST
    ]
    return " ".join(told)


def _was_asked(work: Work, step: Handoff) -> bool:
    """Whether anybody of the step was reached, or only its gap was written down."""
    reached = [Outcome.NO_ANSWER.value, Outcome.DECLINED.value]
    theirs = ContactAttempt.handoff_id == step.id, ContactAttempt.outcome.in_(reached)
    return work.session.scalar(select(ContactAttempt.id).where(*theirs).limit(1)) is not None


def _next_node(tree: Tree, proposed: NextStep, walked: Collection[str]) -> Node | None:
    keys = (proposed.node, *proposed.others)
    return next((node for key in keys if key not in walked and (node := tree.node(key)) is not None), None)


def _asked_in_vain(work: Work, step: Handoff) -> list[str]:
    return [each.node_key for each in _walked_in_vain(work, step)]


def _walked_in_vain(work: Work, step: Handoff) -> list[Handoff]:
    """The steps that the ticket came by since a person handed it on, this one first. Where a node was taken out of the
    tree meanwhile, the way goes on from the one before it."""
    walked = [step]
    before = select(Handoff).where(Handoff.ticket_id == step.ticket_id, Handoff.ordinal < step.ordinal)
    for each in work.session.scalars(before.order_by(Handoff.ordinal.desc())):
        if each.note != "nobody_answered":
            break
        walked.append(each)
    return walked


def move(work: Work, ticket: Ticket, node: Node) -> None:
    """The ticket lies with the node's people now, and with nobody of them yet. To a vendor it goes with its team, and
    is waited for where one can write to them."""
    ticket.level = int(node.level)
    vendor = work.session.get(Vendor, node.vendor_id) if node.team_id is None and node.vendor_id is not None else None
    if vendor is None:
        ticket.team_id, ticket.assignee_id = still_there(work, Team, node.team_id) or ticket.team_id, None
    if vendor is not None and vendor.mail:
        ticket.status = Status.WAITING_VENDOR.value
    elif ticket.status == Status.WAITING_VENDOR.value:
        ticket.status = Status.OPEN.value
    ticket.handed_by_id = work.actor.id
    touch(work, ticket)


def _is_awaited(work: Work, step: Handoff) -> bool:
    """Whether an answer may still come in time; an attempt whose time is over was in vain."""
    pending = ContactAttempt.handoff_id == step.id, ContactAttempt.outcome == Outcome.PENDING.value
    awaited = False
    for attempt in work.session.scalars(select(ContactAttempt).where(*pending)):
        if attempt.answer_by is not None and attempt.answer_by <= work.now:
            attempt.outcome, attempt.answered_at = Outcome.NO_ANSWER.value, attempt.answer_by
        else:
            awaited = True
    work.session.flush()
    return awaited


def tree_now(work: Work, ticket: Ticket) -> Tree | None:
    """The tree as it says now; None where there is none, or what is stored is broken: that holds up no other ticket."""
    with suppress(KnownError):
        return tree_for(work.session, ticket)
    return None


def _tell_managers(work: Work, ticket: Ticket, step: Handoff, cover: DeskCover) -> None:
    """The lines to who leads: each is told once, at its time."""
    tree = tree_now(work, ticket)
    told = set(step.hierarchic)
    for each in manager_steps(tree, step.node_key, facts_of(ticket), step.at, cover) if tree is not None else ():
        node = tree.node(each.node) if tree is not None else None
        if node is None or each.at > work.now or each.node in told:
            continue
        told.add(each.node)
        tried = [contact_at(node, place, 1, work.now, work.now, cover) for place in range(len(node.contacts))]
        reached = next((contact for contact in tried if not contact.note), None)
        contact = reached or PlannedContact(work.now, node.key, WayKind.MANAGER, None, work.now, 1, "no_manager")
        attempt = _log(work, step, contact, Outcome.TOLD if reached else Outcome.NOBODY)
        work.audit("handoff.manager_told", attempt.id, ticket_id=ticket.id, after={"node": node.key})
        for port in PORTS if reached else ():
            port(work, ticket, step, attempt)
    step.hierarchic = sorted(told)


def plan(work: Work, ticket: Ticket, step: Handoff, cover: DeskCover, tree: Tree | None) -> None:
    """When the step is to be looked at again: an answer is late, the step opens, a manager is to be told."""
    if not HandoffState(step.state).is_live:
        step.next_at = None
        return
    coming = [
        each.at
        for each in (manager_steps(tree, step.node_key, facts_of(ticket), step.at, cover) if tree is not None else ())
        if each.node not in step.hierarchic
    ]
    if _is_asking(step):
        coming.append(_answer_by(work, step) or _opening(work, ticket, step, cover))
    step.next_at = min(coming, default=None)


def is_waiting(work: Work, step: Handoff) -> bool:
    """Whether somebody is to be asked, but not before the step opens: no answer is awaited."""
    return _is_asking(step) and _answer_by(work, step) is None


def _is_asking(step: Handoff) -> bool:
    return step.state == HandoffState.OFFERED.value and step.note != STANDS


def _answer_by(work: Work, step: Handoff) -> datetime | None:
    pending = ContactAttempt.handoff_id == step.id, ContactAttempt.outcome == Outcome.PENDING.value
    return work.session.scalar(select(func.min(ContactAttempt.answer_by)).where(*pending))


def _opening(work: Work, ticket: Ticket, step: Handoff, cover: DeskCover) -> datetime:
    """When the next is asked; now, where the step has nobody left."""
    found = _next_of(work, ticket, step, cover)
    return found[1].at if found is not None else work.now


def _log(work: Work, step: Handoff, contact: PlannedContact, outcome: Outcome) -> ContactAttempt:
    last = select(func.max(ContactAttempt.ordinal)).where(ContactAttempt.handoff_id == step.id)
    attempt = ContactAttempt(
        id=new_id(),
        handoff_id=step.id,
        ticket_id=step.ticket_id,
        ordinal=(work.session.scalar(last) or 0) + 1,
        node_key=contact.node,
        kind=contact.kind.value,
        agent_id=contact.agent_id,
        at=work.now,
        answer_by=contact.answer_by if outcome is Outcome.PENDING else None,
        outcome=outcome.value,
        reason=contact.note,
    )
    work.session.add(attempt)
    work.session.flush()
    work.changed("attempt", attempt.id, step.ticket_id)
    return attempt
