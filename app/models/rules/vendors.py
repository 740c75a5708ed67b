"""Who writes for a vendor."""

from collections.abc import Collection

from app.models.rules.recipients import PROVIDERS


def writes_for(address: str, vendors: Collection[str]) -> bool:
    """Whether `address` is one of the vendors' or of a colleague's in the same house. Upper case does not matter."""
    written = address.lower()
    domain = written.rpartition("@")[2]
    houses = {each.lower().rpartition("@")[2] for each in vendors} - set(PROVIDERS)
    return written in {each.lower() for each in vendors} or domain in houses
