"""How the server misbehaves: nothing at first, and what a test sets."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass
class Faults:
    """`statuses` are answered first, one a request. `drop` cuts the connection once at that operation.

    `drop` says whether the operation is done before the connection goes. `broken` items answer with that response
    code, `crashing` ones fail their whole call with HTTP 500 and no XML. `omit` leaves elements out of answers.
    """

    statuses: list[int] = field(default_factory=list)
    retry_after: int | None = None
    drop: dict[str, Literal["before", "after", "mid-answer"]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    busy_milliseconds: int | None = None
    broken: dict[str, str] = field(default_factory=dict)
    crashing: set[str] = field(default_factory=set)
    vanish_before_fetch: set[str] = field(default_factory=set)
    sync_state_expired: bool = False
    sync_error_without_state: bool = False
    newest_first: bool = False
    nine_digit_seconds: bool = False
    omit: set[str] = field(default_factory=set)
    ignore_restrictions: bool = False
    send_error: str | None = None
    send_crashes_after_saving: bool = False
    offer: str = 'Basic realm="EWS"'
    refusal_headers: dict[str, str] = field(default_factory=dict)
    close_refused: bool = False
    delay: float = 0.0
    garble: set[str] = field(default_factory=set)
    """These operations, or all with `*`, are done and answered with XML that is no SOAP."""
