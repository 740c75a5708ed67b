"""Steps whose hours or tree were changed: what waits until a step opens is asked at the opening as it is now, and lines
to who leads count by the hours and the tree that hold now. And where nobody could be asked at all, whoever was put on
duty since, or is back, is asked after all.

Once asked for, an answer is awaited until the instant that was told.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, event, literal_column, or_, select

from app.models.records.handoffs import HandoffState
from app.models.records.queue import Change
from app.models.records.trees import Tree
from app.models.tables import Application, BusinessCalendar, Handoff, Ticket
from app.services.database import Database, Work
from app.services.database.changes import EVERYTHING, ChangeFeed
from app.services.escalation.attempts import ask_after_all, is_waiting, plan, tree_now
from app.services.escalation.steps import STANDS, TOLD_ALL, node_of, still_there, stored_node
from app.services.sla.keeping import keep
from app.services.trees.cover import cover_of

RESCHEDULED = "handoff.rescheduled"
_AT_ONCE = 200
_PEOPLE = frozenset({"oncall", "agent", "catalogue"})
_LIVE = Handoff.state.in_([literal_column(f"'{each.value}'", Text) for each in HandoffState if each.is_live])
"""Not handed over as values: the planner shall see that the index of steps that go on answers the question."""
_TOLD_ALL = and_(Handoff.state == HandoffState.UNANSWERED.value, Handoff.note == TOLD_ALL)


class Replanning:
    """A step of the sweep; keep one for as long as this process sweeps. At its first run it looks at all that wait for
    somebody, for what was missed before."""

    def __init__(self, database: Database) -> None:
        self._feed = ChangeFeed(database)
        self._begun = False
        self._left: dict[UUID, None] = {}

    def __call__(self, work: Work) -> int:
        told = self._feed.read()
        if not self._begun or any(each.topic == EVERYTHING for each in told):
            asking = Handoff.state == HandoffState.OFFERED.value, Handoff.note != STANDS
            coming = select(Handoff.id).where(Handoff.next_at > work.now, *asking)
            self._left = dict.fromkeys([*work.session.scalars(coming), *_live(work, _TOLD_ALL)])
            self._begun = True
        else:
            self._left |= dict.fromkeys(_changed(work, told))
        some = list(self._left)[:_AT_ONCE]
        done = replan(work, some) if some else ()
        event.listen(work.session, "after_commit", lambda _session: self._through(done), once=True)
        return len(done)

    def _through(self, done: Iterable[UUID]) -> None:
        """These are stored now. After a write that failed they are left still."""
        for each in done:
            self._left.pop(each, None)


def replan(work: Work, step_ids: Collection[UUID]) -> Collection[UUID]:
    """Set anew when these steps are looked at; which of them that was done for, or need it no more.

    One whose ticket somebody is writing to is left to the next sweep.
    """
    going_on = select(Handoff.id, Handoff.ticket_id).where(Handoff.id.in_(step_ids), _LIVE)
    there = dict(work.session.execute(going_on).all())
    free = select(Ticket).where(Ticket.id.in_(there.values())).order_by(Ticket.id).with_for_update(skip_locked=True)
    tickets = {each.id: each for each in work.session.scalars(free)}
    locked = select(Handoff).where(Handoff.id.in_(there), Handoff.ticket_id.in_(tickets), _LIVE).with_for_update()
    cover, trees = cover_of(work.session), dict[UUID | None, Tree | None]()
    steps = work.session.scalars(locked).all()
    with work.session.no_autoflush:  # they are written at once, not one by one
        for step in steps:
            ticket = tickets[step.ticket_id]
            if ticket.application_id not in trees:
                trees[ticket.application_id] = tree_now(work, ticket)
            tree = trees[ticket.application_id]
            if tree is not None:
                _reschedule(work, step, tree)
            if tree is None or not ask_after_all(work, ticket, step, cover, tree):
                plan(work, ticket, step, cover, tree)
    return [each for each in step_ids if each not in there or there[each] in tickets]


def _reschedule(work: Work, step: Handoff, tree: Tree) -> None:
    """Who waits for a step to open waits by the calendar that its tree says now."""
    node, now = node_of(step), tree.node(step.node_key)
    if now is None or now.calendar_id == node.calendar_id or not is_waiting(work, step):
        return
    hours = still_there(work, BusinessCalendar, now.calendar_id)
    if hours == node.calendar_id:
        return
    step.node = stored_node(replace(node, calendar_id=hours))
    keep(work, step.ticket_id)
    before, after = {"calendar_id": node.calendar_id}, {"node": node.key, "calendar_id": hours}
    work.audit(RESCHEDULED, step.id, ticket_id=step.ticket_id, before=before, after=after)


def _changed(work: Work, told: Collection[Change]) -> Iterator[UUID]:
    """The steps that go on and go by a calendar or a tree that was changed; a tree by template changes with its
    application and its vendor. Where people were changed, those at which nobody could be asked."""
    subjects: dict[str, set[UUID]] = {each: set() for each in ("calendar", "tree", "application", "vendor")}
    for each in told:
        if each.topic in subjects:
            subjects[each.topic].add(UUID(each.id))
    if not _PEOPLE.isdisjoint(each.topic for each in told):
        yield from _live(work, _TOLD_ALL)
    if subjects["calendar"]:
        calendars = [str(each) for each in subjects["calendar"]]
        yield from _live(work, Handoff.node["calendar_id"].as_string().in_(calendars))
    applications = subjects["tree"] | subjects["application"]
    if applications or subjects["vendor"]:
        of_vendor = select(Application.id).where(Application.vendor_id.in_(subjects["vendor"]))
        yield from _live(work, or_(Ticket.application_id.in_(applications), Ticket.application_id.in_(of_vendor)))


def _live(work: Work, condition: ColumnElement[bool]) -> Iterable[UUID]:
    return work.session.scalars(select(Handoff.id).join(Ticket, Ticket.id == Handoff.ticket_id).where(_LIVE, condition))
