"""Identities made by the client, so that what is born offline keeps its name."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): unique anywhere, and sorted by the time it was made."""
    return uuid7()
