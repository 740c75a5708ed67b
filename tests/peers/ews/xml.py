"""SOAP, read and written."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages"
TYPES = "http://schemas.microsoft.com/exchange/services/2006/types"
ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors"
DISCOVERY = "http://schemas.microsoft.com/exchange/2010/Autodiscover"
NAMES = {"s": SOAP, "m": MESSAGES, "t": TYPES, "a": DISCOVERY}

VERSION = '<t:ServerVersionInfo MajorVersion="15" MinorVersion="1" MajorBuildNumber="2507" MinorBuildNumber="6"/>'

Element = etree._Element


class Refusal(Exception):
    """An EWS response code for one response message."""

    def __init__(self, code: str, text: str = "refused") -> None:
        super().__init__(code)
        self.code = code
        self.text = text


class Crash(Exception):
    """The server fails as a whole: HTTP 500 without XML."""


def parse(body: bytes) -> tuple[Element | None, Element]:
    """The SOAP header, and the one element of the SOAP body."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    inside = root.find("s:Body", NAMES)
    assert inside is not None
    return root.find("s:Header", NAMES), inside[0]


def operation(element: Element) -> str:
    return etree.QName(element).localname


def text(element: Element, path: str) -> str:
    """The text at `path`, empty where there is none."""
    return element.findtext(path, default="", namespaces=NAMES) or ""


def tag(name: str, inner: str = "", attributes: Mapping[str, str] | None = None) -> str:
    """An element from finished XML."""
    told = "".join(f" {key}={quoteattr(value)}" for key, value in (attributes or {}).items())
    return f"<{name}{told}>{inner}</{name}>" if inner else f"<{name}{told}/>"


def value(name: str, told: object) -> str:
    """An element from plain text."""
    return f"<{name}>{escape(str(told))}</{name}>"


def envelope(inner: str, header: str = VERSION) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:m="{MESSAGES}" xmlns:t="{TYPES}">'
        f"<s:Header>{header}</s:Header><s:Body>{inner}</s:Body></s:Envelope>"
    ).encode()


def fault(code: str, message: str, extra: str = "") -> bytes:
    """A SOAP fault, which EWS sends with HTTP 500."""
    return envelope(
        f"<s:Fault><faultcode>a:{code}</faultcode><faultstring>{escape(message)}</faultstring><detail>"
        f'<e:ResponseCode xmlns:e="{ERRORS}">{code}</e:ResponseCode>'
        f'<e:Message xmlns:e="{ERRORS}">{escape(message)}</e:Message>{extra}</detail></s:Fault>'
    )


def responses(name: str, messages: Iterable[str]) -> str:
    return f"<m:{name}Response><m:ResponseMessages>{''.join(messages)}</m:ResponseMessages></m:{name}Response>"


def success(name: str, inner: str = "") -> str:
    return (
        f'<m:{name}ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>'
        f"{inner}</m:{name}ResponseMessage>"
    )


def refusal(name: str, error: Refusal, inner: str = "") -> str:
    return (
        f'<m:{name}ResponseMessage ResponseClass="Error"><m:MessageText>{escape(error.text)}</m:MessageText>'
        f"<m:ResponseCode>{error.code}</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>"
        f"{inner}</m:{name}ResponseMessage>"
    )
