"""Where on its tree a ticket stands, and the way that it came."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.records.handoffs import HandoffKind, HandoffState
from app.models.records.trees import Tree
from app.models.tables import Handoff, Ticket

_WALKED = (HandoffKind.FUNCTIONAL.value, HandoffKind.RETURN.value)


@dataclass(frozen=True, slots=True)
class Standing:
    """`way` are the keys of the nodes that the ticket came by, the last one where it is now; `handoff_id` the step that
    brought it there, None where it began there."""

    way: tuple[str, ...]
    handoff_id: UUID | None = None

    @property
    def current(self) -> str:
        """Empty where the tree has no node for it."""
        return self.way[-1] if self.way else ""


def standing(session: Session, ticket: Ticket, tree: Tree) -> Standing:
    """By its handoffs; where it has none, or was given elsewhere by hand since, by its team and level.

    Nodes that were taken out of the tree are no part of the way.
    """
    query = select(Handoff).where(Handoff.ticket_id == ticket.id, Handoff.kind.in_(_WALKED)).order_by(Handoff.ordinal)
    taken = [each for each in session.scalars(query) if each.state != HandoffState.CANCELLED]
    keys = [each.node_key for each in taken if tree.node(each.node_key) is not None]
    live = next((each for each in reversed(taken) if HandoffState(each.state).is_live), None)
    if live is not None and live.node_key in keys:
        here = keys[len(keys) - keys[::-1].index(live.node_key) - 1]
        came = keys[: len(keys) - keys[::-1].index(here)]
        return Standing(_without_repeats([tree.start, *came]), live.id)
    here = _by_team(tree, ticket)
    return Standing(_without_repeats([*([tree.start] if keys else []), *keys, here]) if here else ())


def _by_team(tree: Tree, ticket: Ticket) -> str:
    """The node of the ticket's team, of its level before others; the start where no node is its team's."""
    of_team = [each for each in tree.nodes if each.team_id is not None and each.team_id == ticket.team_id]
    of_team.sort(key=lambda each: each.level != ticket.level)
    if of_team:
        return of_team[0].key
    return tree.start if tree.node(tree.start) is not None else ""


def _without_repeats(keys: list[str]) -> tuple[str, ...]:
    """A node that follows upon itself counts once."""
    return tuple(key for place, key in enumerate(keys) if place == 0 or keys[place - 1] != key)
