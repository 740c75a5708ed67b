"""Folders and messages as JSON, with the properties that were asked for."""

from typing import Any

from tests.peers.graph.asked import Asked
from tests.peers.graph.store import Folder, Item, Mailbox


def folder_json(mailbox: Mailbox, folder: Folder) -> dict[str, Any]:
    children = [each for each in mailbox.folders.values() if each.parent == folder.id]
    return {
        "id": folder.id,
        "displayName": folder.name,
        "parentFolderId": folder.parent,
        "childFolderCount": len(children),
        "totalItemCount": len(mailbox.inside(folder.id)),
        "unreadItemCount": sum(not each.is_read for each in mailbox.inside(folder.id)),
    }


def message_json(item: Item, asked: Asked, select: str | None = None) -> dict[str, Any]:
    whole = {
        "isRead": item.is_read,
        "isDraft": item.is_draft,
        "categories": item.categories,
        "receivedDateTime": f"{item.received:%Y-%m-%dT%H:%M:%SZ}",
        "internetMessageId": item.message_id,
        "parentFolderId": item.folder,
        "hasAttachments": bool(item.files),
    }
    wanted = select or asked.query.get("$select")
    names = set(wanted.split(",")) if wanted else set(whole)
    told = {"@odata.etag": 'W/"CQAAABYAAAA="', "id": item.id, **{name: whole[name] for name in whole if name in names}}
    if "Integer 0x0E08" in asked.query.get("$expand", ""):
        size = len(item.mime) if item.size is None else item.size
        told["singleValueExtendedProperties"] = [{"id": "Integer 0xe08", "value": str(size)}]
    return told
