"""What goes wrong on the way to a host, in codes that have words."""

import socket
import ssl
import struct
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

import requests
from pypsrp.exceptions import AuthenticationError, WinRMError, WinRMTransportError, WSManFaultError
from spnego.exceptions import FeatureMissingError, SpnegoError

from app.models.errors import KnownError
from app.services.remote_help.transports.interface import Reach

FAILURES = (
    *(WinRMError, requests.RequestException, SpnegoError, FeatureMissingError, OSError, ValueError, ImportError),
    *(ParseError, struct.error, LookupError, AttributeError, TypeError),
)
"""What pypsrp and what it stands on may raise while it speaks with a host; the last ones where the answer is not what
the protocol says."""

NOTHING_YET = 2150858793
"""The fault of a host that waited for output in vain. [MS-WSMV] ERROR_WSMAN_OPERATION_TIMEDOUT."""

_ACCESS_DENIED = 5
_NO_SUCH_SHELL = 2150858843
_TOO_MANY = frozenset({2150859173, 2150859174, 2150859175})
"""Faults of quotas: shells of all users, of this user, processes."""

_CLOCK_SKEW = frozenset({-1765328347, 2529639130, -2146893020, 0x80090324})
"""KRB5KRB_AP_ERR_SKEW of MIT Kerberos and SEC_E_TIME_SKEW of Windows, each signed or not."""


def failure(error: Exception, reach: Reach, port: int) -> KnownError:
    """`KnownError` `winrm.certificate`, `winrm.unknown_host`, `winrm.refused`, `winrm.no_answer`, `winrm.unreachable`,
    `winrm.denied`, `winrm.no_common_sign_in`, `winrm.clock_skew`, `winrm.kerberos`, `winrm.no_kerberos`,
    `winrm.not_allowed`, `winrm.too_many`, `winrm.fault`, `winrm.no_winrm`."""
    where = {"host": reach.target, "port": port, "user": reach.connection.user_name}
    chain = list(_chain(error))
    if isinstance(error, WinRMError):
        return _answered(error, where)
    if isinstance(error, SpnegoError | FeatureMissingError | ImportError):
        return _not_signed_in(error, where)
    if isinstance(error, ValueError) and "auth protocol" in str(error):
        return KnownError("winrm.no_common_sign_in", offered=str(error), **where)
    if isinstance(error, ParseError | struct.error | LookupError | AttributeError | TypeError):
        return KnownError("winrm.no_winrm", **where)
    if any(isinstance(each, ssl.SSLError) for each in chain):
        return KnownError("winrm.certificate", reason=_reason(chain), **where)
    if any(isinstance(each, socket.gaierror) for each in chain):
        return KnownError("winrm.unknown_host", **where)
    if any(isinstance(each, ConnectionRefusedError) for each in chain):
        return KnownError("winrm.refused", **where)
    if any(isinstance(each, requests.Timeout | TimeoutError) for each in chain):
        return KnownError("winrm.no_answer", **where)
    return KnownError("winrm.unreachable", reason=_reason(chain), **where)


def is_gone(error: Exception) -> bool:
    """Whether the host says that there is no such session."""
    return isinstance(error, WSManFaultError) and error.code == _NO_SUCH_SHELL


def words(error: Exception) -> str:
    """What a person may read of it."""
    if isinstance(error, WSManFaultError):
        return str(error.reason or error.provider_fault or error.code)
    return _reason(list(_chain(error)))


def _answered(error: WinRMError, where: dict[str, object]) -> KnownError:
    if isinstance(error, AuthenticationError):
        offers = "did not response with" in str(error)  # in pypsrp's own words
        return KnownError("winrm.no_common_sign_in" if offers else "winrm.denied", offered=str(error), **where)
    if isinstance(error, WSManFaultError):
        if error.code == _ACCESS_DENIED:
            return KnownError("winrm.not_allowed", **where)
        if error.code in _TOO_MANY:
            return KnownError("winrm.too_many", **where)
        if error.code is None and error.reason is None:  # XML of another kind
            return KnownError("winrm.no_winrm", **where)
        return KnownError("winrm.fault", reason=words(error), **where)
    if isinstance(error, WinRMTransportError) or type(error) is WinRMError:  # an answer to something else
        return KnownError("winrm.no_winrm", **where)
    return KnownError("winrm.fault", reason=str(error), **where)


def _not_signed_in(error: Exception, where: dict[str, object]) -> KnownError:
    if isinstance(error, FeatureMissingError | ImportError) or "gssapi" in str(error).casefold():
        return KnownError("winrm.no_kerberos", reason=str(error), **where)
    base = getattr(error, "base_error", None)
    codes = {getattr(base, name, None) for name in ("min_code", "winerror")}
    if codes & _CLOCK_SKEW or "clock skew" in str(error).casefold():
        return KnownError("winrm.clock_skew", **where)
    return KnownError("winrm.kerberos", reason=str(error), **where)


def _chain(error: object) -> Iterator[BaseException]:
    """The error, and all that it wraps."""
    waiting, seen = [error], set()
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [getattr(each, "reason", None), each.__cause__, each.__context__, *each.args]


def _reason(chain: list[BaseException]) -> str:
    """The innermost that says something; of a certificate what is wrong with it."""
    for each in chain:
        if isinstance(each, ssl.SSLCertVerificationError):
            return each.verify_message
    for each in reversed(chain):
        told = (each.strerror or "") if isinstance(each, OSError) and each.errno else str(each)
        if told:
            return told
    return type(chain[0]).__name__
