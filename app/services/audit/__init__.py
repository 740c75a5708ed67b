"""The audit log: sealing it into a chain, verifying that, reading it, and taking it elsewhere."""

from app.services.audit.reading import entries, export
from app.services.audit.sealing import seal
from app.services.audit.verifying import verify

__all__ = ["entries", "export", "seal", "verify"]
