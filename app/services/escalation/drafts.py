"""A packet that is being written, kept on this machine until it is handed over."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from app.models.records.handoffs import PACKET_FIELDS, Packet
from app.services.journal import Drop, Journal, Put

KIND = "packet"


@dataclass(frozen=True, slots=True)
class PacketDraft:
    """What was entered so far: the step, the packet, what of its checklist is ticked, why the rest was passed over."""

    node: str
    packet: Packet
    ticked: tuple[str, ...] = ()
    bypass: str = ""


def keep(journal: Journal, ticket_id: UUID, draft: PacketDraft) -> None:
    """Errors as in the journal."""
    journal.write(Put(KIND, ticket_id, asdict(draft)))


def load(journal: Journal, ticket_id: UUID) -> PacketDraft | None:
    """None where there is none. Errors as in the journal."""
    kept = journal.get(KIND, ticket_id)
    return _draft(kept.told) if kept is not None else None


def forget(journal: Journal, ticket_id: UUID) -> None:
    """It was handed over, or given up. Errors as in the journal."""
    journal.write(Drop(KIND, ticket_id))


def _draft(told: Mapping[str, Any]) -> PacketDraft:
    packet = Packet(**{name: str(told["packet"].get(name, "")) for name in PACKET_FIELDS})
    return PacketDraft(str(told["node"]), packet, tuple(told["ticked"]), str(told["bypass"]))
