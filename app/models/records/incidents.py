"""Major incidents: one ticket that many others are parts of."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class IncidentParent:
    """The major incident that a ticket is a part of."""

    ticket_id: UUID
    number: int
    subject: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """What a ticket has to do with a major incident.

    `parts` counts its parts, `open_parts` those of them that are not done. An update goes to the requesters of
    `reached` tickets, itself among them; of those with the numbers `unreached` nobody knows an address.
    """

    major: bool
    above: tuple[IncidentParent, ...]
    parts: int
    open_parts: int
    reached: int
    unreached: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of an update: how many mails are on their way, and the tickets whose requester has no address."""

    mails: int
    unreached: tuple[int, ...]
