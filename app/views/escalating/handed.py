"""What was handed to a person, as things to pick. Pure: it needs no widget."""

from datetime import datetime

from app.models.records.handoffs import HandoffState, Waiting
from app.services.wording import tr
from app.views.escalating.way_words import level_tag
from app.views.kit.picker import PickItem
from app.views.tree.words import instant_words


def handed_item(waiting: Waiting, now: datetime) -> PickItem:
    """Which ticket, as what, and until when an answer is awaited."""
    words = tr("handed.line", number=waiting.number, subject=waiting.subject or tr("ticket.no_subject"))
    parts = [waiting.priority.name, tr("escalate.node", level=level_tag(waiting.level), name=waiting.node_name)]
    if waiting.state is HandoffState.ACCEPTED:
        parts.append(tr("handed.has"))
    elif waiting.answer_by is not None:
        parts.append(tr("way.answer_by", at=instant_words(waiting.answer_by, now)))
    return PickItem(words, waiting.ticket_id, "  ·  ".join(parts), "check" if waiting.answer_by is None else "waiting")
