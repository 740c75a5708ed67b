"""A mailbox on an IMAP server: reading, settling, sending, looking up what was sent.

A message is known by (UIDVALIDITY, UID). When a server changes UIDVALIDITY the mailbox is read from its start again,
and the core knows the mails it has by their Message-IDs. Nothing is flagged by reading: only `settle` touches mail.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from app.models.errors import ChannelError
from app.services.channels.imap import smtp
from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.faults import told
from app.services.channels.imap.session import select, sign_in
from app.services.channels.interface import Batch, Cursor, Incoming, Outgoing, Probe, SecretSource

_BYTES_AT_ONCE = 32_000_000
_SIZE, _BODY = b"RFC822.SIZE", b"BODY[]"


class ImapConnector:
    """Connects when first used, and again after every failure."""

    def __init__(self, config: ImapConfig, secrets: SecretSource, max_bytes: int) -> None:
        self._config = config
        self._secrets = secrets
        self._max_bytes = max_bytes
        self._client: IMAPClient | None = None

    def test(self) -> Sequence[Probe]:
        config = self._config
        with self._session() as client:
            probes = [Probe("imap_signed_in", {"server": config.host, "user": config.user_name})]
            select(client, config, config.folder, readonly=True)
            probes.append(Probe("imap_folder", {"folder": config.folder}))
            for folder in filter(None, (config.sent_folder, config.move_to if config.handled == "move" else "")):
                select(client, config, folder, readonly=True)
                probes.append(Probe("imap_folder", {"folder": folder}))
        with smtp.session(config, self._secrets) as server, told(config.smtp_server):
            server.noop()
        probes.append(Probe("smtp_signed_in", {"server": config.smtp_server}))
        return probes

    def poll(self, cursor: Cursor | None, limit: int) -> Batch:
        with self._session() as client:
            validity = select(client, self._config, self._config.folder, readonly=True)
            stand = json.loads(cursor) if cursor else {}
            last = stand["uid"] if stand.get("uidvalidity") == validity else 0
            # A search from UID n:* answers the last message even where its UID is below n (RFC 3501, 6.4.8).
            fresh = sorted(uid for uid in client.search(["UID", f"{last + 1}:*"]) if uid > last)
            messages, read_to = self._fetch(client, validity, fresh[:limit], last)
        done = json.dumps({"uidvalidity": validity, "uid": read_to})
        return Batch(messages, done, more=bool(fresh) and read_to < fresh[-1])

    def settle(self, external_ids: Sequence[str]) -> None:
        if self._config.handled == "nothing":
            return
        with self._session() as client:
            validity = select(client, self._config, self._config.folder)
            uids = [int(uid) for told_validity, _, uid in map(_parted, external_ids) if told_validity == str(validity)]
            there = client.search(["UID", ",".join(map(str, uids))]) if uids else []
            if not there:
                return
            if self._config.handled == "seen":
                client.add_flags(there, [b"\\Seen"], silent=True)
            else:
                self._move(client, there)

    def wait(self, seconds: float) -> bool:
        with self._session() as client:
            if not client.has_capability("IDLE"):
                return False
            select(client, self._config, self._config.folder, readonly=True)
            client.idle()
            news = client.idle_check(timeout=seconds)
            late = client.idle_done()[1]
            return any(len(each) > 1 and each[1] == b"EXISTS" for each in (*news, *late) if isinstance(each, tuple))

    def send(self, message: Outgoing) -> None:
        copy = [self._config.address] if self._config.copy_to_self else []
        recipients = list(dict.fromkeys([*message.recipients, *copy]))
        smtp.send(self._config, self._secrets, message.sender, recipients, message.raw)
        if self._config.sent_folder:
            with suppress(ChannelError), self._session() as client:  # it is sent; the copy is a convenience
                client.append(self._config.sent_folder, message.raw, [b"\\Seen"])

    def find_sent(self, message_id: str) -> bool | None:
        config = self._config
        if not config.copy_to_self and not config.sent_folder:
            return None
        with self._session() as client:
            for folder in dict.fromkeys(filter(None, (config.sent_folder, config.folder, config.move_to))):
                select(client, config, folder, readonly=True)
                if client.search(["HEADER", "Message-ID", message_id]):
                    return True
        return False

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError, IMAPClientError):
                client.logout()

    def _fetch(self, client: IMAPClient, validity: int, uids: Sequence[int], last: int) -> tuple[list[Incoming], int]:
        """The messages of `uids` in order, and the last UID that was dealt with. One that is gone by now is skipped."""
        sizes = client.fetch(uids, [_SIZE]) if uids else {}
        messages: list[Incoming] = []
        fetched = 0
        for uid in uids:
            size = int(sizes.get(uid, {}).get(_SIZE, 0))
            name = f"{validity}:{uid}"
            if size > self._max_bytes:
                messages.append(Incoming(name, None, size, "too_large"))
            elif uid in sizes:
                raw = client.fetch([uid], [b"BODY.PEEK[]"]).get(uid, {}).get(_BODY)
                if raw is not None:
                    messages.append(Incoming(name, raw, len(raw)))
                fetched += size
            last = uid
            if fetched >= _BYTES_AT_ONCE:
                break
        return messages, last

    def _move(self, client: IMAPClient, uids: Sequence[int]) -> None:
        if client.has_capability("MOVE"):
            client.move(uids, self._config.move_to)
            return
        client.copy(uids, self._config.move_to)
        client.delete_messages(uids, silent=True)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge(uids)
        else:
            client.expunge()

    @contextmanager
    def _session(self) -> Iterator[IMAPClient]:
        """The signed-in connection; dropped after a failure, so that the next use starts afresh."""
        if self._client is None:
            self._client = sign_in(self._config, self._secrets)
        try:
            with told(self._config.host):
                yield self._client
        except ChannelError:
            broken, self._client = self._client, None
            with suppress(OSError, IMAPClientError):
                broken.shutdown()
            raise


def _parted(external_id: str) -> tuple[str, str, str]:
    return external_id.partition(":")
