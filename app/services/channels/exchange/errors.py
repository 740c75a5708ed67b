"""What the server, the network and exchangelib say, told in our codes."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from exchangelib import errors as ews

from app.models.errors import ChannelError
from app.services.channels.exchange.protocol import HttpRefusal, SignInMethod

MICROSOFT_CLOUD = ("office365.com", "office.com", "outlook.com", "office365.us", "partner.outlook.cn")

PASSING = (
    ews.ErrorTimeoutExpired,
    ews.ErrorServerBusy,
    ews.RateLimitError,
    ews.ErrorInternalServerTransientError,
    ews.ErrorTooManyObjectsOpened,
    ews.ErrorExceededConnectionCount,
    ews.ErrorExceededFindCountLimit,
    ews.ErrorMailboxStoreUnavailable,
    ews.ErrorMailboxMoveInProgress,
    ews.ErrorConnectionFailed,
    ews.ErrorNotEnoughMemory,
    ews.ErrorInsufficientResources,
    ews.ErrorADUnavailable,
)
"""Not the fault of one item, so that trying the others one by one makes no sense."""

_NO_MAILBOX = (ews.ErrorNonExistentMailbox, ews.ErrorMissingEmailAddress, ews.ErrorInvalidSmtpAddress)
_NO_IMPERSONATION = (
    ews.ErrorImpersonateUserDenied,
    ews.ErrorImpersonationDenied,
    ews.ErrorImpersonationFailed,
    ews.ErrorInvalidExchangeImpersonationHeaderData,
)
FULL = (ews.ErrorQuotaExceeded, ews.ErrorSubmissionQuotaExceeded)
_BUSY = (
    ews.ErrorServerBusy,
    ews.RateLimitError,
    ews.ErrorTooManyObjectsOpened,
    ews.ErrorExceededConnectionCount,
    ews.ErrorInternalServerTransientError,
)

_CERTIFICATE = {
    9: "exchange.certificate_not_yet_valid",
    10: "exchange.certificate_expired",
    18: "exchange.certificate_unknown",
    19: "exchange.certificate_unknown",
    20: "exchange.certificate_unknown",
    21: "exchange.certificate_unknown",
    62: "exchange.certificate_wrong_host",
    64: "exchange.certificate_wrong_host",
}
"""By OpenSSL's X509_V_ERR_ numbers (x509_vfy.h)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened, for the sentence: never a secret."""

    server: str
    address: str
    user: str
    folder: str

    def error(self, code: str, *, passing: bool, about_message: bool = False, **facts: object) -> ChannelError:
        told: dict[str, Any] = {**asdict(self), **facts}
        return ChannelError(code, passing=passing, about_message=about_message, **told)


@contextmanager
def told(place: Place) -> Iterator[None]:
    """Turns the world's errors inside into `ChannelError`."""
    try:
        yield
    except (ews.EWSError, requests.RequestException, OSError) as error:
        raise channel_error(error, place) from error


def channel_error(error: Exception, place: Place) -> ChannelError:
    """The code for `error`."""
    certificate = _first(error, ssl.SSLCertVerificationError)
    if isinstance(certificate, ssl.SSLCertVerificationError):
        code = _CERTIFICATE.get(certificate.verify_code, "exchange.certificate_refused")
        return place.error(code, passing=False, reason=certificate.verify_message)
    if isinstance(error, HttpRefusal):
        return _refused_by_http(error, place)
    if isinstance(error, ews.ResponseMessageError):
        return _answered(error, place)
    if isinstance(error, ews.UnauthorizedError):
        return place.error(_cloud(place, "exchange.sign_in_refused"), passing=False)
    if isinstance(error, SignInMethod):
        return place.error(_cloud(place, "exchange.no_sign_in_method"), passing=False, offered=str(error))
    if isinstance(error, ews.RedirectError):
        return place.error("exchange.moved", passing=False, target=error.url)
    if "ErrorCannotFindUser" in str(error):  # gromox; exchangelib has no class for it
        return place.error("exchange.no_mailbox", passing=False)
    return _not_connected(error, place)


def _answered(error: Exception, place: Place) -> ChannelError:
    """An EWS response code."""
    if isinstance(error, ews.ErrorTimeoutExpired):
        return _not_connected(error, place)
    if isinstance(error, ews.ErrorAccessDenied):
        return place.error("exchange.no_rights", passing=False)
    if isinstance(error, _NO_IMPERSONATION):
        return place.error("exchange.no_impersonation", passing=False)
    if isinstance(error, _NO_MAILBOX):
        return place.error("exchange.no_mailbox", passing=False)
    if isinstance(error, ews.ErrorFolderNotFound):
        return place.error("exchange.no_folder", passing=False)
    if isinstance(error, FULL):
        return place.error("exchange.mailbox_full", passing=True)
    if isinstance(error, _BUSY):
        return place.error("exchange.busy", passing=True, seconds=_seconds(error))
    return place.error("exchange.refused", passing=True, reason=reason(error))


def _refused_by_http(error: HttpRefusal, place: Place) -> ChannelError:
    if error.status == 403:
        return place.error(_cloud(place, "exchange.ews_off"), passing=False)
    if error.status == 404:
        return place.error(_cloud(place, "exchange.no_ews"), passing=False)
    if error.status in {429, 502, 503, 504}:
        return place.error("exchange.busy", passing=True, seconds=error.wait or 60)
    return place.error("exchange.not_understood", passing=True, reason=str(error))


def _not_connected(error: Exception, place: Place) -> ChannelError:
    """No answer, or none that is EWS."""
    if _first(error, requests.exceptions.ConnectTimeout) or _first(error, requests.exceptions.ReadTimeout):
        return place.error("exchange.timeout", passing=True)
    if _first(error, socket.gaierror):
        return place.error("exchange.no_such_server", passing=True)
    if _first(error, ConnectionRefusedError):
        return place.error("exchange.unreachable", passing=True)
    if _first(error, ssl.SSLError):
        return place.error("exchange.no_tls", passing=True, reason=reason(_first(error, ssl.SSLError) or error))
    if _first(error, requests.RequestException) or isinstance(error, OSError | ews.ErrorTimeoutExpired):
        return place.error("exchange.connection_lost", passing=True)
    return place.error("exchange.not_understood", passing=True, reason=reason(error))


def still_answers(folder: Any) -> None:
    """Asks for the folder: raises where the server is broken, and not only one item that it choked on."""
    type(folder).resolve(account=folder.account, folder=folder)


def reason(error: BaseException) -> str:
    """A short technical reason for the end of a sentence: the code, without the server's prose."""
    return type(error).__name__


def _seconds(error: Exception) -> int:
    wait = getattr(error, "back_off", None)
    return int(wait) if wait else 60


def _cloud(place: Place, code: str) -> str:
    """Exchange Online blocks EWS since October 2026 whatever the password is, and should say so."""
    host = (urlsplit(place.server).hostname or place.server).rstrip(".").lower()
    if any(host == each or host.endswith(f".{each}") for each in MICROSOFT_CLOUD):
        return "exchange.cloud"
    return code


def _first(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    """The nearest error of that kind behind `error`: libraries wrap each other's as cause, context or argument."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        if isinstance(each, kind):
            return each
        seen.add(id(each))
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
    return None
