"""From a SOAP request to its answer: who acts, which operation, which fault."""

import base64
import binascii
from collections.abc import Callable

from tests.peers.ews import folder_operations, item_operations, send_operations, sync_operations
from tests.peers.ews.desk import Caller
from tests.peers.ews.faults import Faults
from tests.peers.ews.send_operations import Outside
from tests.peers.ews.store import Store
from tests.peers.ews.xml import (
    NAMES,
    Element,
    Refusal,
    envelope,
    fault,
    operation,
    refusal,
    responses,
    text,
    value,
)

OPERATIONS: dict[str, Callable[[Caller, Element], str]] = {
    "GetFolder": folder_operations.get_folder,
    "FindFolder": folder_operations.find_folder,
    "CreateFolder": folder_operations.create_folder,
    "GetItem": item_operations.get_item,
    "FindItem": item_operations.find_item,
    "UpdateItem": item_operations.update_item,
    "MoveItem": item_operations.move_item,
    "DeleteItem": item_operations.delete_item,
    "SyncFolderItems": sync_operations.sync_folder_items,
}


def signed_in(authorization: str | None, store: Store) -> str | None:
    """The account of a Basic header, or None."""
    kind, _, told = (authorization or "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(told).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user if store.users.get(user) == password else None


def answer(
    user: str, header: Element | None, request: Element, store: Store, faults: Faults, outside: Outside | None
) -> tuple[int, bytes]:
    """HTTP status and body."""
    name = operation(request)
    if faults.busy_milliseconds is not None:
        wait = f'<t:MessageXml xmlns:t="{NAMES["t"]}"><t:Value Name="BackOffMilliseconds">'
        return 500, fault("ErrorServerBusy", "busy", f"{wait}{faults.busy_milliseconds}</t:Value></t:MessageXml>")
    if name == "ConvertId":
        return 200, envelope(responses(name, [refusal(name, Refusal("ErrorInvalidIdMalformed", "Id is malformed."))]))
    if name in faults.errors:
        inner = value("m:SyncState", "") + value("m:IncludesLastItemInRange", "true")
        told = refusal(name, Refusal(faults.errors[name]), inner if name == "SyncFolderItems" else "")
        return 200, envelope(responses(name, [told]))
    try:
        caller = Caller(user, _acting_as(user, header, store), store, faults)
        if name == "CreateItem":
            return 200, envelope(send_operations.create_item(caller, request, outside))
        if name not in OPERATIONS:
            return 500, fault("ErrorInvalidRequest", f"unknown operation {name}")
        return 200, envelope(OPERATIONS[name](caller, request))
    except Refusal as error:
        return 500, fault(error.code, error.text)


def _acting_as(user: str, header: Element | None, store: Store) -> str:
    person = "t:ExchangeImpersonation/t:ConnectingSID/t:PrimarySmtpAddress"
    wanted = text(header, person) if header is not None else ""
    if not wanted:
        return user
    if user not in store.impersonators:
        raise Refusal("ErrorImpersonateUserDenied", "The account does not have permission to impersonate.")
    return wanted
