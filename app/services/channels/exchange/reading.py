"""Reading a folder: what came since a sync state, and the mails themselves as they came (MIME).

MIME content is all that is taken of a mail. Servers fill the parsed fields (received date, text body, sender) as they
like, and the core has a parser of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from exchangelib.errors import (
    ErrorAccessDenied,
    ErrorInternalServerError,
    ErrorInvalidSyncStateData,
    ErrorItemNotFound,
    ResponseMessageError,
    TransportError,
)
from exchangelib.fields import FieldPath
from exchangelib.folders import BaseFolder
from exchangelib.items import ID_ONLY, Item
from exchangelib.properties import ItemId
from exchangelib.services import SyncFolderItems
from exchangelib.services.sync_folder_hierarchy import SyncFolder
from exchangelib.util import MNS

from app.services.channels.exchange.errors import PASSING, still_answers
from app.services.channels.exchange.protocol import HttpRefusal
from app.services.channels.interface import Incoming

MOST_CHANGES = 512
"""A sync answers no more at once (`MaxSyncFolderItemsChanges` in messages.xsd)."""
MOST_BYTES = 24 * 1024 * 1024
"""Of one poll: held in memory at once, and fetched while the channel's lease runs."""
BATCH_BYTES = 8 * 1024 * 1024
BATCH_ITEMS = 50

NOT_MAIL = ("IPM.APPOINTMENT", "IPM.CONTACT", "IPM.DISTLIST", "IPM.TASK", "IPM.STICKYNOTE", "IPM.ACTIVITY", "IPM.POST")
"""Item classes (MS-OXOMSG) that are no mail. Meeting requests and reports are: they were sent by somebody."""
WHOLE_CALL = (*PASSING, ErrorAccessDenied, HttpRefusal)
"""No fault of one mail."""
NOT_MAIL_ELEMENTS = ("CalendarItem", "Contact", "DistributionList", "Task", "PostItem", "Booking")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail that is new in the folder. `size` is in bytes, as the server counts them, 0 where it does not."""

    item_id: str
    size: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    items: Sequence[Arrival]
    state: str | None
    more: bool


class _Changes(SyncFolderItems):  # type: ignore[misc] # exchangelib has no types
    """One page of changes. Unlike its parent it stands an error without a sync state and items it does not know."""

    def _get_element_container(self, message: Any, name: str | None = None) -> Any:
        state, last = message.find(f"{{{MNS}}}SyncState"), message.find(self.last_in_range_name)
        self.sync_state = state.text if state is not None else None
        self.includes_last_item_in_range = last is None or (last.text or "").strip().lower() in {"true", "1"}
        return super(SyncFolder, self)._get_element_container(message=message, name=name)

    def _elem_to_obj(self, elem: Any) -> Any:
        change = self.change_types_map.get(elem.tag)
        if change == self.CREATE and len(elem) and elem[0].tag not in BaseFolder.ITEM_MODEL_MAP:
            return change, None
        return super()._elem_to_obj(elem) if change == self.CREATE else (change, None)


def arrivals(folder: Any, state: str | None, limit: int, max_bytes: int) -> Arrivals:
    """What came to `folder` since `state`: at most `limit`, and fewer where they are large.

    Changes of other kinds only move the state on.
    """
    try:
        news = _arrivals(folder, state, limit)
    except ErrorInvalidSyncStateData:
        state, news = None, _arrivals(folder, None, limit)
    while len(news.items) > 1 and sum(each.size for each in news.items if each.size <= max_bytes) > MOST_BYTES:
        limit = len(news.items) // 2
        news = _arrivals(folder, state, limit)
    return news


def _arrivals(folder: Any, state: str | None, limit: int) -> Arrivals:
    changes = _Changes(account=folder.account)
    fields = {FieldPath(field=Item.get_field_by_fieldname(name)) for name in ("size", "item_class")}
    found = [
        Arrival(item.id, item.size or 0)
        for change, item in changes.call(
            folder=folder,
            shape=ID_ONLY,
            additional_fields=fields,
            sync_state=state,
            ignore=None,
            max_changes_returned=max(1, min(limit, MOST_CHANGES)),
            sync_scope="NormalItems",
        )
        if change == changes.CREATE and item is not None and item.id and _is_mail(item)
    ]
    more = not changes.includes_last_item_in_range and changes.sync_state not in {None, state}
    return Arrivals(found, changes.sync_state, more)


def _is_mail(item: Any) -> bool:
    return item.ELEMENT_NAME not in NOT_MAIL_ELEMENTS and not (item.item_class or "").upper().startswith(NOT_MAIL)


def fetch(folder: Any, arrived: Sequence[Arrival], max_bytes: int) -> Iterator[Incoming]:
    """The mails, in the order given. One that is gone meanwhile is left out; one that is broken is told as such."""
    for batch in _batches(arrived, max_bytes):
        if len(batch) == 1 and batch[0].size > max_bytes:
            yield Incoming(batch[0].item_id, None, batch[0].size, "too_large")
        else:
            yield from (each for each in _fetched(folder, batch, max_bytes) if each is not None)


def _batches(arrived: Sequence[Arrival], max_bytes: int) -> Iterator[list[Arrival]]:
    """Some mails a request, and one that is too large by itself."""
    batch: list[Arrival] = []
    for each in arrived:
        alone = each.size > max_bytes
        if batch and (alone or len(batch) == BATCH_ITEMS or sum(one.size for one in batch) + each.size > BATCH_BYTES):
            yield batch
            batch = []
        batch.append(each)
        if alone:
            yield batch
            batch = []
    if batch:
        yield batch


def _fetched(folder: Any, batch: Sequence[Arrival], max_bytes: int) -> list[Incoming | None]:
    try:
        items = _mime(folder.account, batch)
    except WHOLE_CALL:
        raise
    except TransportError:  # one bad item fails the whole call on some servers
        return [_fetched_alone(folder, each, max_bytes) for each in batch]
    if len(items) != len(batch):
        return [_fetched_alone(folder, each, max_bytes) for each in batch]
    return [_incoming(each, item, max_bytes) for each, item in zip(batch, items, strict=True)]


def _fetched_alone(folder: Any, arrival: Arrival, max_bytes: int) -> Incoming | None:
    try:
        items = _mime(folder.account, [arrival])
    except WHOLE_CALL:
        raise
    except TransportError as error:
        if not isinstance(error, ResponseMessageError) or isinstance(error, ErrorInternalServerError):
            still_answers(folder)
        return _incoming(arrival, error, max_bytes)
    return _incoming(arrival, items[0] if items else None, max_bytes)


def _mime(account: Any, batch: Sequence[Arrival]) -> list[Any]:
    ids = [ItemId(id=each.item_id) for each in batch]
    return list(account.fetch(ids, only_fields=["mime_content"], chunk_size=len(ids)))


def _incoming(arrival: Arrival, item: Any, max_bytes: int) -> Incoming | None:
    if isinstance(item, ErrorItemNotFound):
        return None
    raw = getattr(item, "mime_content", None)
    if not isinstance(raw, bytes) or not raw:
        return Incoming(arrival.item_id, None, arrival.size, "unreadable")
    if len(raw) > max_bytes:
        return Incoming(arrival.item_id, None, len(raw), "too_large")
    return Incoming(arrival.item_id, raw, len(raw))
