"""Scripts on the desk itself."""

from app.services.remote_help.transports.local.carrier import LocalCarrier

__all__ = ["LocalCarrier"]
