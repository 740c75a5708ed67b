"""Where a mailbox lives, found out from its address alone: which channel to set up for it, and why.

Only public things are asked: the domain name system, Microsoft's sign-in whether it knows the domain, and the addresses
where an Exchange server of one's own would answer. No password is asked for, and none is sent.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.models.errors import KnownError
from app.models.rules.domain_names import ascii_domain
from app.services.mailbox_discovery.findings import Evidence, Found, Proposal
from app.services.sign_in.endpoints import MICROSOFT

__all__ = ["Evidence", "Found", "Places", "Proposal", "find"]

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
"""A domain by name (RFC 1123, 2.1): it becomes part of addresses that are asked, so nothing in it may mean a port, a
path or a machine by number there."""
_LONGEST = 253
_GOOGLE_DOMAINS = frozenset({"gmail.com", "googlemail.com"})


def _usual_addresses(domain: str) -> tuple[str, ...]:
    from app.services.mailbox_discovery.clouds import exchange_addresses  # noqa: PLC0415 - the network is for later

    return exchange_addresses(domain)


@dataclass(frozen=True, slots=True)
class Places:
    """Whom to ask. `name_server` empty: those of this machine. `ca_file` empty: the authorities this machine trusts."""

    name_server: str = ""
    name_port: int = 53
    authorities: Mapping[str, str] = field(default_factory=lambda: MICROSOFT)
    exchange: Callable[[str], tuple[str, ...]] = _usual_addresses
    ca_file: str = ""


def find(address: str, places: Places | None = None) -> Found:
    """What to set up for `address`. Takes some seconds. `KnownError` `discovery.bad_address`."""
    from app.services.mailbox_discovery.looking import Looking  # noqa: PLC0415 - the network is imported when used

    local, at, domain = address.strip().rpartition("@")
    try:
        name = ascii_domain(domain).lower()
    except UnicodeError:
        name = ""
    whole = local and at and _HOST.fullmatch(name) and len(name) <= _LONGEST
    if not whole or any(each.isspace() or not each.isprintable() for each in address.strip()):
        raise KnownError("discovery.bad_address", address=address)
    if name in _GOOGLE_DOMAINS:
        proposal = Proposal("gmail", {"address": address.strip()}, "google", is_sure=True)
        return Found(address.strip(), proposal, (Evidence("google_domain", {"domain": name}),))
    return Looking(address.strip(), name, places or Places()).found()
