"""Bringing tickets from another product: what it exported, a mapping of its words to ours, and a dry run first."""

from app.services.importing.filing import bring
from app.services.importing.mapping import Mapping, propose, read_mapping
from app.services.importing.sources import SOURCES, read_source

__all__ = ["SOURCES", "Mapping", "bring", "propose", "read_mapping", "read_source"]
