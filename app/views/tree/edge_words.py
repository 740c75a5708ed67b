"""When an edge is taken, in words: short on the line, in full beside it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from app.models.records.trees import Edge, EdgeKind
from app.services.wording import tr

_HOUR = 60


def edge_label(edge: Edge) -> str:
    """As short as it can be; empty where it is always taken."""
    return ", ".join(_conditions(edge))


def edge_spoken(edge: Edge, names: Mapping[str, str]) -> str:
    """From where to where, and when."""
    ends = {"source": names.get(edge.source, edge.source), "target": names.get(edge.target, edge.target)}
    way = tr("tree_view.tells" if edge.kind is EdgeKind.HIERARCHIC else "tree_view.leads", **ends)
    when = edge_label(edge)
    return f"{way}: {when}" if when else way


def length_words(length: timedelta) -> str:
    """A span as it was set: 15 min, 4 h, 1 h 30 min, 2 d."""
    minutes = round(length.total_seconds() / 60)
    hours, rest = divmod(minutes, _HOUR)
    if minutes and minutes % (24 * _HOUR) == 0:
        return tr("age.days", count=minutes // (24 * _HOUR))
    parts = [tr("age.hours", count=hours)] if hours else []
    parts += [tr("age.minutes", count=rest)] if rest or not hours else []
    return " ".join(parts)


def _conditions(edge: Edge) -> Iterator[str]:
    asked = edge.conditions
    if asked.priorities:
        yield "/".join(each.name for each in sorted(asked.priorities))
    for words in (asked.categories, asked.components, asked.skills, asked.languages):
        if words:
            yield "/".join(words)
    if asked.open_hours is not None:
        yield tr("tree_view.while_open" if asked.open_hours else "tree_view.while_closed")
    if edge.after is not None:
        yield tr("tree_view.after", time=length_words(edge.after))
