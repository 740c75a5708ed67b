"""What `/` and `@` may mean while one types. Pure: it needs no widget."""

from collections.abc import Sequence

from app.models.records.canned import Canned
from app.views.kit.matching import best
from app.views.kit.picker import PickItem
from app.views.writing.writing_control import Offered

_MOST = 8


def suggestions(mark: str, typed: str, offered: Offered, *, in_note: bool) -> list[PickItem]:
    """Canned replies behind `/`; colleagues behind `@`, in notes alone."""
    if mark == "/":
        return canned_items(typed, offered.canned)[:_MOST]
    if not in_note:
        return []
    people = [(name, (agent_id, name)) for agent_id, name in offered.colleagues]
    return [
        PickItem(name, agent_id, icon="person", places=found.places)
        for (agent_id, name), found in best(typed, people, _MOST)
    ]


def canned_items(typed: str, replies: Sequence[Canned]) -> list[PickItem]:
    """Those that fit by name or shortcut; the one whose shortcut was typed whole comes first."""
    items = []
    for each, found in best(typed, [(f"{each.name} {each.shortcut}", each) for each in replies], len(replies)):
        places = tuple(place for place in found.places if place < len(each.name))
        items.append(PickItem(each.name, each, f"/{each.shortcut}" if each.shortcut else "", "text", places=places))
    return sorted(items, key=lambda each: not typed or each.value.shortcut.lower() != typed.lower())
