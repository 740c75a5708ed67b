"""Sending as the mailbox, from the finished MIME, so that headers and Message-ID arrive as they were written.

The server saves the copy in Sent Items in the same call (`SendAndSaveCopy`), and that copy is what tells after a
crash whether a mail went out. Some servers save the copy first and keep it when sending then fails; so a copy that
a refused mail left behind is removed, or the mail would count as sent.
"""

import logging
from email.message import Message as Headers
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from typing import Any

from exchangelib import Mailbox, errors as ews
from exchangelib.folders import Outbox, SentItems
from exchangelib.items import Message

from app.models.errors import ChannelError
from app.services.channels.exchange.errors import FULL, PASSING, Place, channel_error, reason
from app.services.channels.exchange.protocol import HttpRefusal
from app.services.channels.interface import Outgoing

log = logging.getLogger(__name__)

_NOT_SENDER = (ews.ErrorSendAsDenied, ews.ErrorAccessDenied)
_RECIPIENTS = (ews.ErrorInvalidRecipients, ews.ErrorMissingRecipients, ews.ErrorMailRecipientNotFound)


def send(account: Any, outgoing: Outgoing, place: Place) -> None:
    """Hands the mail to the server; `ChannelError` where it is refused."""
    sent = SentItems.get_distinguished(root=account.root)
    try:
        _message(account, sent, outgoing).send_and_save()
    except (*PASSING, HttpRefusal):  # it may have gone out: the core looks before it sends again
        raise
    except ews.TransportError as error:
        if not isinstance(error, ews.ResponseMessageError) and account.protocol.last_status != 500:
            raise
        _remove_copy(account, sent, outgoing.message_id)
        raise _refusal(error, outgoing, place) from error


def was_sent(account: Any, message_id: str) -> bool | None:
    """Whether the mail is in Sent Items, or in the Outbox on its way there; None where Sent Items may not be seen."""
    told = _is_in(account, SentItems, message_id)
    return told or _is_in(account, Outbox, message_id) or told


def _is_in(account: Any, kind: Any, message_id: str) -> bool | None:
    try:
        return bool(_copies(kind.get_distinguished(root=account.root), message_id))
    except (ews.ErrorFolderNotFound, ews.ErrorAccessDenied):
        return None


def _message(account: Any, folder: Any, outgoing: Outgoing) -> Any:
    """MIME, and beside it only what a server may not take from it.

    Recipients stay in the MIME headers: a server adds those given beside it. So only hidden ones are given. The copy
    is saved as read. Without `author` some servers send mail that has no From.
    """
    headers = BytesHeaderParser(policy=compat32).parsebytes(outgoing.raw)
    return Message(
        account=account,
        folder=folder,
        mime_content=outgoing.raw,
        message_id=f"<{outgoing.message_id}>",
        author=Mailbox(email_address=outgoing.sender),
        is_read=True,
        bcc_recipients=_hidden(headers, outgoing) or None,
    )


def _hidden(headers: "Headers[str, str]", outgoing: Outgoing) -> list[Any]:
    told = [str(value) for name in ("To", "Cc", "Bcc") for value in headers.get_all(name, [])]
    named = {address.casefold() for _, address in getaddresses(told)}
    return [Mailbox(email_address=each) for each in outgoing.recipients if each.casefold() not in named]


def _copies(folder: Any, message_id: str) -> list[Any]:
    """The items of `folder` with that Message-ID; the answer is looked at again, for a server that ignores filters."""
    name = f"<{message_id}>"
    return [each for each in folder.filter(message_id=name).only("message_id")[:5] if each.message_id in {None, name}]


def _remove_copy(account: Any, sent: Any, message_id: str) -> None:
    try:
        copies = [each for each in _copies(sent, message_id) if each.message_id]
        if copies:
            account.bulk_delete([(each.id, each.changekey) for each in copies])
    except ews.EWSError as error:
        log.warning("a copy of an unsent mail may remain in Sent Items: %s", reason(error))


def _refusal(error: Exception, outgoing: Outgoing, place: Place) -> ChannelError:
    """What is wrong with this mail, or with the mailbox: then the mails wait until it is mended."""
    recipients = ", ".join(outgoing.recipients)
    if isinstance(error, _NOT_SENDER):
        return place.error("exchange.not_allowed_to_send", passing=False, sender=outgoing.sender)
    if isinstance(error, FULL):
        return channel_error(error, place)
    if isinstance(error, _RECIPIENTS):
        return place.error("exchange.recipients_refused", passing=False, about_message=True, recipients=recipients)
    if isinstance(error, ews.ErrorMessageSizeExceeded):
        return place.error("exchange.too_large_to_send", passing=False, about_message=True, size=len(outgoing.raw))
    told = {"reason": reason(error), "recipients": recipients}
    return place.error("exchange.send_refused", passing=True, about_message=True, **told)
