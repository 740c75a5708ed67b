"""Certificates, trusted for one mailbox at a time.

exchangelib takes one adapter class for the whole process (`BaseProtocol.HTTP_ADAPTER_CLS`), so two mailboxes could
not trust two authorities. Here every mailbox has sessions of its own, each with an adapter around its own context.
"""

import ssl

from app.models.errors import ChannelError
from app.services import verified_tls
from app.services.verified_tls import VerifyingAdapter

__all__ = ["VerifyingAdapter", "context_for"]


def context_for(ca_file: str) -> ssl.SSLContext:
    """As `verified_tls.context_for`. `ChannelError` `exchange.ca_file`."""
    try:
        return verified_tls.context_for(ca_file)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ChannelError("exchange.ca_file", passing=False, file=ca_file, reason=str(error)) from error
