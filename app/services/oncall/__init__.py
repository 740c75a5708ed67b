"""Who is on duty: rotations, overrides and absences, read and arranged."""

from app.services.oncall.arranging import (
    add_absence,
    override,
    remove_absence,
    remove_override,
    remove_rotation,
    save_rotation,
    swap,
)
from app.services.oncall.reading import duty_of, roster_of, rotations

__all__ = [
    "add_absence",
    "duty_of",
    "override",
    "remove_absence",
    "remove_override",
    "remove_rotation",
    "roster_of",
    "rotations",
    "save_rotation",
    "swap",
]
