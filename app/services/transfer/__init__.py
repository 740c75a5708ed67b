"""Taking a whole desk elsewhere: out as JSON Lines, and into an empty database (docs/export-format.md)."""

from app.services.transfer.exporting import export_desk
from app.services.transfer.importing import import_desk

__all__ = ["export_desk", "import_desk"]
