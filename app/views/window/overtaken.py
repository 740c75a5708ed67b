"""Somebody else was first: who, and what they set. Pure: it needs no widget."""

from app.models.errors import KnownError
from app.models.records.tickets import Priority
from app.services.wording import tr


def overtaken_words(error: KnownError) -> str:
    """The facts of `ticket.overtaken` as a sentence."""
    field, theirs = str(error.facts["field"]), error.facts["theirs"]
    match field:
        case "status":
            words = tr(f"status.{theirs}")
        case "priority":
            words = Priority(int(str(theirs))).name
        case _:
            words = str(theirs) or tr("ticket.nobody")
    column = tr(f"column.{field.removesuffix('_id')}")
    return tr("overtaken.told", number=error.facts["number"], by=error.facts["by"], field=column, theirs=words)
