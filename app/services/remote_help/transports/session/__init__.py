"""Sessions with a person's screen, or a host's, in the tool that is there for it."""

from app.services.remote_help.transports.session.carrier import SessionCarrier

__all__ = ["SessionCarrier"]
