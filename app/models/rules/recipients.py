"""What is odd about those who are written to: told before it goes, because afterwards is too late."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.models.records.mail import Address

PROVIDERS = (
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "aol.com",
    "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "posteo.de", "mailbox.org",
    "outlook.de", "hotmail.de", "yahoo.de", "proton.me", "protonmail.com",
)  # fmt: skip
"""Where most private people have their mail."""
MANY = 200
"""Of more domains than these none is compared with others: that is a list, and no slip of the finger."""
_PIECE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^,;\n"]|")+?(?=[,;\n]|\Z)')
_NAMED = re.compile(r"(.*)<([^<>]*)>", re.DOTALL)
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@(?:[^\s@<>,;:\"()\[\]\\.]+\.)+[^\s@<>,;:\"()\[\]\\.]{2,}")


class Oddity(StrEnum):
    """No address at all; a domain that looks like a known one; our own mailbox; someone new on this ticket."""

    BROKEN = "broken"
    MISSPELT = "misspelt"
    OURSELVES = "ourselves"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Odd:
    """`suggestion` is the address that was probably meant."""

    what: Oddity
    address: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the desk knows: our own addresses, who takes part in the ticket, people, and their domains. Lower case."""

    ours: frozenset[str] = frozenset()
    here: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()


def split(line: str) -> list[Address]:
    """The people of an edited line, commas, semicolons or line ends between them; what is no address stays as it is."""
    found = []
    for piece in _PIECE.findall(line):
        told = _NAMED.fullmatch(piece.strip())
        name, address = (told[1].strip().strip('"').strip(), told[2].strip()) if told else ("", piece.strip())
        if address:
            found.append(Address(address, name.replace('\\"', '"')))
    return found


def odd(people: Sequence[Address], known: Known) -> list[Odd]:
    """What is odd about each, the worst first; at most one thing about an address."""
    domains = {each.address.rpartition("@")[2].lower() for each in people}
    meant = _meant(domains, known.domains)
    found = [told for each in people if (told := _odd(each.address, known, meant)) is not None]
    order = list(Oddity)
    return sorted(dict.fromkeys(found), key=lambda each: order.index(each.what))


def one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter too many, too few, wrong, or two that changed places make the difference."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _odd(address: str, known: Known, meant: Mapping[str, str]) -> Odd | None:
    lower = address.lower()
    local, _, domain = lower.rpartition("@")
    if not _ADDRESS.fullmatch(address):
        return Odd(Oddity.BROKEN, address)
    if lower in known.ours or _without_plus(lower) in known.ours:
        return Odd(Oddity.OURSELVES, address)
    if lower in known.here or lower in known.people:
        return None if lower in known.here else Odd(Oddity.STRANGER, address)
    if domain in meant:
        return Odd(Oddity.MISSPELT, address, f"{local}@{meant[domain]}")
    return Odd(Oddity.STRANGER, address)


def _meant(domains: Collection[str], known: Iterable[str]) -> dict[str, str]:
    """The known domain that each unknown one is one slip away from."""
    there = {*known, *PROVIDERS}
    unknown = [each for each in domains if each and each not in there]
    if len(unknown) > MANY:
        return {}
    near = {each: next((one for one in sorted(there) if one_slip_apart(each, one)), "") for each in unknown}
    return {each: one for each, one in near.items() if one}


def _without_plus(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
