"""/mailFolders and /childFolders."""

from typing import Any

from tests.peers.graph.asked import Asked
from tests.peers.graph.shapes import folder_json
from tests.peers.graph.store import Refusal


def folders(asked: Asked) -> tuple[int, Any]:
    """Listing those in a folder (or at the top), or making one."""
    mailbox = asked.mailbox()
    parent = mailbox.folder(asked.parts[3]).id if len(asked.parts) > 3 else ""
    if asked.method == "POST":
        return 201, folder_json(mailbox, mailbox.make_folder(asked.json["displayName"], parent))
    inside = [each for each in mailbox.folders.values() if each.parent == parent]
    start, size = int(asked.query.get("$skip", "0")), asked.page_size
    told: dict[str, Any] = {"value": [folder_json(mailbox, each) for each in inside[start : start + size]]}
    if start + size < len(inside):
        told["@odata.nextLink"] = asked.link(f"$top={size}&$skip={start + size}")
    return 200, told


def folder(asked: Asked) -> tuple[int, Any]:
    if asked.method != "GET":
        raise Refusal(405, "MethodNotAllowed")
    mailbox = asked.mailbox()
    return 200, folder_json(mailbox, mailbox.folder(asked.parts[3]))
