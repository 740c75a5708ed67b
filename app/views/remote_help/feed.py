"""What a run tells while it runs, from its thread to the window's: bounded, so that a million lines hold nobody up.

Pure: it needs no widget. The window takes what came whenever it has time; a run never waits for that.
"""

import re
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

from app.models.records.runs import Ended, Line, Stream

MOST = 5_000
"""Lines that can be scrolled back to, of all targets together; all of it is with the run."""

AT_ONCE = 400
"""Lines that are handed over at one look: of more that came meanwhile nobody could have read any."""

_OF_EACH, _SHARED = 200, 40_000
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MARKS = {Stream.OUT: "", Stream.ERROR: "! ", Stream.NOTE: "· "}


@dataclass
class TargetState:
    """What is known of a target by now. `lasted` is in seconds; `share` 0 to 1 where that is known."""

    target: str
    began_at: float | None = None
    ended_at: float | None = None
    end: Ended | None = None
    share: float | None = None
    doing: str = ""
    last: str = ""
    lines: deque[str] = field(default_factory=deque)

    def lasted(self, now: float) -> float:
        return (self.ended_at or now) - self.began_at if self.began_at is not None else 0.0


@dataclass(frozen=True)
class News:
    """What came since the last look: lines with their target, how many were left out, what is shown once."""

    lines: Sequence[tuple[str, str]] = ()
    missed: int = 0
    revealed: Sequence[tuple[str, str, str]] = field(default=(), repr=False)


class Feed:
    """`began`, `say`, `moved` and `over` may be called from any thread, `take` from the window's."""

    def __init__(self, targets: Sequence[str], time: Callable[[], float] = monotonic) -> None:
        kept = max(_OF_EACH, min(MOST, _SHARED // max(len(targets), 1)))
        self._time, self._lock = time, threading.Lock()
        self.states = {each: TargetState(each, lines=deque(maxlen=kept)) for each in targets}
        self._waiting: deque[tuple[str, str]] = deque(maxlen=AT_ONCE)
        self._missed = 0
        self.left_out = False
        """Whether any line was not handed over; the last of them are with their targets."""
        self._revealed: list[tuple[str, str, str]] = []

    def began(self, target: str) -> None:
        with self._lock:
            self._state(target).began_at = self._time()

    def say(self, target: str, line: Line) -> None:
        text = _MARKS[line.stream] + line.text
        with self._lock:
            state = self._state(target)
            state.last = line.text or state.last
            state.lines.append(text)
            if len(self._waiting) == AT_ONCE:
                self._missed += 1
                self.left_out = True
            self._waiting.append((target, text))

    def moved(self, target: str, share: float | None, words: str) -> None:
        with self._lock:
            state = self._state(target)
            state.share, state.doing = share, words or state.doing

    def over(self, target: str, end: Ended, revealed: Mapping[str, str]) -> None:
        with self._lock:
            state = self._state(target)
            state.end, state.ended_at = end, self._time()
            self._revealed += [(target, label, secret) for label, secret in revealed.items()]

    def take(self) -> News:
        """What came since this was asked last; secrets are handed out once."""
        with self._lock:
            news = News(tuple(self._waiting), self._missed, tuple(self._revealed))
            self._waiting.clear()
            self._revealed.clear()
            self._missed = 0
        return news

    def lines_of(self, target: str) -> list[str]:
        """The last of what one target said."""
        with self._lock:
            return list(self._state(target).lines)

    @property
    def share(self) -> float | None:
        """How far all of it is: by the targets that are over, and what each of the others tells."""
        states = list(self.states.values())
        if not states or (len(states) == 1 and states[0].share is None and states[0].end is None):
            return None
        told = (1.0 if each.end is not None else (each.share or 0.0) for each in states)
        return sum(told) / len(states)

    @property
    def now(self) -> float:
        return self._time()

    def _state(self, target: str) -> TargetState:
        if target not in self.states:
            self.states[target] = TargetState(target, lines=deque(maxlen=_OF_EACH))
        return self.states[target]


def shown(text: str) -> str:
    """A line as it can be shown: what steers terminals is left out, of what was written over itself the last."""
    if "\x1b" in text:
        text = _ESCAPES.sub("", text)
    if "\r" in text:
        text = text.rstrip("\r").rpartition("\r")[2]
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)
