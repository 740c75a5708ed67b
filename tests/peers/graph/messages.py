"""One message: its bytes, its state, and moving it."""

from typing import Any

from tests.peers.graph.asked import Asked
from tests.peers.graph.shapes import message_json
from tests.peers.graph.store import Refusal


def message(asked: Asked) -> tuple[int, Any]:
    mailbox = asked.mailbox()
    item = mailbox.item(asked.parts[3])
    if asked.method == "DELETE":
        asked.store.remove(mailbox, item)
        return 204, None
    if asked.method == "PATCH":
        told = asked.json
        if set(told) - {"isRead", "categories"}:
            raise Refusal(400, "ErrorInvalidPropertySet")
        item.is_read = told.get("isRead", item.is_read)
        item.categories = told.get("categories", item.categories)
        asked.store.touch(mailbox, item)
    return 200, message_json(item, asked)


def value(asked: Asked) -> tuple[int, Any]:
    item = asked.mailbox().item(asked.parts[3])
    if item.id in asked.faults.broken:
        raise Refusal(*asked.faults.broken[item.id])
    return 200, item.mime


def move(asked: Asked) -> tuple[int, Any]:
    mailbox = asked.mailbox()
    item = mailbox.item(asked.parts[3])
    folder = mailbox.folder(asked.json["destinationId"])
    if item.folder != folder.id:
        asked.store.move(mailbox, item, folder.id)
    return 201, message_json(item, asked)
