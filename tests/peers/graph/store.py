"""Mailboxes with their folders, items and the log of what changed."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from threading import RLock
from typing import Any

WELL_KNOWN = {
    "inbox": "Posteingang",
    "archive": "Archiv",
    "sentitems": "Gesendete Elemente",
    "drafts": "Entwürfe",
    "deleteditems": "Gelöschte Elemente",
    "junkemail": "Junk-E-Mail",
    "outbox": "Postausgang",
}
"""In German, so that nothing may rely on names."""


class Refusal(Exception):
    """An error in Graph's form."""

    def __init__(self, status: int, code: str, text: str = "refused") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.text = text


@dataclass
class Folder:
    id: str
    name: str
    parent: str = ""
    well_known: str = ""


@dataclass
class Item:
    """`id` is the immutable one. `received` is aware UTC, finer than the second that is told of it."""

    id: str
    folder: str
    mime: bytes
    received: datetime
    is_read: bool = False
    is_draft: bool = False
    categories: list[str] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    size: int | None = None

    @property
    def message_id(self) -> str:
        return str(BytesHeaderParser().parsebytes(self.mime).get("Message-ID", f"<{self.id}@made.up>"))


@dataclass
class Mailbox:
    """`rights` names the accounts that may use it. `limited` hides everything but the inbox from them."""

    address: str
    rights: set[str] = field(default_factory=set)
    may_send: bool = True
    folders: dict[str, Folder] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    log: list[tuple[str, str, str]] = field(default_factory=list)
    """(folder id, created | updated | deleted, item id), oldest first."""
    made: int = 0

    def new_id(self, kind: str) -> str:
        self.made += 1
        return base64.b64encode(f"{self.address}/{kind}/{self.made}".encode()).decode()

    def folder(self, name: str) -> Folder:
        """By id or well-known name."""
        for each in self.folders.values():
            if name in {each.id, each.well_known}:
                return each
        raise Refusal(404, "ErrorItemNotFound" if "=" in name else "ErrorFolderNotFound", "no such folder")

    def make_folder(self, name: str, parent: str = "", well_known: str = "") -> Folder:
        if any(each.parent == parent and each.name.casefold() == name.casefold() for each in self.folders.values()):
            raise Refusal(409, "ErrorFolderExists", "A folder with that name exists.")
        folder = Folder(self.new_id("folder"), name, parent, well_known)
        self.folders[folder.id] = folder
        return folder

    def item(self, item_id: str) -> Item:
        try:
            base64.b64decode(item_id, validate=True).decode()
        except ValueError:
            raise Refusal(400, "ErrorInvalidIdMalformed", "Id is malformed.") from None
        if item_id not in self.items:
            raise Refusal(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        return self.items[item_id]

    def inside(self, folder: str) -> list[Item]:
        """What is in a folder, the oldest first."""
        found = [each for each in self.items.values() if each.folder == folder]
        return sorted(found, key=lambda each: each.received)


class Store:
    """All mailboxes, and the tokens that open them (`tokens`: token to account)."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.mailboxes: dict[str, Mailbox] = {}
        self.tokens: dict[str, str] = {}
        self.submitted: list[tuple[str, bytes]] = []
        """(mailbox, MIME) of all that was sent."""
        self.uploads: dict[str, tuple[Item, dict[str, Any], bytearray]] = {}
        self.generation = 0

    def add_mailbox(self, address: str, *rights: str) -> Mailbox:
        """A mailbox with its well-known folders. The account named like the address has rights on it."""
        mailbox = Mailbox(address, {address, *rights})
        for name, shown in WELL_KNOWN.items():
            mailbox.make_folder(shown, "", name)
        self.mailboxes[address.casefold()] = mailbox
        return mailbox

    def mailbox(self, address: str) -> Mailbox:
        try:
            return self.mailboxes[address.casefold()]
        except KeyError:
            raise Refusal(404, "ErrorInvalidUser", f"The requested user '{address}' is invalid.") from None

    def deliver(self, address: str, mime: bytes, folder: str = "inbox", **fields: Any) -> str:
        """Puts a mail into a mailbox, as a mail server would; its id. `folder` is a well-known name or an id."""
        with self.lock:
            mailbox = self.mailbox(address)
            fields.setdefault("received", datetime.now(UTC))
            item = Item(mailbox.new_id("item"), mailbox.folder(folder).id, mime, **fields)
            mailbox.items[item.id] = item
            mailbox.log.append((item.folder, "created", item.id))
            return item.id

    def remove(self, mailbox: Mailbox, item: Item) -> None:
        with self.lock:
            del mailbox.items[item.id]
            mailbox.log.append((item.folder, "deleted", item.id))

    def move(self, mailbox: Mailbox, item: Item, folder: str) -> None:
        """Moves; the id stays, and the folder left tells a removal."""
        with self.lock:
            mailbox.log.append((item.folder, "deleted", item.id))
            item.folder = mailbox.folder(folder).id
            mailbox.log.append((item.folder, "created", item.id))

    def touch(self, mailbox: Mailbox, item: Item) -> None:
        """Something about it changed."""
        with self.lock:
            mailbox.log.append((item.folder, "updated", item.id))

    def messages(self, address: str, folder: str = "inbox") -> Iterator[Item]:
        mailbox = self.mailbox(address)
        yield from mailbox.inside(mailbox.folder(folder).id)
