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
from app.services.channels.imap.reading import read
from app.services.channels.imap.session import Opened, connect, open_folder
from app.services.channels.imap.settling import settle
from app.services.channels.imap.special import see_that_it_is_readable, sent_folder
from app.services.channels.interface import Batch, Credentials, Cursor, Outgoing, Probe


class ImapConnector:
    """Connects when first used, and again after every failure.

    `files_what_is_sent`: the server keeps by itself what is handed over to it, in the folder that it marks so.
    """

    def __init__(
        self, config: ImapConfig, credentials: Credentials, max_bytes: int, *, files_what_is_sent: bool = False
    ) -> None:
        self._config = config
        self._credentials = credentials
        self._files_what_is_sent = files_what_is_sent
        self._max_bytes = max_bytes
        self._client: IMAPClient | None = None
        self._seen: Opened | None = None
        """The folder as the last poll found it."""

    def test(self) -> Sequence[Probe]:
        config = self._config
        with self._session() as client:
            probes = [Probe("imap_signed_in", {"server": config.host, "user": config.user_name})]
            for folder in filter(None, (config.folder, config.sent_folder, config.handled_folder)):
                open_folder(client, config, folder, readonly=True)
                probes.append(Probe("imap_folder", {"folder": folder}))
        with smtp.session(config, self._credentials) as server, told(config.smtp_server):
            server.noop()
        probes.append(Probe("smtp_signed_in", {"server": config.smtp_server}))
        return probes

    def poll(self, cursor: Cursor | None, limit: int) -> Batch:
        stand = json.loads(cursor) if cursor else {}
        with self._session() as client:
            self._seen = opened = open_folder(client, self._config, self._config.folder, readonly=True)
            last = stand["uid"] if stand.get("uidvalidity") == opened.validity else 0
            found = read(client, opened, last, limit, self._max_bytes)
        return Batch(found.messages, json.dumps({"uidvalidity": opened.validity, "uid": found.uid}), found.more)

    def settle(self, external_ids: Sequence[str]) -> None:
        if self._config.handled == "nothing" or not external_ids:
            return
        with self._session() as client:
            settle(client, self._config, open_folder(client, self._config, self._config.folder), external_ids)

    def wait(self, seconds: float) -> bool:
        try:
            return self._idle(seconds)
        except ChannelError as error:
            if error.code != "imap.garbage":
                raise
            return (
                True  # imapclient read half a line that was still coming: something came, and the next poll says what
            )

    def _idle(self, seconds: float) -> bool:
        with self._session() as client:
            if not client.has_capability("IDLE"):
                return False
            opened = open_folder(client, self._config, self._config.folder, readonly=True)
            if self._seen is not None and opened.next_uid != self._seen.next_uid:
                return True  # it came between the last poll and now, and IDLE will not tell of it
            client.idle()
            news = client.idle_check(timeout=seconds)
            late = client.idle_done()[1]
            return any(len(each) > 1 and each[1] == b"EXISTS" for each in (*news, *late) if isinstance(each, tuple))

    def send(self, message: Outgoing) -> None:
        copy = [self._config.address] if self._config.copy_to_self else []
        recipients = list(dict.fromkeys([*message.recipients, *copy]))
        smtp.send(self._config, self._credentials, message.sender, recipients, message.raw)
        if self._config.sent_folder:
            with suppress(ChannelError), self._session() as client:  # it is sent; the copy is a convenience
                client.append(self._config.sent_folder, message.raw, [b"\\Seen"])

    def find_sent(self, message_id: str) -> bool | None:
        """True is sure. Without any copy a mail that is not found may have gone all the same: None."""
        config = self._config
        with self._session() as client:
            filed = sent_folder(client) if self._files_what_is_sent else None
            places = (filed, config.sent_folder, config.folder, config.handled_folder)
            for folder in dict.fromkeys(filter(None, places)):
                try:
                    open_folder(client, config, folder, readonly=True)
                except ChannelError as error:
                    if error.code == "imap.folder_missing" and folder != config.folder:
                        continue  # then no copy was filed there
                    raise
                if client.search(["HEADER", "Message-ID", f"<{message_id}>"]):
                    return True
        return False if config.copy_to_self or filed else None

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError, IMAPClientError):
                client.logout()
            with suppress(OSError):  # a log-out that fails leaves the socket open
                client.shutdown()

    def _connect(self) -> IMAPClient:
        client = connect(self._config, self._credentials)
        if self._files_what_is_sent:
            try:
                see_that_it_is_readable(client, self._config)
            except ChannelError:
                client.shutdown()
                raise
        return client

    @contextmanager
    def _session(self) -> Iterator[IMAPClient]:
        """The signed-in connection; dropped after a failure, so that the next use starts afresh."""
        if self._client is None:
            self._client = self._connect()
        try:
            with told(self._config.host):
                yield self._client
        except ChannelError:
            broken, self._client = self._client, None
            with suppress(OSError, IMAPClientError):
                broken.shutdown()
            raise
