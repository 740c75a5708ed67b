"""The Exchange connector: sync state as cursor, MIME as the source of truth, sending as the mailbox.

The external id of a message is its EWS item id. It stays as long as the mail stays in its folder; a move gives a new
one, and a mail moved out and back arrives anew, which the core knows again by its Message-ID.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from exchangelib.errors import ErrorFolderNotFound, ErrorToFolderNotFound

from app.models.errors import ChannelError
from app.services.channels.exchange import folders, reading, sending, settling
from app.services.channels.exchange.account import open_account
from app.services.channels.exchange.config import ExchangeConfig
from app.services.channels.exchange.cursor import SyncCursor, state_for
from app.services.channels.exchange.errors import Place, told
from app.services.channels.exchange.order import oldest_first
from app.services.channels.interface import Batch, Cursor, Outgoing, Probe, SecretSource


class ExchangeConnector:
    """One mailbox on an Exchange server. Connects when first used, and anew after a failure."""

    def __init__(self, config: ExchangeConfig, secrets: SecretSource, max_bytes: int) -> None:
        self._config = config
        self._secrets = secrets
        self._max_bytes = max_bytes
        server = config.endpoint or config.address.rpartition("@")[2]
        self._place = Place(server, config.address, config.account_name, config.folder)
        self._account: Any = None
        self._folder: Any = None
        self._target: Any = None

    def test(self) -> Sequence[Probe]:
        """Reach, sign in, see the folder and the place of handled mail, see Sent Items. Changes nothing."""
        with self._connected() as account:
            version = str(account.version.build or account.version.api_version)
            probes = [Probe("exchange.signed_in", {"server": account.protocol.server, "version": version})]
            folder = folders.find(account, self._config.folder, self._place)
            probes.append(Probe("exchange.folder", {"folder": folder.name, "count": folder.total_count or 0}))
            if self._config.handled == "move":
                there = folders.look_for(account, self._config.handled_folder) is not None
                code = "exchange.handled_folder" if there else "exchange.handled_folder_to_make"
                probes.append(Probe(code, {"folder": self._config.handled_folder}))
            folders.find(account, "sentitems", self._place)
            return [*probes, Probe("exchange.sends", {"address": self._config.address})]

    def poll(self, cursor: Cursor | None, limit: int) -> Batch:
        """What is new in the folder. Changes to mail that is already there only move the cursor."""
        with self._connected() as account:
            folder = self._polled(account)
            news = reading.arrivals(folder, state_for(folder.id, cursor), limit, self._max_bytes)
            messages = oldest_first(list(reading.fetch(folder, news.items, self._max_bytes)))
            return Batch(messages, SyncCursor(folder.id, news.state).pack(), news.more)

    def settle(self, external_ids: Sequence[str]) -> None:
        """Marks as read or moves, as set; what is gone meanwhile is done."""
        if self._config.handled == "nothing" or not external_ids:
            return
        with self._connected() as account:
            if self._config.handled == "read":
                settling.mark_read(self._polled(account), external_ids)
            else:
                self._move(account, external_ids)

    def wait(self, seconds: float) -> bool:  # noqa: ARG002 - the interface's name
        """False at once: streaming notifications come seconds late, and hold a connection of which few are allowed."""
        return False

    def send(self, message: Outgoing) -> None:
        """Sends as the mailbox and keeps the copy in its Sent Items."""
        with self._connected() as account:
            sending.send(account, message, self._place)

    def find_sent(self, message_id: str) -> bool | None:
        """Looks in Sent Items and in the Outbox; None where the account may not."""
        with self._connected() as account:
            return sending.was_sent(account, message_id)

    def close(self) -> None:
        """Lets go of the connection; the next use opens another."""
        account, self._account = self._account, None
        self._folder = self._target = None
        if account is not None:
            account.protocol.close()

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        try:
            with told(self._place):
                if self._account is None:
                    self._account = open_account(self._config, self._secrets, self._place)
                yield self._account
        except ChannelError:
            self.close()
            raise

    def _move(self, account: Any, external_ids: Sequence[str]) -> None:
        try:
            settling.move(self._polled(account), external_ids, self._handled_folder(account))
        except (ErrorFolderNotFound, ErrorToFolderNotFound):  # deleted since it was found: made anew
            self._target = None
            settling.move(self._polled(account), external_ids, self._handled_folder(account))

    def _polled(self, account: Any) -> Any:
        if self._folder is None:
            self._folder = folders.find(account, self._config.folder, self._place)
        return self._folder

    def _handled_folder(self, account: Any) -> Any:
        if self._target is None:
            self._target = folders.find_or_make(account, self._config.handled_folder)
        return self._target
