"""Sending: MIME in one request, or a draft with its files.

https://learn.microsoft.com/graph/api/user-sendmail, https://learn.microsoft.com/graph/outlook-large-attachments
"""

import base64
import binascii
import re
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import SMTP
from email.utils import format_datetime, getaddresses, localtime
from typing import Any

from tests.peers.graph.asked import Asked
from tests.peers.graph.shapes import message_json
from tests.peers.graph.store import Item, Mailbox, Refusal, Store

MOST_IN_REQUEST = 4 * 1024 * 1024
_LEAST_UPLOAD = 3 * 1000 * 1000 - 200_000
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def send_mail(asked: Asked) -> tuple[int, Any]:
    mailbox = asked.mailbox()
    mime = _mime(asked)
    _submit(asked, mailbox, mime)
    asked.store.deliver(mailbox.address, mime, "sentitems", is_read=True)
    return 202, None


def create_draft(asked: Asked) -> tuple[int, Any]:
    mailbox = asked.mailbox()
    made = asked.store.deliver(mailbox.address, _mime(asked), "drafts", is_draft=True)
    return 201, message_json(mailbox.items[made], asked)


def send_draft(asked: Asked) -> tuple[int, Any]:
    mailbox = asked.mailbox()
    item = mailbox.item(asked.parts[3])
    if not item.is_draft or asked.body:
        raise Refusal(400, "ErrorInvalidOperation")
    item.mime = _with_files(item)
    _submit(asked, mailbox, item.mime)
    item.is_draft, item.is_read = False, True
    asked.store.move(mailbox, item, "sentitems")
    return 202, None


def attach(asked: Asked) -> tuple[int, Any]:
    told = asked.json
    if told.get("@odata.type") != "#microsoft.graph.fileAttachment":
        raise Refusal(400, "ErrorInvalidRequest")
    content = base64.b64decode(told["contentBytes"], validate=True)
    item = asked.mailbox().item(asked.parts[3])
    item.files.append({**told, "content": content})
    return 201, {"@odata.type": told["@odata.type"], "id": f"file{len(item.files)}", "name": told["name"]}


def create_session(asked: Asked) -> tuple[int, Any]:
    told = asked.json["AttachmentItem"]
    if told["attachmentType"] != "file" or told["size"] < _LEAST_UPLOAD:
        raise Refusal(400, "ErrorInvalidRequest")
    item = asked.mailbox().item(asked.parts[3])
    name = f"session{len(asked.store.uploads) + 1}"
    asked.store.uploads[name] = (item, told, bytearray())
    return 201, {"uploadUrl": f"{asked.base}/upload/{name}?authtoken=of-its-own", "nextExpectedRanges": ["0-"]}


def upload(store: Store, name: str, headers: dict[str, str], part: bytes) -> tuple[int, Any]:
    """A part; the last one makes the file. The address is its own permission, and a token does not belong here."""
    if "authorization" in headers:
        raise Refusal(401, "InvalidAuthenticationToken")
    item, told, got = store.uploads[name]
    placed = _RANGE.fullmatch(headers.get("content-range", ""))
    if placed is None or len(part) > MOST_IN_REQUEST:
        raise Refusal(400, "ErrorInvalidRange")
    first, last, size = map(int, placed.groups())
    if first != len(got) or last - first + 1 != len(part) or size != told["size"]:
        raise Refusal(416, "ErrorInvalidRange")
    got += part
    if len(got) < size:
        return 200, {"nextExpectedRanges": [f"{len(got)}-"]}
    item.files.append({**told, "content": bytes(got)})
    return 201, b""


def _mime(asked: Asked) -> bytes:
    if asked.headers.get("content-type") != "text/plain":
        raise Refusal(415, "UnsupportedMediaType")
    if len(asked.body) > MOST_IN_REQUEST:
        raise Refusal(413, "RequestEntityTooLarge")
    try:
        return base64.b64decode(asked.body, validate=True)
    except binascii.Error:
        raise Refusal(400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content.") from None


def _submit(asked: Asked, mailbox: Mailbox, mime: bytes) -> None:
    if not mailbox.may_send:
        raise Refusal(403, "ErrorSendAsDenied", "The user account does not have the right to send as this mailbox.")
    headers = BytesHeaderParser().parsebytes(mime)
    told = [str(value) for name in ("To", "Cc", "Bcc") for value in headers.get_all(name, [])]
    recipients = [address for _, address in getaddresses(told)]
    if not recipients or any("@" not in each for each in recipients):
        raise Refusal(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
    asked.store.submitted.append((mailbox.address, mime))
    trace = f"Received: from desk by graph.test; {format_datetime(localtime())}\r\n".encode()
    shown = re.sub(rb"(?im)^bcc:.*\r\n([ \t].*\r\n)*", b"", mime, count=1) if "Bcc" in headers else mime
    for each in recipients:
        if each.casefold() in asked.store.mailboxes:
            asked.store.deliver(each, trace + shown)


def _with_files(item: Item) -> bytes:
    if not item.files:
        return item.mime
    mail = BytesParser(_class=EmailMessage, policy=SMTP).parsebytes(item.mime)
    for each in item.files:
        main, _, sub = each["contentType"].partition("/")
        more = {"cid": f"<{each['contentId']}>"} if each.get("contentId") else {}
        shown = "inline" if each.get("isInline") else "attachment"
        if main in {"message", "multipart"}:
            main, sub = "application", "octet-stream"
        mail.add_attachment(
            each["content"], maintype=main, subtype=sub, filename=each["name"], disposition=shown, **more
        )
    return mail.as_bytes()
