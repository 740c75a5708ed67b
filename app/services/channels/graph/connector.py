"""The Microsoft Graph connector: delta as cursor, MIME as the source of truth, sending as the mailbox.

The external id of a message is its immutable id, which stays as long as the mail stays in its mailbox.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from app.models.errors import ChannelError
from app.services.channels.graph import folders, sending, settling
from app.services.channels.graph.config import GraphConfig
from app.services.channels.graph.cursor import standing
from app.services.channels.graph.errors import NO_FOLDER, Access, Place, Refused, told
from app.services.channels.graph.fetching import Failure, Fetcher
from app.services.channels.graph.lanes import lane_of
from app.services.channels.graph.mailbox import Mailbox
from app.services.channels.graph.reading import Reader
from app.services.channels.graph.tls import context_for
from app.services.channels.graph.transport import Transport, client
from app.services.channels.interface import Batch, Cursor, Outgoing, Probe, Tokens


class GraphConnector:
    """One mailbox in Microsoft 365. Connects when first used, and anew after a failure.

    `rest` waits some seconds; `now` tells the seconds since 1970.
    """

    def __init__(
        self,
        config: GraphConfig,
        tokens: Tokens | None,
        max_bytes: int,
        rest: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._config = config
        self._tokens = tokens
        self._max_bytes = max_bytes
        self._rest = rest
        self._now = now
        self._place = Place(config.graph, config.address, config.account_name, config.folder, _access(config))
        self._mailbox: Mailbox | None = None
        self._folder: dict[str, Any] | None = None
        self._target: str | None = None
        self._failure: Failure | None = None

    def test(self) -> Sequence[Probe]:
        """Reach, sign in, see the folder and the place of handled mail, see Sent Items. Changes nothing."""
        config = self._config
        with self._connected() as mailbox:
            folder = folders.find(mailbox, config.folder, self._place)
            server = urlsplit(config.graph).hostname or config.graph
            probes = [Probe("graph.signed_in", {"user": config.account_name, "server": server})]
            facts = {"folder": folder.get("displayName", config.folder), "count": folder.get("totalItemCount", 0)}
            probes.append(Probe("graph.folder", facts))
            if config.handled == "move":
                there = folders.look_for(mailbox, config.handled_folder) is not None
                code = "graph.handled_folder" if there else "graph.handled_folder_to_make"
                probes.append(Probe(code, {"folder": config.handled_folder}))
            folders.find(mailbox, "sentitems", self._place)
            return [*probes, Probe("graph.sends", {"address": config.address})]

    def poll(self, cursor: Cursor | None, limit: int) -> Batch:
        """What is new in the folder. Changes to mail that is already there only move the cursor.

        Where the mail in front cannot be had, one poll counts that in the cursor, and the next one tells it.
        """
        with self._connected() as mailbox:
            if self._failure is not None:
                raise self._failure
            folder = self._polled(mailbox)
            reader = Reader(mailbox, Fetcher(mailbox, folder, self._max_bytes), limit, self._now)
            news = reader.read(standing(folder, cursor))
            self._failure = news.failure
            return Batch(news.messages, news.standing.pack(), news.more)

    def settle(self, external_ids: Sequence[str]) -> None:
        """Marks as read, gives a category or moves, as set; what is gone meanwhile is done."""
        config = self._config
        if config.handled == "nothing" or not external_ids:
            return
        with self._connected() as mailbox:
            if config.handled == "read":
                settling.mark_read(mailbox, external_ids)
            elif config.handled == "category":
                settling.mark_with(mailbox, external_ids, config.handled_category)
            else:
                self._move(mailbox, external_ids)

    def wait(self, seconds: float) -> bool:  # noqa: ARG002 - the interface's name
        """False at once: Graph tells of news only to a server that the Internet can reach."""
        return False

    def send(self, message: Outgoing) -> None:
        """Sends as the mailbox; Exchange keeps the copy in its Sent Items."""
        with self._connected() as mailbox:
            sending.send(mailbox, message, self._place)

    def find_sent(self, message_id: str) -> bool | None:
        """Looks through the mailbox; None where the account may not."""
        with self._connected() as mailbox:
            return sending.was_sent(mailbox, message_id)

    def close(self) -> None:
        """Lets go of the connection; the next use opens another."""
        mailbox, self._mailbox = self._mailbox, None
        self._folder = self._target = self._failure = None
        if mailbox is not None:
            mailbox.transport.close()

    @contextmanager
    def _connected(self) -> Iterator[Mailbox]:
        try:
            with told(self._place):
                if self._mailbox is None:
                    self._mailbox = self._open()
                self._mailbox.transport.begin()
                yield self._mailbox
        except ChannelError as error:
            if not error.about_message:
                self.close()
            raise

    def _open(self) -> Mailbox:
        config = self._config
        if self._tokens is None:
            raise self._place.error("graph.not_signed_in", passing=False)
        http = client(context_for(config.ca_file), config.timeout)
        lane = lane_of(config.graph, config.address)
        return Mailbox(Transport(http, self._tokens, lane, self._place, self._rest), config.address)

    def _move(self, mailbox: Mailbox, external_ids: Sequence[str]) -> None:
        try:
            settling.move(mailbox, external_ids, self._handled_folder(mailbox))
        except Refused as refusal:
            if refusal.code not in NO_FOLDER:
                raise
            self._target = None  # deleted since it was found: made anew
            settling.move(mailbox, external_ids, self._handled_folder(mailbox))

    def _polled(self, mailbox: Mailbox) -> str:
        if self._folder is None:
            self._folder = folders.find(mailbox, self._config.folder, self._place)
        return str(self._folder["id"])

    def _handled_folder(self, mailbox: Mailbox) -> str:
        if self._target is None:
            self._target = folders.find_or_make(mailbox, self._config.handled_folder)
        return self._target


def _access(config: GraphConfig) -> Access:
    if config.app_only:
        return "application"
    return "shared" if config.is_shared else "own"
