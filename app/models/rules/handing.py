"""Who gets the tickets of somebody who is away. Pure."""

from collections.abc import Mapping, Sequence
from uuid import UUID


def spread(
    tickets: Sequence[tuple[UUID, UUID | None]], people: Mapping[UUID, Sequence[UUID]], load: Mapping[UUID, int]
) -> dict[UUID, UUID | None]:
    """Each ticket, given with its team, goes to the person of that team who has least, counting what they just got.

    `people` are those of each team who can take something; a ticket whose team has nobody else waits in its queue.
    """
    counts = dict(load)
    given: dict[UUID, UUID | None] = {}
    for ticket, team in tickets:
        able = people.get(team, ()) if team is not None else ()
        chosen = min(able, key=lambda each: (counts.get(each, 0), str(each)), default=None)
        given[ticket] = chosen
        if chosen is not None:
            counts[chosen] = counts.get(chosen, 0) + 1
    return given
