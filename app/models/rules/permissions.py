"""Who may do what: one table of rules for the window and the services.

An agent may take free tickets and change their own and their team's, but not reassign another person's.
"""

from enum import StrEnum
from uuid import UUID

from app.models.records.desk import Actor, ActorKind, Role


class Action(StrEnum):
    """What can be done to a ticket, or to the desk itself."""

    REPLY = "reply"
    CHANGE = "change"
    ASSIGN = "assign"
    MEND = "mend"
    SHARE = "share"
    ADMINISTER = "administer"


def may(actor: Actor, action: Action, *, assignee: UUID | None = None, team: UUID | None = None) -> bool:
    """Whether `actor` may do `action` to a ticket that `assignee` works on and that lies with `team`.

    MEND is split, move and merge: it puts right what intake got wrong, so whoever sees it may do it. SHARE is to change
    a view that everybody sees.
    """
    if actor.kind is ActorKind.SYSTEM or actor.role is Role.ADMINISTRATOR:
        return True
    if action is Action.ADMINISTER:
        return False
    if actor.role is Role.SUPERVISOR or action in (Action.REPLY, Action.MEND):
        return True
    if action is Action.SHARE:
        return False
    if action is Action.ASSIGN:
        return assignee is None or assignee == actor.id
    return assignee is None or assignee == actor.id or team in actor.teams
