"""Which mails of an open folder are new, and fetching them."""

from collections.abc import Sequence
from dataclasses import dataclass

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from app.services.channels.imap.faults import comes_back
from app.services.channels.imap.session import Opened
from app.services.channels.interface import Incoming

_BYTES_AT_ONCE = 32_000_000
_FEW = 5_000
_FIT = 80_000  # numbers, into the longest line that Python's imaplib takes, a megabyte
_SIZE, _BODY = b"RFC822.SIZE", b"BODY[]"


@dataclass(frozen=True, slots=True)
class Read:
    """Mails in order, the last UID that was dealt with, and whether there are more behind it."""

    messages: Sequence[Incoming]
    uid: int
    more: bool


def read(client: IMAPClient, opened: Opened, last: int, limit: int, max_bytes: int) -> Read:
    """At most `limit` mails behind the UID `last`. One that is expunged meanwhile is skipped."""
    fresh = _behind(client, opened, last, limit)
    sizes = client.fetch(fresh[:limit], [_SIZE])
    messages: list[Incoming] = []
    fetched = 0
    for uid in fresh[:limit]:
        if uid in sizes:
            size = int(sizes[uid].get(_SIZE, 0))
            incoming = _incoming(client, opened, uid, size, max_bytes)
            if incoming is not None:
                messages.append(incoming)
                fetched += len(incoming.raw or b"")
        last = uid
        if fetched >= _BYTES_AT_ONCE:
            break
    return Read(messages, last, more=bool(fresh) and last < fresh[-1])


def _behind(client: IMAPClient, opened: Opened, last: int, limit: int) -> list[int]:
    """The UIDs behind `last` in order: all of them, or more than `limit`.

    A large folder is searched span by span, for it is large at every poll of its first reading. The last span has no
    upper end, so that nothing hangs on the server's UIDNEXT. A search from UID n:* answers the last mail even where
    its UID is below n (RFC 3501, 6.4.8).
    """
    found: list[int] = []
    start, span = last + 1, _FEW
    while len(found) <= limit:
        end = start + span
        ends = opened.mails <= _FEW or opened.next_uid is None or end >= opened.next_uid
        uids = client.search(["UID", f"{start}:{'*' if ends else end - 1}"])
        found += sorted(uid for uid in uids if uid >= start)
        if ends:
            break
        start, span = end, span * 4 if opened.mails <= _FIT else _FIT
    return found


def _incoming(client: IMAPClient, opened: Opened, uid: int, size: int, max_bytes: int) -> Incoming | None:
    name = f"{opened.validity}:{uid}"
    if size > max_bytes:
        return Incoming(name, None, size, "too_large")
    raw = _body(client, uid)
    if raw is not None:
        return Incoming(name, raw, len(raw))
    still_there = uid in client.search(["UID", str(uid)])
    return Incoming(name, None, size, "unreadable") if still_there else None


def _body(client: IMAPClient, uid: int) -> bytes | None:
    """The mail as it is, without flagging it; None where the server does not give this one out."""
    try:
        answer = client.fetch([uid], [b"BODY.PEEK[]"])
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        if comes_back(error):
            raise
        return None
    raw: bytes | None = answer.get(uid, {}).get(_BODY)
    return raw
