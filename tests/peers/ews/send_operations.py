"""CreateItem: saves, and sends to the mailboxes of this server and to whoever listens (`deliver_outside`)."""

import base64
from collections.abc import Callable
from email.parser import BytesHeaderParser
from email.utils import format_datetime, getaddresses, localtime

from tests.peers.ews.desk import Caller
from tests.peers.ews.xml import NAMES, Crash, Element, Refusal, refusal, responses, success, tag, text

Outside = Callable[[str, str, bytes], None]
"""Sender, one recipient, MIME."""


def create_item(caller: Caller, request: Element, outside: Outside | None) -> str:
    mailbox, folder = caller.folder(caller.folders(request, "m:SavedItemFolderId")[0])
    answers = []
    for wanted in caller.folders(request, "m:Items"):
        try:
            if not mailbox.may_send:
                raise Refusal("ErrorSendAsDenied", "The user account does not have the right to send as this mailbox.")
            if caller.faults.send_error:
                raise Refusal(caller.faults.send_error, "refused")
            mime = base64.b64decode(text(wanted, "t:MimeContent"))
            is_read = text(wanted, "t:IsRead") in {"1", "true"}
            caller.store.deliver(mailbox.address, mime, folder.id, is_read=is_read)
            if request.get("MessageDisposition") == "SendAndSaveCopy":
                _send(caller, wanted, mime, outside)
            answers.append(success("CreateItem", tag("m:Items")))
        except Refusal as error:
            answers.append(refusal("CreateItem", error, tag("m:Items")))
    return responses("CreateItem", answers)


def _send(caller: Caller, wanted: Element, mime: bytes, outside: Outside | None) -> None:
    """Recipients are those of the headers and, in addition, those of the elements."""
    if caller.faults.send_crashes_after_saving:
        raise Crash("no SMTP server")
    headers = BytesHeaderParser().parsebytes(mime)
    told = [str(value) for name in ("To", "Cc", "Bcc") for value in headers.get_all(name, [])]
    recipients = [address for _, address in getaddresses(told)]
    recipients += [each.text or "" for each in wanted.iterfind(".//t:EmailAddress", NAMES) if _is_recipient(each)]
    sender = text(wanted, "t:From/t:Mailbox/t:EmailAddress")
    if not recipients:
        raise Refusal("ErrorMissingRecipients", "no recipients")
    caller.store.submitted.append((sender, recipients, mime))
    trace = f"Received: from desk by ews.test; {format_datetime(localtime())}\r\n".encode()
    for each in recipients:
        if each.casefold() in caller.store.mailboxes:
            caller.store.deliver(each, trace + mime)
        elif outside is not None:
            outside(sender, each, mime)
    caller.store.save()


def _is_recipient(address: Element) -> bool:
    return any(parent.tag.endswith("Recipients") for parent in address.iterancestors())
