"""Folders and items as XML, with the properties that were asked for, in the order of types.xsd."""

import base64
from collections.abc import Callable

from tests.peers.ews.faults import Faults
from tests.peers.ews.store import Folder, Item, Mailbox
from tests.peers.ews.xml import NAMES, Element, tag, value


def asked_for(request: Element) -> set[str]:
    """The properties of a shape, beside the id."""
    return {each.get("FieldURI", "") for each in request.iterfind(".//t:AdditionalProperties/t:FieldURI", NAMES)}


def folder_xml(mailbox: Mailbox, folder: Folder) -> str:
    inside = mailbox.inside(folder.id)
    children = [each for each in mailbox.folders.values() if each.parent == folder.id]
    return tag(
        "t:Folder",
        tag("t:FolderId", attributes={"Id": folder.id, "ChangeKey": "AQ=="})
        + (tag("t:ParentFolderId", attributes={"Id": folder.parent}) if folder.parent else "")
        + value("t:FolderClass", "IPF.Note")
        + value("t:DisplayName", folder.name)
        + value("t:TotalCount", len(inside))
        + value("t:ChildFolderCount", len(children))
        + value("t:UnreadCount", sum(not each.is_read for each in inside)),
    )


def item_xml(item: Item, asked: set[str], faults: Faults) -> str:
    told = "".join(show(item, faults) for field, show in _SHOWN.items() if field in asked and field not in faults.omit)
    mime = ""
    if "item:MimeContent" in asked and "item:MimeContent" not in faults.omit:
        content = base64.b64encode(item.mime).decode("ascii")
        mime = f'<t:MimeContent CharacterSet="UTF-8">{content}</t:MimeContent>'
    return tag(f"t:{item.element}", mime + item_id_xml(item) + told)


def item_id_xml(item: Item) -> str:
    return tag("t:ItemId", attributes={"Id": item.id, "ChangeKey": "CQAAAA=="})


def _received(item: Item, faults: Faults) -> str:
    return value(
        "t:DateTimeReceived", f"{item.received}.123456789Z" if faults.nine_digit_seconds else f"{item.received}Z"
    )


_SHOWN: dict[str, Callable[[Item, Faults], str]] = {
    "item:ItemClass": lambda item, _: value("t:ItemClass", item.item_class),
    "item:Subject": lambda item, _: value("t:Subject", item.subject),
    "item:DateTimeReceived": _received,
    "item:Size": lambda item, _: value("t:Size", item.size),
    "message:InternetMessageId": lambda item, _: value("t:InternetMessageId", item.message_id),
    "message:IsRead": lambda item, _: value("t:IsRead", str(item.is_read).lower()),
}
