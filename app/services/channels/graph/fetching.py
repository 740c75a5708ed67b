"""The mails themselves, as they came (MIME). Nothing else is taken of a mail: the core has a parser of its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.services.channels.graph.errors import Refused
from app.services.channels.graph.mailbox import Mailbox, values
from app.services.channels.interface import Incoming

MOST_BYTES = 24 * 1024 * 1024
"""Of one poll: held in memory at once, and fetched while the channel's lease runs."""
_SIZE = "Integer 0x0E08"
"""PidTagMessageSize (MS-OXPROPS): what the mail takes in the mailbox, in bytes; Graph has no other size."""

_OF_ALL = frozenset({401, 407, 429})
"""Of these it is never one mail's fault; any other refusal (a private or a protected one to a delegate, say) may be."""
_WITNESSES = 3
Failure = Refused | httpx.HTTPError
"""No answer about a mail: Graph's own fault, or of the line to it, for this mail or for all."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Mails, how many of the ids were looked at, and what kept the first of them from being fetched."""

    messages: list[Incoming] = field(default_factory=list)
    looked_at: int = 0
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches mails one by one; one of more than `max_bytes` is told and not held."""

    mailbox: Mailbox
    folder: str
    max_bytes: int

    def fetch(self, message_ids: Sequence[str]) -> Fetched:
        """The mails in that order, and not all where they are large.

        One that is gone meanwhile is left out. Where Graph has had enough of us, or fails, what is fetched by then is
        kept.
        """
        found: list[Incoming] = []
        held = 0
        for looked_at, each in enumerate(message_ids):
            if held >= MOST_BYTES:
                return Fetched(found, looked_at)
            try:
                incoming = self._one(each)
            except (Refused, httpx.HTTPError) as failure:
                if looked_at:
                    return Fetched(found, looked_at)
                if isinstance(failure, Refused) and failure.status < 500:
                    raise
                return Fetched(failure=failure)
            if incoming is not None:
                found.append(incoming)
                held += len(incoming.raw or b"")
        return Fetched(found, len(message_ids))

    def withheld(self, message_id: str) -> Incoming:
        """What is told of a mail that Graph does not hand over."""
        return Incoming(message_id, None, self._size(message_id), "withheld")

    def again(self, message_id: str) -> Incoming | None:
        """A mail that was withheld; None where somebody has deleted it, or put it elsewhere, to see to it by hand.

        It is asked for once: a pause that Graph wants here is not worth the mailbox's other mail.
        """
        incoming = self._one(message_id, once=True)
        if incoming is None:
            return None
        told = self.mailbox.transport.get(self.mailbox.message(message_id) + "?$select=parentFolderId")
        return incoming if told.get("parentFolderId") == self.folder else None

    def prove_others(self, message_ids: Collection[str]) -> None:
        """Raises where Graph hands over no mail of this mailbox, as far as it has others than these."""
        most = min(len(message_ids) + _WITNESSES, 1000)
        page = self.mailbox.transport.get(self.mailbox.at("messages") + f"?$select=id&$top={most}")
        refusals: list[Refused] = []
        for each in [str(entry["id"]) for entry in values(page) if entry["id"] not in message_ids][:_WITNESSES]:
            try:
                self.mailbox.transport.read(self.mailbox.message(each, "$value"), 0, once=True)
            except Refused as refusal:
                if _is_about_all(refusal):
                    refusals.append(refusal)
                    continue
            return
        if refusals:
            raise refusals[0]

    def _one(self, message_id: str, *, once: bool = False) -> Incoming | None:
        try:
            raw = self.mailbox.transport.read(self.mailbox.message(message_id, "$value"), self.max_bytes, once=once)
        except Refused as refusal:
            if refusal.is_gone:
                return None
            if _is_about_all(refusal):
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


def _is_about_all(refusal: Refused) -> bool:
    """Whether it may be any mail's, and so tells nothing of the one that was asked for."""
    return refusal.status >= 500 or refusal.status in _OF_ALL
