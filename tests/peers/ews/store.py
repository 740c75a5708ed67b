"""Mailboxes with folders, items and a log of changes, in memory and, where a file is named, on disk."""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from pathlib import Path
from threading import RLock
from typing import Any

from tests.peers.ews.xml import Refusal

WELL_KNOWN = {
    "msgfolderroot": "Top of Information Store",
    "inbox": "Posteingang",
    "sentitems": "Gesendete Elemente",
    "drafts": "Entwürfe",
    "deleteditems": "Gelöschte Elemente",
    "junkemail": "Junk-E-Mail",
    "outbox": "Postausgang",
}
"""In German, so that nothing may rely on names."""


@dataclass
class Folder:
    id: str
    name: str
    parent: str
    well_known: str = ""


@dataclass
class Item:
    id: str
    folder: str
    mime: bytes
    element: str = "Message"
    item_class: str = "IPM.Note"
    is_read: bool = False
    size: int = 0
    received: str = ""

    @property
    def message_id(self) -> str:
        return str(BytesHeaderParser().parsebytes(self.mime).get("Message-ID", ""))

    @property
    def subject(self) -> str:
        return str(BytesHeaderParser().parsebytes(self.mime).get("Subject", ""))


@dataclass
class Mailbox:
    """`rights` names the accounts that may use it; `hidden_root` keeps the root of the mailbox from them."""

    address: str
    rights: set[str] = field(default_factory=set)
    hidden_root: bool = False
    may_send: bool = True
    folders: dict[str, Folder] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    log: list[tuple[str, str, str]] = field(default_factory=list)
    """(folder id, create | update | delete | read, item id), oldest first."""
    made: int = 0

    def new_id(self, kind: str) -> str:
        self.made += 1
        return base64.b64encode(f"{self.address}/{kind}/{self.made}".encode()).decode()

    def well_known(self, name: str) -> Folder:
        for each in self.folders.values():
            if each.well_known == name:
                return each
        raise Refusal("ErrorFolderNotFound", f"no folder {name}")

    def make_folder(self, name: str, parent: str, well_known: str = "") -> Folder:
        folder = Folder(self.new_id("folder"), name, parent, well_known)
        self.folders[folder.id] = folder
        return folder

    def inside(self, folder: str) -> list[Item]:
        return [each for each in self.items.values() if each.folder == folder]


class Store:
    """All mailboxes and all accounts (`users`: name to password). Every change is on disk before it is answered."""

    def __init__(self, file: Path | None = None) -> None:
        self.lock = RLock()
        self.mailboxes: dict[str, Mailbox] = {}
        self.users: dict[str, str] = {}
        self.impersonators: set[str] = set()
        self.submitted: list[tuple[str, list[str], bytes]] = []
        """(sender, recipients, MIME) of all that was sent."""
        self._file = file
        if file is not None and file.exists():
            self._load(json.loads(file.read_text(encoding="utf-8")))

    def add_user(self, name: str, password: str) -> None:
        self.users[name] = password
        self.save()

    def add_mailbox(self, address: str, *rights: str) -> Mailbox:
        """A mailbox with its well-known folders. An account named like the address has rights on it."""
        mailbox = Mailbox(address, {address, *rights})
        root = mailbox.make_folder(WELL_KNOWN["msgfolderroot"], "", "msgfolderroot")
        for name, shown in WELL_KNOWN.items():
            if name != "msgfolderroot":
                mailbox.make_folder(shown, root.id, name)
        self.mailboxes[address.casefold()] = mailbox
        self.save()
        return mailbox

    def mailbox(self, address: str) -> Mailbox:
        try:
            return self.mailboxes[address.casefold()]
        except KeyError:
            raise Refusal("ErrorNonExistentMailbox", f"no mailbox {address}") from None

    def deliver(self, address: str, mime: bytes, folder: str = "inbox", **fields: Any) -> str:
        """Puts a mail into a mailbox, as a mail server would; its item id. `folder` is a well-known name or an id."""
        with self.lock:
            mailbox = self.mailbox(address)
            target = mailbox.folders.get(folder) or mailbox.well_known(folder)
            item = Item(mailbox.new_id("item"), target.id, mime, **fields)
            item.size = item.size or len(mime)
            item.received = item.received or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
            mailbox.items[item.id] = item
            mailbox.log.append((target.id, "create", item.id))
            self.save()
            return item.id

    def remove(self, mailbox: Mailbox, item: Item) -> None:
        with self.lock:
            del mailbox.items[item.id]
            mailbox.log.append((item.folder, "delete", item.id))
            self.save()

    def remove_folder(self, mailbox: Mailbox, name: str) -> None:
        """Deletes a folder with all that is in it."""
        with self.lock:
            folder = next(each for each in mailbox.folders.values() if each.name == name)
            for item in mailbox.inside(folder.id):
                self.remove(mailbox, item)
            del mailbox.folders[folder.id]
            self.save()

    def move(self, mailbox: Mailbox, item: Item, folder: str) -> Item:
        """Moves, which gives the item another id."""
        with self.lock:
            self.remove(mailbox, item)
            fields = {key: told for key, told in vars(item).items() if key not in {"id", "folder"}}
            moved = Item(mailbox.new_id("item"), folder, **fields)
            mailbox.items[moved.id] = moved
            mailbox.log.append((folder, "create", moved.id))
            self.save()
            return moved

    def mark_read(self, mailbox: Mailbox, item: Item, is_read: bool) -> None:
        with self.lock:
            item.is_read = is_read
            mailbox.log.append((item.folder, "read", item.id))
            self.save()

    def find(self, item_id: str) -> tuple[Mailbox, Item]:
        """The item and its mailbox; the codes are Exchange's."""
        try:
            address = base64.b64decode(item_id, validate=True).decode().split("/")[0]
        except ValueError:
            raise Refusal("ErrorInvalidIdMalformed", "Id is malformed.") from None
        mailbox = self.mailbox(address)
        if item_id not in mailbox.items:
            raise Refusal("ErrorItemNotFound", "The specified object was not found in the store.")
        return mailbox, mailbox.items[item_id]

    def messages(self, address: str, folder: str = "inbox") -> Iterator[Item]:
        mailbox = self.mailbox(address)
        yield from mailbox.inside(mailbox.well_known(folder).id)

    def save(self) -> None:
        if self._file is None:
            return
        told = json.dumps(
            {
                "users": self.users,
                "impersonators": sorted(self.impersonators),
                "submitted": self.submitted,
                "mailboxes": {name: asdict(each) for name, each in self.mailboxes.items()},
            },
            default=_plain,
        )
        beside = self._file.with_suffix(".new")
        beside.write_text(told, encoding="utf-8")
        os.replace(beside, self._file)  # noqa: PTH105 - the one that is atomic on every platform

    def _load(self, told: dict[str, Any]) -> None:
        self.users = told["users"]
        self.impersonators = set(told["impersonators"])
        self.submitted = [(sender, to, base64.b64decode(mime["b64"])) for sender, to, mime in told["submitted"]]
        for name, each in told["mailboxes"].items():
            folders = {key: Folder(**one) for key, one in each.pop("folders").items()}
            items = {
                key: Item(**{**one, "mime": base64.b64decode(one["mime"]["b64"])})
                for key, one in each.pop("items").items()
            }
            log = [(folder, change, item) for folder, change, item in each.pop("log")]
            rights = set(each.pop("rights"))
            self.mailboxes[name] = Mailbox(rights=rights, folders=folders, items=items, log=log, **each)


def _plain(told: object) -> object:
    if isinstance(told, bytes):
        return {"b64": base64.b64encode(told).decode()}
    assert isinstance(told, set)
    return sorted(told)
