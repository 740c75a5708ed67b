"""TLS for what speaks by `requests`: trusted by one context, whatever the environment says."""

import ssl
import sys
from typing import Any

import certifi
from requests import PreparedRequest
from requests.adapters import HTTPAdapter


def context_for(ca_file: str) -> ssl.SSLContext:
    """Verifies certificate and host name, by `ca_file` alone, or by this computer's authorities where it is empty.

    `OSError` (`ssl.SSLError` is one) and `ValueError` where the file cannot be read.
    """
    context = ssl.create_default_context(cafile=ca_file or None)
    if not ca_file and not _has_authorities():
        context.load_verify_locations(certifi.where())
    return context


def _has_authorities() -> bool:
    """A frozen build can look for them where this computer has none; Windows has them elsewhere, and always."""
    paths = ssl.get_default_verify_paths()
    return sys.platform == "win32" or bool(paths.cafile or paths.capath)


class VerifyingAdapter(HTTPAdapter):
    """Verifies by the given context and nothing else, over at most `connections` at a time.

    requests would let `REQUESTS_CA_BUNDLE` win over a session's own setting, and would add certifi's authorities to
    the context; so both places where it says what to trust are answered here.
    """

    def __init__(self, context: ssl.SSLContext, connections: int = 1) -> None:
        self._context = context
        super().__init__(pool_connections=1, pool_maxsize=connections, pool_block=True, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn: Any, *_asked: Any, **_by_name: Any) -> None:
        conn.cert_reqs = "CERT_REQUIRED"

    def get_connection_with_tls_context(
        self,
        request: PreparedRequest,
        verify: object,  # noqa: ARG002 - said by the context, not by the session or the environment
        proxies: Any = None,
        cert: Any = None,
    ) -> Any:
        return super().get_connection_with_tls_context(request, True, proxies=proxies, cert=cert)
