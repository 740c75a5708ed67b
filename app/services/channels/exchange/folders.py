"""Folders of a mailbox by path, with as few rights and requests as can be.

exchangelib's own `folder / "name"` reads the whole tree of the mailbox first, which a delegate often may not, and
which a large mailbox makes slow. So the first part is taken as a well-known folder, which has the same id in every
language, and the rest is looked for one level at a time.
"""

from collections.abc import Iterator
from typing import Any

from exchangelib.errors import ErrorFolderExists, ErrorFolderNotFound
from exchangelib.fields import FieldPath
from exchangelib.folders import (
    DeletedItems,
    Drafts,
    Folder,
    FolderCollection,
    Inbox,
    JunkEmail,
    MsgFolderRoot,
    Outbox,
    SentItems,
)
from exchangelib.items import SHALLOW
from exchangelib.services import CreateFolder

from app.services.channels.exchange.errors import Place

WELL_KNOWN = {cls.DISTINGUISHED_FOLDER_ID: cls for cls in (DeletedItems, Drafts, Inbox, JunkEmail, Outbox, SentItems)}


def find(account: Any, path: str, place: Place) -> Any:
    """The folder at `path`; `ChannelError` `exchange.no_folder` where there is none."""
    folder = look_for(account, path)
    if folder is None:
        raise place.error("exchange.no_folder", passing=False, folder=path)
    return folder


def look_for(account: Any, path: str) -> Any | None:
    """The folder at `path`, or None."""
    try:
        folder, missing = _walk(account, _parts(path))
    except ErrorFolderNotFound:
        return None
    return None if missing else folder


def find_or_make(account: Any, path: str) -> Any:
    """The folder at `path`, with what is missing of it made."""
    folder, missing = _walk(account, _parts(path))
    for name in missing:
        folder = _make(account, folder, name)
    return folder


def _walk(account: Any, parts: list[str]) -> tuple[Any, list[str]]:
    """As far down as there are folders, and the names for which there are none."""
    known = WELL_KNOWN.get(parts[0].casefold().replace(" ", ""))
    folder = (known or MsgFolderRoot).get_distinguished(root=account.root)
    rest = parts[1:] if known else parts
    while rest:
        child = _child(account, folder, rest[0])
        if child is None:
            break
        folder, rest = child, rest[1:]
    return folder, rest


def _child(account: Any, parent: Any, name: str) -> Any | None:
    """Exchange folder names ignore case; not every server does in a search, so names are compared here."""
    return next((each for each in _children(account, parent) if (each.name or "").casefold() == name.casefold()), None)


def _children(account: Any, parent: Any) -> Iterator[Any]:
    fields = {FieldPath(field=Folder.get_field_by_fieldname("name"))}
    for each in FolderCollection(account=account, folders=[parent]).find_folders(
        depth=SHALLOW, additional_fields=fields
    ):
        if isinstance(each, Exception):
            raise each
        yield each


def _make(account: Any, parent: Any, name: str) -> Any:
    try:
        return CreateFolder(account=account).get(parent_folder=parent, folders=[Folder(root=account.root, name=name)])
    except ErrorFolderExists:  # made by another desk just now
        folder = _child(account, parent, name)
        if folder is None:
            raise
        return folder


def _parts(path: str) -> list[str]:
    return [part.strip() for part in path.split("/") if part.strip()]
