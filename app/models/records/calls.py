"""Phone calls, as the conversation shows them."""

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Who called whom; `WALK_IN` stood at the desk, or wrote in a chat."""

    IN = "in"
    OUT = "out"
    WALK_IN = "walk_in"


class CallOutcome(StrEnum):
    """Solved while talking; still to be done; handed over to another team."""

    SOLVED = "solved"
    TO_DO = "to_do"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True)
class CallView:
    """What the conversation says of a call. `number` is E.164, or as it was shown, or empty."""

    number: str
    direction: Direction
    seconds: int
    outcome: CallOutcome
