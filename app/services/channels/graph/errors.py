"""What Graph, the network and httpx say, told in our codes."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from app.models.errors import ChannelError

Access = Literal["own", "shared", "application"]

_CERTIFICATE = {
    9: "graph.certificate_not_yet_valid",
    10: "graph.certificate_expired",
    18: "graph.certificate_unknown",
    19: "graph.certificate_unknown",
    20: "graph.certificate_unknown",
    21: "graph.certificate_unknown",
    62: "graph.certificate_wrong_host",
    64: "graph.certificate_wrong_host",
}
"""By OpenSSL's X509_V_ERR_ numbers (x509_vfy.h)."""

BUSY = frozenset({429, 502, 503, 504})
GONE = frozenset(
    {
        "erroritemnotfound",
        "errorinvalididmalformed",
        "errorinvalididempty",
        "errorinvalidmailboxitemid",
        "errorinvalidid",
    }
)
"""Deleted meanwhile, or an id that was never this mailbox's; in small letters, as all codes here."""
NO_FOLDER = frozenset({"errorfoldernotfound", "errorparentfoldernotfound", "errortofoldernotfound"})
TOO_LARGE = frozenset({"errormessagesizeexceeded", "requestentitytoolarge", "errorattachmentsizelimitexceeded"})
RESYNC = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired", "errorinvalidsyncstatedata"})

_DENIED = frozenset({"erroraccessdenied", "authorization_requestdenied", "accessdenied", "forbidden"})
_NOT_HERE = frozenset({"mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi"})
_NO_MAILBOX = frozenset(
    {
        "errorinvaliduser",
        "request_resourcenotfound",
        "resourcenotfound",
        "errornonexistentmailbox",
        "errorinvalidsmtpaddress",
    }
)
LIMITED = frozenset({"errorexceededmessagelimit", "errorsubmissionquotaexceeded"})
_BLOCKED_SENDER = frozenset({"errormessagesubmissionblocked", "erroraccountsuspend", "erroraccountdisabled"})


class Refused(Exception):
    """Graph answered with an error. `code` is its own in small letters, empty where the answer was not Graph's.

    `wait` is in seconds, as `Retry-After` told.
    """

    def __init__(self, status: int, code: str = "", text: str = "", wait: float | None = None) -> None:
        super().__init__(code or f"HTTP {status}")
        self.status = status
        self.code = code.lower()
        self.text = text
        self.wait = wait

    @property
    def is_busy(self) -> bool:
        return self.status in BUSY

    @property
    def is_gone(self) -> bool:
        """The item is not there; a mailbox or a folder that is not is something else."""
        return self.code in GONE

    @property
    def is_resync(self) -> bool:
        """The mark that changes were asked behind is not known any more."""
        return self.status == 410 or self.code in RESYNC


class NotGraph(Exception):
    """An answer that is no answer of Graph."""


class Elsewhere(Exception):
    """Graph named another server to go on at. It gets neither the token nor a request."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened, for the sentence: never a secret."""

    server: str
    address: str
    user: str
    folder: str
    access: Access

    def error(self, code: str, *, passing: bool, about_message: bool = False, **facts: object) -> ChannelError:
        told: dict[str, Any] = {"server": self.server, "address": self.address, "user": self.user, **facts}
        return ChannelError(code, passing=passing, about_message=about_message, **({"folder": self.folder} | told))


@contextmanager
def told(place: Place) -> Iterator[None]:
    """Turns the world's errors inside into `ChannelError`."""
    try:
        yield
    except (Refused, NotGraph, Elsewhere, httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise channel_error(error, place) from error


def channel_error(error: Exception, place: Place) -> ChannelError:
    """The code for `error`."""
    if isinstance(error, Refused):
        return _refused(error, place)
    if isinstance(error, Elsewhere):
        return place.error("graph.elsewhere", passing=False, target=str(error))
    if isinstance(error, NotGraph):
        return place.error("graph.not_understood", passing=True, reason=str(error))
    certificate = _first(error, ssl.SSLCertVerificationError)
    if isinstance(certificate, ssl.SSLCertVerificationError):
        code = _CERTIFICATE.get(certificate.verify_code, "graph.certificate_refused")
        return place.error(code, passing=False, reason=certificate.verify_message)
    return _not_connected(error, place)


def _refused(error: Refused, place: Place) -> ChannelError:
    """What a person can do about the code that Graph gave; the rest is told by status."""
    if error.code in _DENIED or (error.status == 403 and error.code):
        return _denied(error, place)
    if error.code in _NOT_HERE:
        return place.error("graph.not_in_cloud", passing=False)
    if error.code in _NO_MAILBOX:
        return place.error("graph.no_mailbox", passing=False)
    if error.code in NO_FOLDER:
        return place.error("graph.no_folder", passing=False)
    if error.code == "errorquotaexceeded":
        return place.error("graph.mailbox_full", passing=True)
    if error.code in LIMITED:
        return place.error("graph.sending_limit", passing=True)
    return _by_status(error, place)


def _by_status(error: Refused, place: Place) -> ChannelError:
    if error.status == 401:
        return place.error("graph.sign_in_refused", passing=False)
    if error.status in {403, 407}:
        return place.error("graph.proxy", passing=False, status=error.status)
    if error.is_busy:
        return place.error("graph.busy", passing=True, seconds=max(1, round(error.wait or 60)))
    if not error.code:
        return place.error("graph.not_understood", passing=True, reason=str(error))
    return place.error("graph.refused", passing=True, reason=str(error))


def _denied(error: Refused, place: Place) -> ChannelError:
    """Who may mend it depends on how the mailbox is opened."""
    if error.code in _BLOCKED_SENDER:
        return place.error("graph.sending_blocked", passing=False)
    if "accesspolicy" in error.text.replace(" ", "").lower() or "odata is disabled" in error.text.lower():
        return place.error("graph.application_blocked", passing=False)
    codes = {"own": "graph.no_consent", "shared": "graph.no_rights", "application": "graph.application_no_rights"}
    return place.error(codes[place.access], passing=False)


def _not_connected(error: Exception, place: Place) -> ChannelError:
    """No answer at all, or one that broke off."""
    if isinstance(error, httpx.TimeoutException):
        return place.error("graph.timeout", passing=True)
    if _first(error, socket.gaierror):
        return place.error("graph.no_such_server", passing=True)
    if isinstance(error, httpx.ProxyError):
        return place.error("graph.proxy", passing=True, status=str(error)[:60])
    if _first(error, ConnectionRefusedError):
        return place.error("graph.unreachable", passing=True)
    if isinstance(error, httpx.DecodingError | httpx.UnsupportedProtocol | httpx.InvalidURL):
        return place.error("graph.not_understood", passing=True, reason=type(error).__name__)
    return place.error("graph.connection_lost", passing=True)


def _first(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    """The nearest error of that kind behind `error`: libraries wrap each other's as cause or context."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop(0)
        if each is None or id(each) in seen:
            continue
        if isinstance(each, kind):
            return each
        seen.add(id(each))
        waiting += [each.__cause__, each.__context__]
    return None
