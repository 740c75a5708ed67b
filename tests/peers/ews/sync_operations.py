"""SyncFolderItems, with the place in the log of changes as its state."""

import base64
import json

from tests.peers.ews.desk import Caller
from tests.peers.ews.shapes import asked_for, item_xml
from tests.peers.ews.store import Folder, Mailbox
from tests.peers.ews.xml import Element, Refusal, refusal, responses, success, tag, text, value


def sync_folder_items(caller: Caller, request: Element) -> str:
    try:
        mailbox, folder = caller.folder(caller.folders(request, "m:SyncFolderId")[0])
        start = _start(caller, folder, text(request, "m:SyncState"))
    except Refusal as error:
        without = caller.faults.sync_error_without_state
        inner = "" if without else tag("m:SyncState") + value("m:IncludesLastItemInRange", "true")
        return responses("SyncFolderItems", [refusal("SyncFolderItems", error, inner)])
    most = int(text(request, "m:MaxChangesReturned"))
    if not 1 <= most <= 512:
        raise Refusal("ErrorSchemaValidation", "MaxChangesReturned")
    changes, end, last = _changes(caller, mailbox, folder, start, most, asked_for(request))
    inner = value("m:SyncState", _state(folder, end))
    inner += value("m:IncludesLastItemInRange", str(last).lower()) if "last" not in caller.faults.omit else ""
    return responses("SyncFolderItems", [success("SyncFolderItems", inner + tag("m:Changes", "".join(changes)))])


def _state(folder: Folder, place: int) -> str:
    return base64.b64encode(json.dumps({"folder": folder.id, "place": place}).encode()).decode()


def _start(caller: Caller, folder: Folder, state: str) -> int:
    if not state:
        return 0
    invalid = Refusal("ErrorInvalidSyncStateData", "Synchronization state data is corrupt or otherwise invalid.")
    if caller.faults.sync_state_expired:
        caller.faults.sync_state_expired = False
        raise invalid
    try:
        told = json.loads(base64.b64decode(state, validate=True))
    except ValueError:
        raise invalid from None
    if told["folder"] != folder.id:
        raise invalid
    return int(told["place"])


def _changes(
    caller: Caller, mailbox: Mailbox, folder: Folder, start: int, most: int, asked: set[str]
) -> tuple[list[str], int, bool]:
    """At most `most` changes behind `start`, the place behind them, and whether that is the end."""
    told: list[str] = []
    place = start
    for where, change, item_id in mailbox.log[start:]:
        if len(told) == most:
            break
        place += 1
        if where == folder.id:
            shown = _shown(caller, mailbox, change, item_id, asked)
            told += [shown] if shown else []
    if caller.faults.newest_first:
        told.reverse()
    return told, place, place == len(mailbox.log)


def _shown(caller: Caller, mailbox: Mailbox, change: str, item_id: str, asked: set[str]) -> str:
    item = mailbox.items.get(item_id)
    named = tag("t:ItemId", attributes={"Id": item_id, "ChangeKey": "CQAAAA=="})
    if change == "delete":
        return tag("t:Delete", named)
    if item is None:
        return ""
    if change == "read":
        return tag("t:ReadFlagChange", named + value("t:IsRead", str(item.is_read).lower()))
    return tag("t:Create" if change == "create" else "t:Update", item_xml(item, asked, caller.faults))
