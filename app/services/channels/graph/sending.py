"""Sending as the mailbox, from the finished MIME, so that headers and Message-ID go as they were written.

A mail that fits into one request (4 MB, in base64) goes by `sendMail`. A larger one becomes a draft, made of its MIME
without the large files; those are uploaded into it one by one, and then it is sent. Either way Exchange keeps the copy
in Sent Items, and that copy is what tells after a crash whether the mail went.
"""

import base64
import logging
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from typing import Any
from urllib.parse import quote

import httpx

from app.models.errors import ChannelError
from app.services.channels.graph.attachments import LargeFile, slimmed
from app.services.channels.graph.errors import TOO_LARGE, NotGraph, Place, Refused, channel_error
from app.services.channels.graph.mailbox import Mailbox, values
from app.services.channels.interface import Outgoing

log = logging.getLogger(__name__)

MOST_IN_REQUEST = 2_900_000
"""Bytes of MIME; in base64 they stay below the 4 MB that a request may have."""
MOST_AT_ONCE = 2_900_000
"""Bytes of a file that is attached by one request; larger ones are uploaded (documented: from 3 MB)."""
_PART = 10 * 320 * 1024
_SENDER = frozenset({"errorsendasdenied", "erroraccessdenied"})
_RECIPIENTS = frozenset({"errorinvalidrecipients", "errormissingrecipients", "errorinvalidaddress"})


def send(mailbox: Mailbox, outgoing: Outgoing, place: Place) -> None:
    """Hands the mail over; `ChannelError` where it is refused."""
    raw = _with_hidden(outgoing)
    try:
        if len(raw) <= MOST_IN_REQUEST:
            mailbox.transport.send_text(mailbox.at("sendMail"), base64.b64encode(raw), once=True)
        else:
            _send_large(mailbox, raw, outgoing, place)
    except Refused as refusal:
        if refusal.is_busy or refusal.status in {401, 407} or refusal.status >= 500:
            raise  # it may have gone out: the core looks before it sends again
        raise _refusal(refusal, outgoing, place) from refusal


def was_sent(mailbox: Mailbox, message_id: str) -> bool | None:
    """Whether the mail is anywhere in the mailbox as a sent one, or in the Outbox on its way; None where the account
    may not look. A draft that was never finished is not sent."""
    try:
        found = _of_id(mailbox, mailbox.at("messages"), message_id)
        if any(each.get("isDraft") is not True for each in found):
            return True
        return bool(found) and bool(_of_id(mailbox, mailbox.folder("outbox", "messages"), message_id))
    except Refused as refusal:
        if refusal.status == 403:
            return None
        raise


def _of_id(mailbox: Mailbox, target: str, message_id: str) -> list[dict[str, Any]]:
    """What is at `target` with that Message-ID; looked at again, should the filter be ignored."""
    name = f"<{message_id}>"
    wanted = quote(f"internetMessageId eq '{name.replace(chr(39), chr(39) * 2)}'", safe="")
    page = mailbox.transport.get(f"{target}?$filter={wanted}&$select=id,isDraft,internetMessageId&$top=10")
    return [each for each in values(page) if each.get("internetMessageId") == name]


def _with_hidden(outgoing: Outgoing) -> bytes:
    """The MIME with a Bcc for those that it does not name: Graph sends to the headers' addresses, and keeps this one
    from everybody."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(outgoing.raw)
    told = [str(value) for name in ("To", "Cc", "Bcc") for value in headers.get_all(name, [])]
    named = {address.casefold() for _, address in getaddresses(told)}
    hidden = [each for each in outgoing.recipients if each.casefold() not in named]
    return b"Bcc: %b\r\n%b" % (",\r\n ".join(hidden).encode(), outgoing.raw) if hidden else outgoing.raw


def _send_large(mailbox: Mailbox, raw: bytes, outgoing: Outgoing, place: Place) -> None:
    rest, files = slimmed(raw, MOST_IN_REQUEST)
    if len(rest) > MOST_IN_REQUEST:
        raise _too_large(outgoing, place)
    transport = mailbox.transport
    for leftover in _of_id(mailbox, mailbox.folder("drafts", "messages"), outgoing.message_id):
        transport.send("DELETE", mailbox.message(str(leftover["id"])))  # of an attempt that was cut off
    draft = str(transport.send_text(mailbox.at("messages"), base64.b64encode(rest), once=True).get("id", ""))
    if not draft:
        raise NotGraph("JSON")
    try:
        for each in files:
            _attach(mailbox, draft, each, place)
        transport.send("POST", mailbox.message(draft, "send"), once=True)
    except Refused as refusal:
        if refusal.status < 500:
            _discard(mailbox, draft)
        raise


def _attach(mailbox: Mailbox, draft: str, file: LargeFile, place: Place) -> None:
    told = {"name": file.name, "contentType": file.kind, "isInline": file.inline}
    if file.content_id:
        told["contentId"] = file.content_id
    if len(file.content) <= MOST_AT_ONCE:
        content = base64.b64encode(file.content).decode("ascii")
        told |= {"@odata.type": "#microsoft.graph.fileAttachment", "contentBytes": content}
        mailbox.transport.send("POST", mailbox.message(draft, "attachments"), told, once=True)
        return
    item = {**told, "attachmentType": "file", "size": len(file.content)}
    try:
        target = mailbox.message(draft, "attachments", "createUploadSession")
        session = mailbox.transport.send("POST", target, {"AttachmentItem": item}, once=True)
    except Refused as refusal:
        if refusal.status == 403 and place.access == "shared":
            _discard(mailbox, draft)
            facts = {"name": file.name, "size": len(file.content)}
            raise place.error("graph.no_large_files", passing=False, about_message=True, **facts) from refusal
        raise
    _upload(mailbox, str(session.get("uploadUrl", "")), file.content)


def _upload(mailbox: Mailbox, address: str, content: bytes) -> None:
    for start in range(0, len(content), _PART):
        part = content[start : start + _PART]
        place = f"bytes {start}-{start + len(part) - 1}/{len(content)}"
        mailbox.transport.put(address, part, {"Content-Range": place, "Content-Type": "application/octet-stream"})


def _discard(mailbox: Mailbox, draft: str) -> None:
    try:
        mailbox.transport.send("DELETE", mailbox.message(draft))
    except (Refused, NotGraph, httpx.HTTPError) as error:
        log.warning("a draft of an unsent mail may remain: %s", type(error).__name__)


def _refusal(refusal: Refused, outgoing: Outgoing, place: Place) -> ChannelError:
    """What is wrong with this mail, or with the mailbox: then the mails wait until it is mended."""
    recipients = ", ".join(outgoing.recipients)
    if refusal.code == "errorsendasdenied" or (refusal.code in _SENDER and place.access == "shared"):
        return place.error("graph.not_allowed_to_send", passing=False, sender=outgoing.sender)
    if refusal.code in _RECIPIENTS:
        return place.error("graph.recipients_refused", passing=False, about_message=True, recipients=recipients)
    if refusal.code in TOO_LARGE or refusal.status == 413:
        return _too_large(outgoing, place)
    if refusal.status == 400:
        told = {"reason": str(refusal), "recipients": recipients}
        return place.error("graph.send_refused", passing=True, about_message=True, **told)
    return channel_error(refusal, place)


def _too_large(outgoing: Outgoing, place: Place) -> ChannelError:
    return place.error("graph.too_large_to_send", passing=False, about_message=True, size=len(outgoing.raw))
