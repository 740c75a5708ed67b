"""Stretches of time, in order and apart from each other, met and taken from one another. Instants are aware."""

from collections.abc import Iterable, Sequence
from datetime import datetime

Span = tuple[datetime, datetime]
"""From the first instant to before the second."""


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in order; what overlaps or touches is one, what takes no time is none."""
    found: list[Span] = []
    for span in sorted(each for each in spans if each[0] < each[1]):
        if found and span[0] <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], span[1])
        else:
            found.append(span)
    return tuple(found)


def both(some: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """What lies in `some` and in `others`; each as `joined` gives them."""
    found: list[Span] = []
    mine = theirs = 0
    while mine < len(some) and theirs < len(others):
        since = max(some[mine][0], others[theirs][0])
        until = min(some[mine][1], others[theirs][1])
        if since < until:
            found.append((since, until))
        if some[mine][1] < others[theirs][1]:
            mine += 1
        else:
            theirs += 1
    return tuple(found)


def without(some: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """What lies in `some` and not in `others`; each as `joined` gives them."""
    found: list[Span] = []
    for since, until in some:
        left = since
        for taken_since, taken_until in others:
            if taken_until > left and taken_since < until:
                found.append((left, taken_since))
                left = taken_until
        found.append((left, until))
    return joined(found)
