"""A session with a host whose certificate is verified, and with no other."""

import logging
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakSet
from xml.etree import ElementTree as ET

from pypsrp.exceptions import WinRMError
from pypsrp.host import PSHost
from pypsrp.powershell import RunspacePool
from pypsrp.wsman import OptionSet, SelectorSet, WSMan, WSManAction
from requests import Response

from app.models.errors import KnownError
from app.services.remote_help.transports.interface import Reach
from app.services.remote_help.transports.winrm.failing import FAILURES, failure
from app.services.remote_help.transports.winrm.options import WinrmOptions, options_of
from app.services.verified_tls import VerifyingAdapter, context_for

for each in ("pypsrp", "spnego"):  # they write down every message, values and all; failures are told in words of ours
    logging.getLogger(each).setLevel(logging.CRITICAL + 1)

_CONNECTING, _ANSWERING, _WAITING, _LEAVING = 10, 30, 20, 5
"""Seconds: until a host that says nothing counts as not there; until an answer must come; that the host may wait for
output before it says that there is none; for the goodbye."""

_IDLE = 180
"""Seconds after which the host itself ends a session that no desk asks after."""

_CONNECTIONS = 3
"""At a time: one that waits for output, one that stops the script, one that ends the session."""


@contextmanager
def session(reach: Reach, host: PSHost | None) -> Iterator[RunspacePool]:
    """An open pool with one runspace, which is closed again. `KnownError` as `failure`, and of `_proof`."""
    options = options_of(reach)
    connection = _connection(reach, options)
    pool = RunspacePool(
        connection, host=host, configuration_name=options.configuration, idle_timeout=_IDLE, no_profile=True
    )
    try:
        pool.open()
    except FAILURES as error:
        connection.close()
        raise failure(error, reach, options.port) from error
    try:
        yield pool
    finally:
        transport = connection.transport
        connection.operation_timeout = transport.read_timeout = transport.connection_timeout = _LEAVING
        with suppress(*FAILURES):
            pool.close()
        connection.close()


class _Adapter(VerifyingAdapter):
    """Closes what was answered and not read: an answer that signing in gave up on keeps its connection otherwise."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._answers: WeakSet[Response] = WeakSet()
        super().__init__(context, _CONNECTIONS)

    def send(self, *told: Any, **named: Any) -> Response:
        found: Response = super().send(*told, **named)
        self._answers.add(found)
        return found

    def close(self) -> None:
        for each in list(self._answers):
            each.close()
        super().close()


class _Connection(WSMan):
    def receive(
        self,
        resource_uri: str,
        resource: ET.Element,
        option_set: OptionSet | None = None,
        selector_set: SelectorSet | None = None,
        timeout: int | None = None,
    ) -> ET.Element:
        """As pypsrp's, which would ask a host that is gone for minutes; here it is asked once more."""
        told = (WSManAction.RECEIVE, resource_uri, resource, option_set, selector_set, timeout)
        body = self.invoke(*told, retries_on_read_timeout=1).find("{http://www.w3.org/2003/05/soap-envelope}Body")
        if body is None:
            raise WinRMError("an answer without a body")
        return body


def _connection(reach: Reach, options: WinrmOptions) -> WSMan:
    context = _context(reach, options)
    connection = _Connection(
        reach.target,
        port=options.port,
        ssl=True,
        auth=options.sign_in,
        connection_timeout=_CONNECTING,
        read_timeout=_ANSWERING,
        operation_timeout=_WAITING,
        reconnection_backoff=0.5,
        no_proxy=True,
        **_proof(reach, options),
    )
    transport = connection.transport
    transport.session = made = transport._build_session()  # noqa: SLF001 - else it would be made with certifi's trust
    made.trust_env = False
    made.cert = None
    made.adapters.clear()
    made.mount("https://", _Adapter(context))
    return connection


def _context(reach: Reach, options: WinrmOptions) -> ssl.SSLContext:
    """`KnownError` `winrm.ca_file`, `winrm.own_certificate`."""
    try:
        context = context_for(options.ca_file)
    except (OSError, ValueError) as error:
        raise KnownError("winrm.ca_file", file=options.ca_file, reason=str(error)) from error
    if options.sign_in == "certificate":
        key = options.certificate_key or None
        try:
            context.load_cert_chain(options.certificate, key, lambda: reach.secret("passphrase") or "")
        except (OSError, ValueError) as error:
            raise KnownError("winrm.own_certificate", file=options.certificate, reason=str(error)) from error
    return context


def _proof(reach: Reach, options: WinrmOptions) -> Mapping[str, Any]:
    """Who signs in. Without a user it is whoever sits at the desk, by their own ticket of Kerberos.

    `KnownError` `winrm.no_secret`.
    """
    if options.sign_in == "certificate":  # pypsrp wants the names of the files; the context has read them
        return {"certificate_pem": options.certificate, "certificate_key_pem": options.certificate_key}
    user, password = reach.connection.user_name, reach.secret("password")
    if password is None and (user or options.sign_in in ("basic", "ntlm")):
        raise KnownError("winrm.no_secret", connection=reach.connection.name)
    return {"username": user or None, "password": password}
