"""Erasing what the desk knows of a person, and the words of what was closed long ago (docs/audit.md)."""

from app.services.erasure.people import erase, find
from app.services.erasure.retention import retire

__all__ = ["erase", "find", "retire"]
