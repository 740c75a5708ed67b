"""Who asks for help."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class IdentityKind(StrEnum):
    MAIL = "mail"
    PHONE = "phone"
    HANDLE = "handle"


@dataclass(frozen=True, slots=True)
class Identity:
    """One way to know a person: a mail address in lower case, a phone number in E.164, a handle with its network."""

    kind: IdentityKind
    value: str


@dataclass(frozen=True, slots=True)
class PersonFound:
    """A person whom a search found. `open_tickets` counts theirs that are not done."""

    id: UUID
    name: str
    organisation: str | None
    identities: tuple[Identity, ...]
    open_tickets: int


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A requester as the ticket shows them. `recent` are (number, subject) of their newest tickets, newest first."""

    id: UUID
    name: str
    organisation: str | None
    identities: tuple[Identity, ...]
    recent: tuple[tuple[int, str], ...]
    notes: str = ""
