"""Which cloud names and answers belong to."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Literal

import httpx

_TIMEOUT = 6.0  # seconds
_LONGEST_ANSWER = 64 * 1024  # bytes
_MICROSOFT_NAMES = {
    ".mail.protection.outlook.com": "global",
    ".mx.microsoft": "global",
    "autodiscover.outlook.com": "global",
    ".mail.protection.office365.us": "us_government",
    "autodiscover.office365.us": "us_government",
    "autodiscover-s.office365.us": "us_government",
    ".mail.protection.partner.outlook.cn": "china",
    "autodiscover.partner.outlook.cn": "china",
}
_GOOGLE_NAMES = (".google.com", ".googlemail.com")
_INSTANCES = {
    "microsoftonline.com": "global",
    "microsoftonline.us": "us_government",
    "partner.microsoftonline.cn": "china",
    "chinacloudapi.cn": "china",
}
_EXCHANGE_PATH = "/autodiscover/autodiscover.svc"


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organisation at Microsoft: its id, and the cloud it is in."""

    id: str
    cloud: str


def microsoft_cloud(host: str) -> str | None:
    """The cloud of Microsoft's that a host of that name belongs to."""
    return next(
        (cloud for name, cloud in _MICROSOFT_NAMES.items() if f".{host}".endswith(f".{name.lstrip('.')}")), None
    )


def is_google(host: str) -> bool:
    return host.endswith(_GOOGLE_NAMES)


def tenant_of(domain: str, authority: str, context: ssl.SSLContext) -> Tenant | None:
    """The organisation that has the domain at Microsoft; None where none has. `httpx.HTTPError` without an answer.

    The same question that every sign-in begins with (OpenID Connect Discovery), so it needs no rights.
    """
    url = f"{authority}/{domain}/v2.0/.well-known/openid-configuration"
    status, _, raw = _asked(url, context)
    told = _mapping(raw)
    parts = str(told.get("issuer", "")).split("/")
    if status != 200 or len(parts) < 4:
        return None
    cloud = _INSTANCES.get(str(told.get("cloud_instance_name", "")), "global")
    if cloud == "us_government" and told.get("tenant_region_sub_scope") == "DOD":
        cloud = "us_defense"
    return Tenant(parts[3], cloud)


def exchange_addresses(domain: str) -> tuple[str, ...]:
    """Where an Exchange server of one's own would answer."""
    return (f"https://autodiscover.{domain}{_EXCHANGE_PATH}", f"https://{domain}{_EXCHANGE_PATH}")


def asked_by(url: str, context: ssl.SSLContext) -> Literal["windows", "any"] | None:
    """Who asks for a sign-in there: a server of Windows, as Exchange is, or one that may be any. It is given none.

    `httpx.HTTPError` where nothing answers.
    """
    status, headers, _ = _asked(url, context)
    ways = headers.get("WWW-Authenticate", "").lower()
    if status != 401:
        return None
    if any(each in ways for each in ("ntlm", "negotiate")):
        return "windows"
    return "any" if any(each in ways for each in ("basic", "bearer")) else None


def _asked(url: str, context: ssl.SSLContext) -> tuple[int, httpx.Headers, bytes]:
    """What stands there, without following it elsewhere: a redirection could lead away from who was asked, from TLS
    too. No more is taken than such an answer has, nor for longer than a person waits."""
    started, raw = monotonic(), b""
    client = httpx.Client(verify=context, timeout=_TIMEOUT, follow_redirects=False)
    with client, client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as answer:
        for each in answer.iter_raw():
            raw += each
            if len(raw) > _LONGEST_ANSWER or monotonic() - started > _TIMEOUT:
                raise httpx.ReadTimeout("the answer does not end")
        return answer.status_code, answer.headers, raw


def _mapping(raw: bytes) -> Mapping[str, object]:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
