"""Questions to databases."""

from app.services.remote_help.transports.sql.carrier import SqlCarrier

__all__ = ["SqlCarrier"]
