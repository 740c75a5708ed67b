"""Folders by path. Well-known names mean the mailbox's own folders in any language; names are compared without case."""

from typing import Any

from app.services.channels.graph.errors import NO_FOLDER, NotGraph, Place, Refused
from app.services.channels.graph.mailbox import Mailbox
from app.services.channels.graph.transport import path
from app.services.channels.interface import path_key

WELL_KNOWN = frozenset({"inbox", "archive", "drafts", "sentitems", "deleteditems", "junkemail", "outbox"})
_FIELDS = "?$select=id,displayName,totalItemCount"
_EXISTS = frozenset({"errorfolderexists", "namealreadyexists"})


def find(mailbox: Mailbox, name: str, place: Place) -> dict[str, Any]:
    """The folder at the path `name`, as Graph tells it; `ChannelError` `graph.no_folder` where there is none."""
    folder = look_for(mailbox, name)
    if folder is None:
        raise place.error("graph.no_folder", passing=False, folder=name)
    return folder


def look_for(mailbox: Mailbox, name: str) -> dict[str, Any] | None:
    """The folder at that path, or None."""
    folder, missing = _walk(mailbox, _parts(name))
    return None if missing else folder


def find_or_make(mailbox: Mailbox, name: str) -> str:
    """The id of the folder at that path, with what is missing of it made."""
    folder, missing = _walk(mailbox, _parts(name))
    for each in missing:
        folder = _make(mailbox, folder, each)
    assert folder is not None
    return str(folder["id"])


def _walk(mailbox: Mailbox, parts: list[str]) -> tuple[dict[str, Any] | None, list[str]]:
    """As far down as there are folders, and the names for which there are none."""
    folder: dict[str, Any] | None = None
    known = parts[0].casefold().replace(" ", "")
    if known in WELL_KNOWN:
        folder = _well_known(mailbox, known)
        if folder is None:
            return None, parts
        parts = parts[1:]
    while parts:
        child = _child(mailbox, folder, parts[0])
        if child is None:
            break
        folder, parts = child, parts[1:]
    return folder, parts


def _well_known(mailbox: Mailbox, name: str) -> dict[str, Any] | None:
    try:
        return _named(mailbox.transport.get(mailbox.folder(name) + _FIELDS))
    except Refused as refusal:
        if refusal.code in NO_FOLDER or refusal.is_gone:
            return None
        raise


def _child(mailbox: Mailbox, parent: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
    """Among all there are: a filter by name would not find it in another case."""
    wanted = path_key(name)
    children = mailbox.all_of(f"{_inside(mailbox, parent)}{_FIELDS}&$top=100")
    return next((each for each in children if path_key(str(each.get("displayName", ""))) == wanted), None)


def _make(mailbox: Mailbox, parent: dict[str, Any] | None, name: str) -> dict[str, Any]:
    try:
        return _named(mailbox.transport.send("POST", _inside(mailbox, parent), {"displayName": name}))
    except Refused as refusal:
        found = _child(mailbox, parent, name) if refusal.code in _EXISTS else None
        if found is None:
            raise
        return found  # made by another desk just now


def _named(folder: dict[str, Any]) -> dict[str, Any]:
    """The folder; `NotGraph` where an answer is none, as that of a page to sign in to a network is."""
    if not isinstance(folder.get("id"), str):
        raise NotGraph("JSON")
    return folder


def _inside(mailbox: Mailbox, parent: dict[str, Any] | None) -> str:
    return mailbox.at("mailFolders") + (path(str(parent["id"]), "childFolders") if parent else "")


def _parts(name: str) -> list[str]:
    return [part.strip() for part in name.split("/") if part.strip()]
