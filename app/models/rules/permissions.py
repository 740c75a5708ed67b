"""Who may do what: one table of rules for the window, the services and the shared database.

`services.database.rights` writes the same table into PostgreSQL, where triggers and policies go by it: what the window
forbids, nobody can do there either.
"""

from collections.abc import Mapping, Set
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from app.models.records.desk import Actor, ActorKind, Role


class Action(StrEnum):
    """What can be done to a ticket, or to the desk itself.

    MEND is split, move and merge: it puts right what intake got wrong. SHARE is to change what everybody sees: views,
    canned replies. ARRANGE is
    to change hours, targets, rotations and trees. STAND_IN is to say for somebody else that they are away.
    """

    REPLY = "reply"
    CHANGE = "change"
    ASSIGN = "assign"
    MEND = "mend"
    SHARE = "share"
    ARRANGE = "arrange"
    STAND_IN = "stand_in"
    ADMINISTER = "administer"


class Standing(StrEnum):
    """How a person stands to a ticket; to one, in several ways at once.

    FREE: nobody works on it. HANDED: they were the last to hand it on, and may think better of it. TEAM: it lies with
    a team of theirs.
    """

    FREE = "free"
    MINE = "mine"
    HANDED = "handed"
    TEAM = "team"
    OTHER = "other"


ALWAYS = frozenset(Standing)
RULES: Mapping[tuple[Role, Action], Set[Standing]] = MappingProxyType(
    {
        (Role.AGENT, Action.REPLY): ALWAYS,
        (Role.AGENT, Action.MEND): ALWAYS,
        (Role.AGENT, Action.CHANGE): frozenset({Standing.FREE, Standing.MINE, Standing.TEAM}),
        (Role.AGENT, Action.ASSIGN): frozenset({Standing.FREE, Standing.MINE, Standing.HANDED}),
        **{(Role.SUPERVISOR, each): ALWAYS for each in Action if each is not Action.ADMINISTER},
        **{(Role.ADMINISTRATOR, each): ALWAYS for each in Action},
    }
)
"""In which standings a role may do something. What is not here is forbidden."""


def standings(
    actor: Actor, *, assignee: UUID | None = None, team: UUID | None = None, handed_by: UUID | None = None
) -> frozenset[Standing]:
    """How `actor` stands to a ticket that `assignee` works on, that lies with `team`, handed on by `handed_by`."""
    found = {Standing.OTHER}
    if assignee is None:
        found.add(Standing.FREE)
    if actor.id is not None and assignee == actor.id:
        found.add(Standing.MINE)
    if actor.id is not None and handed_by == actor.id:
        found.add(Standing.HANDED)
    if team in actor.teams:
        found.add(Standing.TEAM)
    return frozenset(found)


def may(
    actor: Actor,
    action: Action,
    *,
    assignee: UUID | None = None,
    team: UUID | None = None,
    handed_by: UUID | None = None,
) -> bool:
    """Whether `actor` may do `action` to a ticket that is there for them. The desk itself may do everything."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    allowed = RULES.get((actor.role, action), frozenset())
    return not allowed.isdisjoint(standings(actor, assignee=assignee, team=team, handed_by=handed_by))


def sees_everything(actor: Actor) -> bool:
    """Whether even what is restricted is open to `actor`: to administrators, and to the desk itself.

    To everybody else a ticket of a restricted application is there if its application or the ticket lies with a team
    of theirs, if they own it or work on it, or were the last to hand it on.
    """
    return actor.kind is ActorKind.SYSTEM or actor.role is Role.ADMINISTRATOR
