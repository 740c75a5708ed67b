"""Somebody else was first: who, and what they set. Pure: it needs no widget."""

from app.models.errors import KnownError
from app.models.records.history import Difference
from app.models.records.tickets import Priority
from app.services.wording import tr, tr_error
from app.views.kit.times import date_words


def overtaken_words(error: KnownError) -> str:
    """The facts of `ticket.overtaken`, or of parts that are still open, as a sentence."""
    if error.code == "ticket.open_parts":
        return tr_error(error)
    field, theirs = str(error.facts["field"]), error.facts["theirs"]
    if field == "assignee_id" and theirs == error.facts["by"]:
        return tr("overtaken.took", number=error.facts["number"], by=theirs)
    match field:
        case "status":
            words = tr(f"status.{theirs}")
        case "priority":
            words = Priority(int(str(theirs))).name
        case _:
            words = str(theirs) or tr("ticket.nobody")
    column = tr(f"column.{field.removesuffix('_id')}")
    return tr("overtaken.told", number=error.facts["number"], by=error.facts["by"], field=column, theirs=words)


def by_words(told: Difference) -> str:
    """Who put there what is in a field now, and when."""
    return tr("conflict.by_at", by=told.by, at=date_words(told.at)) if told.by and told.at else ""
