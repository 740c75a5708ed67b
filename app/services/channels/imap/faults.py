"""What goes wrong with IMAP and SMTP servers, as errors that a person understands."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from app.models.errors import ChannelError

_X509_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED
_X509_HOST = 62  # X509_V_ERR_HOSTNAME_MISMATCH


@contextmanager
def told(server: str) -> Iterator[None]:
    """Turn what the libraries raise about `server` into `ChannelError`."""
    try:
        yield
    except ChannelError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise certificate_error(server, error) from error
    except LoginError as error:
        raise ChannelError("imap.sign_in_refused", passing=False, server=server) from error
    except IMAPClientAbortError as error:
        raise ChannelError("imap.lost", passing=True, server=server, reason=_text(error)) from error
    except IMAPClientError as error:
        raise ChannelError("imap.refused", passing=True, server=server, reason=_text(error)) from error
    except smtplib.SMTPException as error:
        raise smtp_error(server, error) from error
    except (TimeoutError, socket.gaierror, ConnectionError, ssl.SSLError, OSError) as error:
        raise ChannelError("imap.unreachable", passing=True, server=server, reason=_text(error)) from error
    except (
        ValueError,
        TypeError,
        AttributeError,
        AssertionError,
        LookupError,
    ) as error:  # what imapclient makes of garbage
        raise ChannelError("imap.garbage", passing=True, server=server, reason=_text(error)) from error


def certificate_error(server: str, error: ssl.SSLCertVerificationError) -> ChannelError:
    """Expired, made out to another name, or signed by nobody we know."""
    codes = {_X509_EXPIRED: "imap.certificate_expired", _X509_HOST: "imap.certificate_host"}
    code = codes.get(error.verify_code, "imap.certificate_unknown")
    return ChannelError(code, passing=False, server=server, reason=error.verify_message)


def smtp_error(server: str, error: smtplib.SMTPException) -> ChannelError:
    """Whether the server refuses us, or this one message, for now or for good (RFC 5321, 4.2; RFC 3463)."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return ChannelError("smtp.sign_in_refused", passing=False, server=server)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        address, (status, words) = next(iter(error.recipients.items()))
        code = "smtp.mailbox_full" if _is_full(status, words) else "smtp.recipient_refused"
        return _about_message(code, status, words, server=server, address=address)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _about_message("smtp.sender_refused", error.smtp_code, error.smtp_error, server=server)
    if isinstance(error, smtplib.SMTPResponseException) and not isinstance(error, smtplib.SMTPConnectError):
        too_large = error.smtp_code == 552
        code = "smtp.too_large" if too_large else "smtp.rejected"
        return _about_message(code, error.smtp_code, error.smtp_error, server=server)
    return ChannelError("imap.unreachable", passing=True, server=server, reason=_text(error))


def _about_message(code: str, status: int, words: bytes | str, **facts: object) -> ChannelError:
    reason = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    reason = " ".join(reason.split())
    return ChannelError(code, passing=status < 500, about_message=True, status=status, reason=reason, **facts)


def _is_full(status: int, words: bytes | str) -> bool:
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    return status in (452, 552) or ".2.2" in text


def _text(error: Exception) -> str:
    """What the library says, in one line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:300] or type(error).__name__
