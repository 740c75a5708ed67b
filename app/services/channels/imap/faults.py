"""What goes wrong with IMAP and SMTP servers, as errors that a person understands."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from app.models.errors import ChannelError

Step = Literal["sender", "recipient", "data"]
"""Where in handing over a mail the server says no (RFC 5321, 3.3)."""

_X509_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED
_X509_HOST = 62  # X509_V_ERR_HOSTNAME_MISMATCH
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNKNOWN_PROTOCOL", "HTTP_REQUEST"})
_NOT_IMAP = ("not IMAP4 compliant", "unexpected response")  # imaplib's words
_LATER = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT)\b", re.IGNORECASE)  # RFC 5530, 3
_ENHANCED = re.compile(r"\s*[245]\.(\d{1,3}\.\d{1,3})\b")  # RFC 3463, 2
_SIGN_IN_FIRST = frozenset({530, 534, 535, 538})  # RFC 4954, 6
_FULL, _TOO_LARGE = frozenset({"2.2"}), frozenset({"2.3", "3.4"})


@contextmanager
def told(server: str) -> Iterator[None]:
    """Turn what the libraries raise about `server` into `ChannelError`."""
    try:
        yield
    except ChannelError:
        raise
    except IMAPClientError as error:
        raise _imap_error(server, error) from error
    except smtplib.SMTPException as error:
        raise _smtp_error(server, error) from error
    except ssl.SSLCertVerificationError as error:
        raise _certificate_error(server, error) from error
    except OSError as error:
        if isinstance(error, ssl.SSLError) and error.reason in _NO_TLS:
            raise ChannelError("imap.no_tls", passing=False, server=server) from error
        raise ChannelError("imap.unreachable", passing=True, server=server, reason=text_of(error)) from error
    except (ValueError, TypeError, AttributeError, AssertionError, LookupError) as error:  # what garbage makes of them
        raise ChannelError("imap.garbage", passing=True, server=server, reason=text_of(error)) from error


def comes_back(error: IMAPClientError) -> bool:
    """Whether the server says that it cannot now, which says nothing about what it was asked for."""
    return _LATER.search(str(error)) is not None


def refusal(step: Step, status: int, words: bytes | str, *, server: str, address: str = "") -> ChannelError:
    """What an SMTP server's no means: to us, or to this one mail; for now (4xx) or for good (RFC 5321, 4.2; RFC 3463).

    `address` is who it is about.
    """
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    facts: dict[str, Any] = {"server": server, "status": status, "reason": " ".join(said.split())[:300]}
    if status == 421:
        return ChannelError("smtp.not_now", passing=True, **facts)
    if status in _SIGN_IN_FIRST:
        return ChannelError("smtp.sign_in_first", passing=False, **facts)
    enhanced = _ENHANCED.match(said)
    code = _refused_for(step, status, enhanced[1] if enhanced else "")
    return ChannelError(code, passing=status < 500, about_message=True, address=address, **facts)


def text_of(error: Exception) -> str:
    """What the library says, in one line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:300] or type(error).__name__


def _imap_error(server: str, error: IMAPClientError) -> ChannelError:
    broke_off = isinstance(error, IMAPClientAbortError) or isinstance(error.__context__, IMAPClientAbortError)
    if isinstance(error, LoginError) and not broke_off and not comes_back(error):
        return ChannelError("imap.sign_in_refused", passing=False, server=server)
    if any(each in str(error) for each in _NOT_IMAP):
        return ChannelError("imap.garbage", passing=True, server=server, reason=text_of(error))
    if isinstance(error, CapabilityError):
        return ChannelError("imap.lacking", passing=False, server=server, reason=text_of(error))
    return ChannelError(
        "imap.lost" if broke_off else "imap.refused", passing=True, server=server, reason=text_of(error)
    )


def _certificate_error(server: str, error: ssl.SSLCertVerificationError) -> ChannelError:
    """Expired, made out to another name, or signed by nobody we know."""
    codes = {_X509_EXPIRED: "imap.certificate_expired", _X509_HOST: "imap.certificate_host"}
    code = codes.get(error.verify_code, "imap.certificate_unknown")
    return ChannelError(code, passing=False, server=server, reason=error.verify_message)


def _smtp_error(server: str, error: smtplib.SMTPException) -> ChannelError:
    """Before a mail is handed over: connecting and signing in."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ChannelError("smtp.lacking", passing=False, server=server, reason=text_of(error))
    if not isinstance(error, smtplib.SMTPResponseException) or error.smtp_code < 400:
        return ChannelError("imap.unreachable", passing=True, server=server, reason=text_of(error))
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return ChannelError("smtp.sign_in_refused", passing=False, server=server)
    said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
    facts: dict[str, Any] = {"server": server, "status": error.smtp_code, "reason": " ".join(said.split())[:300]}
    return ChannelError("smtp.not_now", passing=error.smtp_code < 500, **facts)


def _refused_for(step: Step, status: int, enhanced: str) -> str:
    """The code of a no to one mail; 552 without an enhanced status is whatever that step can exceed."""
    plain_552 = status == 552 and not enhanced
    if enhanced in _FULL or (plain_552 and step == "recipient"):
        return "smtp.mailbox_full"
    if enhanced in _TOO_LARGE or plain_552:
        return "smtp.too_large"
    return {"sender": "smtp.sender_refused", "recipient": "smtp.recipient_refused", "data": "smtp.rejected"}[step]
