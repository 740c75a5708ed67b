"""GetItem, FindItem, UpdateItem, MoveItem and DeleteItem."""

from collections.abc import Callable

from tests.peers.ews.desk import Caller
from tests.peers.ews.shapes import asked_for, item_id_xml, item_xml
from tests.peers.ews.store import Item, Mailbox
from tests.peers.ews.xml import NAMES, Crash, Element, Refusal, refusal, responses, success, tag, text


def _each_item(caller: Caller, name: str, holders: list[Element], act: Callable[[Mailbox, Item, Element], str]) -> str:
    """One response message an item, or a crash of the whole call."""
    answers = []
    for holder in holders:
        named = holder if holder.get("Id") else holder.find("t:ItemId", NAMES)
        item_id = named.get("Id", "") if named is not None else ""
        if item_id in caller.faults.crashing:
            raise Crash(f"{name} of {item_id}")
        try:
            if item_id in caller.faults.broken:
                raise Refusal(caller.faults.broken[item_id], "broken")
            mailbox, item = caller.store.find(item_id)
            caller.allowed(mailbox)
            answers.append(success(name, tag("m:Items", act(mailbox, item, holder))))
        except Refusal as error:
            answers.append(refusal(name, error, tag("m:Items")))
    return responses(name, answers)


def get_item(caller: Caller, request: Element) -> str:
    asked = asked_for(request)
    for gone in caller.faults.vanish_before_fetch:
        mailbox, item = caller.store.find(gone)
        caller.store.remove(mailbox, item)
    caller.faults.vanish_before_fetch.clear()
    ids = caller.folders(request, "m:ItemIds")
    return _each_item(caller, "GetItem", ids, lambda _mailbox, item, _holder: item_xml(item, asked, caller.faults))


def find_item(caller: Caller, request: Element) -> str:
    asked = asked_for(request)
    wanted = request.find("m:Restriction/t:IsEqualTo", NAMES)
    view = request.find("m:IndexedPageItemView", NAMES)
    assert view is not None
    offset, most = int(view.get("Offset", "0")), int(view.get("MaxEntriesReturned", "100"))
    answers = []
    for holder in caller.folders(request, "m:ParentFolderIds"):
        try:
            mailbox, folder = caller.folder(holder)
        except Refusal as error:
            answers.append(refusal("FindItem", error))
            continue
        found = [
            each for each in mailbox.inside(folder.id) if caller.faults.ignore_restrictions or _meets(each, wanted)
        ]
        page = found[offset : offset + most]
        inner = tag("t:Items", "".join(item_xml(each, asked, caller.faults) for each in page))
        paging = {
            "IndexedPagingOffset": str(offset + len(page)),
            "TotalItemsInView": str(len(found)),
            "IncludesLastItemInRange": str(offset + len(page) >= len(found)).lower(),
        }
        answers.append(success("FindItem", tag("m:RootFolder", inner, paging)))
    return responses("FindItem", answers)


def _meets(item: Item, wanted: Element | None) -> bool:
    if wanted is None:
        return True
    field = wanted.find("t:FieldURI", NAMES)
    constant = wanted.find("t:FieldURIOrConstant/t:Constant", NAMES)
    assert field is not None
    assert constant is not None
    told = {"message:InternetMessageId": item.message_id, "item:Subject": item.subject}
    return told[field.get("FieldURI", "")] == constant.get("Value")


def update_item(caller: Caller, request: Element) -> str:
    def act(mailbox: Mailbox, item: Item, change: Element) -> str:
        told = text(change, "t:Updates/t:SetItemField/t:Message/t:IsRead")
        if told:
            caller.store.mark_read(mailbox, item, told in {"1", "true"})
        return tag("t:Message", item_id_xml(item))

    if request.get("ConflictResolution") != "AlwaysOverwrite":
        raise Refusal("ErrorChangeKeyRequired", "The change key is required.")
    changes = caller.folders(request, "m:ItemChanges")
    return _each_item(caller, "UpdateItem", changes, act)


def move_item(caller: Caller, request: Element) -> str:
    _, target = caller.folder(caller.folders(request, "m:ToFolderId")[0])

    def act(mailbox: Mailbox, item: Item, _holder: Element) -> str:
        return tag("t:Message", item_id_xml(caller.store.move(mailbox, item, target.id)))

    return _each_item(caller, "MoveItem", caller.folders(request, "m:ItemIds"), act)


def delete_item(caller: Caller, request: Element) -> str:
    def act(mailbox: Mailbox, item: Item, _holder: Element) -> str:
        caller.store.remove(mailbox, item)
        return ""

    return _each_item(caller, "DeleteItem", caller.folders(request, "m:ItemIds"), act)
