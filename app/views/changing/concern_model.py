"""What a ticket is about, in words and as things to pick. Pure but for the reading: it needs no widget."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.models.records.clocks import Weight
from app.models.records.tickets import Concern, Priority
from app.models.records.trees import Tree
from app.models.rules.clocks import priority_of
from app.services.database import Database
from app.services.trees import store
from app.services.wording import tr
from app.views.kit.picker import PickItem

FIELDS = ("category", "component", "skill", "language")
_ASKED = {"category": "categories", "component": "components", "skill": "skills", "language": "languages"}

Offered = Mapping[str, Sequence[str]]
"""What is asked for somewhere on the way up, by field."""


def offered(database: Database, application_id: UUID | None) -> Offered:
    """What the tree of the application asks for; nothing without one. `KnownError` `tree.broken`."""
    if application_id is None:
        return {}
    return asked_by(store.of_application(database, application_id)[0])


def asked_by(tree: Tree) -> Offered:
    found: dict[str, set[str]] = {each: set() for each in FIELDS}
    for node in tree.nodes:
        found["category"].update(node.categories)
    for edge in tree.edges:
        for field, name in _ASKED.items():
            found[field].update(getattr(edge.conditions, name))
    return {field: sorted(words, key=str.casefold) for field, words in found.items()}


def weights() -> list[PickItem]:
    """Each impact with each urgency, and the priority that they give; the worst first."""
    pairs = [(impact, urgency) for impact in Weight for urgency in Weight]
    pairs.sort(key=lambda pair: (priority_of(*pair), *pair))
    return [
        PickItem(
            weight_words(impact.value, urgency.value),
            (impact, urgency),
            tr(f"priority.{priority_of(impact, urgency).name}"),
            "priority",
        )
        for impact, urgency in pairs
    ]


def weight_words(impact: int, urgency: int) -> str:
    return f"{tr(f'impact.{impact}')}  ·  {tr(f'urgency.{urgency}')}"


def concern_words(concern: Concern) -> str:
    """All that is known of what it is about; empty where nothing is."""
    return "  ·  ".join(filter(None, (getattr(concern, each) for each in FIELDS)))


def rated_words(concern: Concern, priority: Priority) -> str:
    """Its impact and urgency; empty where they were not told, or where it was given another priority since."""
    if not (concern.impact and concern.urgency):
        return ""
    given = priority_of(Weight(concern.impact), Weight(concern.urgency))
    return weight_words(concern.impact, concern.urgency) if given is priority else ""
