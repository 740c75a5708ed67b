"""Requests to services."""

from app.services.remote_help.transports.http.carrier import HttpCarrier

__all__ = ["HttpCarrier"]
