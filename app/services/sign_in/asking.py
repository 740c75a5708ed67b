"""Asking a provider by HTTPS: certificates that this machine trusts, and what the network does as `ChannelError`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from app.services.channels.interface import Identity
from app.services.sign_in.endpoints import Endpoints
from app.services.sign_in.faults import problem
from app.services.verified_tls import context_for

_TIMEOUT = 30.0  # seconds


def http_client(endpoints: Endpoints) -> httpx.Client:
    """One that keeps no connection open between two questions: they are an hour apart."""
    context = context_for(str(endpoints.ca_file or ""))
    return httpx.Client(verify=context, timeout=_TIMEOUT, limits=httpx.Limits(max_keepalive_connections=0))


@contextmanager
def told(identity: Identity) -> Iterator[None]:
    """An answer that is none (a proxy's page, say) is as good as no answer."""
    try:
        yield
    except httpx.HTTPStatusError as error:
        raise problem(identity, "not_now", reason=f"HTTP {error.response.status_code}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise problem(identity, "unreachable", reason=str(error) or type(error).__name__) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise problem(identity, "unreachable", reason=str(error)) from error
