"""Backups: of an embedded database as one checked file, of a shared one by PostgreSQL's own pg_dump."""

from app.services.backup.embedded import back_up, restore
from app.services.backup.shared import dump, dump_line, restore_line

__all__ = ["back_up", "dump", "dump_line", "restore", "restore_line"]
