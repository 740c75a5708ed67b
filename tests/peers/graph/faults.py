"""How the server misbehaves: nothing at first, and what a test sets."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Answer:
    """An answer instead of the right one."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Faults:
    """Each is keyed by what a path ends with (`delta`, `sendMail`, `$value`, `*` for any).

    `answers` are given instead, one a request. `drop` cuts the connection once, before or after it is done, or in the
    middle of the answer. `cut_json` sends half of an answer as if it were all. `broken` mails answer with that code.
    """

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    drop: dict[str, Literal["before", "after", "mid-answer"]] = field(default_factory=dict)
    cut_json: set[str] = field(default_factory=set)
    broken: dict[str, tuple[int, str]] = field(default_factory=dict)
    marks_expired: bool = False
    """Marks given so far are gone (410), until the next is given."""
    links_to: str | None = None
    """The server that nextLink and deltaLink name instead."""
    tell_all_changes: bool = False
    """Tells updates and removals although only creations were asked for."""
    ignore_filters: bool = False
    expire_token_after: int | None = None
    """After so many requests the token is refused, until another is used."""

    def for_path(self, path: str) -> str | None:
        """The key under which an answer is set for that path."""
        return next((key for key in self.answers if (key == "*" or path.endswith(key)) and self.answers[key]), None)


def error(status: int, code: str, message: str = "", **headers: str) -> Answer:
    """An answer in Graph's own form."""
    told = f'{{"error": {{"code": "{code}", "message": "{message or code}", "innerError": {{}}}}}}'
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, told.encode(), {"Content-Type": "application/json", **names})
