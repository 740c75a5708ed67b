"""The mails themselves, as they came (MIME). Nothing else is taken of a mail: the core has a parser of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.services.channels.graph.errors import Refused
from app.services.channels.graph.mailbox import Mailbox
from app.services.channels.interface import Incoming

MOST_BYTES = 24 * 1024 * 1024
"""Of one poll: held in memory at once, and fetched while the channel's lease runs."""
_SIZE = "Integer 0x0E08"
"""PidTagMessageSize (MS-OXPROPS): what the mail takes in the mailbox, in bytes; Graph has no other size."""

_OF_ALL = frozenset({401, 407})
"""Of these it is never one mail's fault; any other refusal (a private or a protected one to a delegate, say) may be."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches mails one by one; one of more than `max_bytes` is told and not held."""

    mailbox: Mailbox
    folder: str
    max_bytes: int

    def fetch(self, message_ids: Sequence[str]) -> tuple[list[Incoming], int]:
        """The mails in that order, and how many of the ids were looked at: fewer where they are large.

        One that is gone meanwhile is left out. Where Graph has had enough of us, what is fetched by then is kept.
        """
        found: list[Incoming] = []
        held = 0
        for looked_at, each in enumerate(message_ids):
            if held >= MOST_BYTES:
                return found, looked_at
            try:
                incoming = self._one(each)
            except Refused as refusal:
                if refusal.is_busy and looked_at:
                    return found, looked_at
                raise
            if incoming is not None:
                found.append(incoming)
                held += len(incoming.raw or b"")
        return found, len(message_ids)

    def _one(self, message_id: str) -> Incoming | None:
        try:
            raw = self.mailbox.transport.read(self.mailbox.message(message_id, "$value"), self.max_bytes)
        except Refused as refusal:
            if refusal.is_gone:
                return None
            if refusal.is_busy or refusal.status in _OF_ALL:
                raise
            self._still_answers()
            if refusal.status in {404, 410}:
                return None
            return Incoming(message_id, None, self._size(message_id), "unreadable")
        if isinstance(raw, int):
            return Incoming(message_id, None, max(raw, self._size(message_id)), "too_large")
        return Incoming(message_id, raw, len(raw)) if raw else Incoming(message_id, None, 0, "unreadable")

    def _still_answers(self) -> None:
        """Raises where Graph is broken, and not only one mail that it choked on."""
        self.mailbox.transport.get(self.mailbox.folder(self.folder) + "?$select=id")

    def _size(self, message_id: str) -> int:
        """In bytes, as the mailbox counts them; 0 where it does not."""
        wanted = f"?$select=id&$expand=singleValueExtendedProperties($filter=id eq '{_SIZE}')"
        try:
            told = self.mailbox.transport.get(self.mailbox.message(message_id) + wanted)
        except Refused:
            return 0
        properties: Any = told.get("singleValueExtendedProperties") or []
        sizes = [str(each.get("value", "")) for each in properties if isinstance(each, dict)]
        return int(sizes[0]) if sizes and sizes[0].isdecimal() else 0
