"""What one person changed, put onto what others changed meanwhile."""

from dataclasses import fields, replace
from typing import TypeVar

from app.models.records.applications import ApplicationCard, Vendor

Record = TypeVar("Record", ApplicationCard, Vendor)


def onto(current: Record, seen: Record, wanted: Record) -> Record:
    """`current` with those fields that `wanted` says otherwise than what was `seen`."""
    names = [each.name for each in fields(wanted)]
    fresh = {name: getattr(wanted, name) for name in names if getattr(wanted, name) != getattr(seen, name)}
    return replace(current, **fresh)
