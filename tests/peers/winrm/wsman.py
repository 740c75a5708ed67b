"""Envelopes of WS-Management: what was asked, and an answer or a fault to it."""

import base64
import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

NAMES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "wsa": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "wsman": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "wst": "http://schemas.xmlsoap.org/ws/2004/09/transfer",
    "rsp": "http://schemas.microsoft.com/wbem/wsman/1/windows/shell",
    "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
}
_DECLARED = " ".join(f'xmlns:{short}="{name}"' for short, name in NAMES.items())
NOTHING_YET, NO_SUCH_SHELL, ACCESS_DENIED = 2150858793, 2150858843, 5


class Fault(Exception):
    """Told as a fault of SOAP."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Asked:
    """One request. `patience` is in seconds."""

    action: str
    message: str
    resource: str
    shell: str
    patience: float
    body: ET.Element

    def find(self, path: str) -> ET.Element | None:
        return self.body.find(path, NAMES)

    def command(self, path: str) -> str:
        found = self.find(path)
        return "" if found is None else found.get("CommandId", "")

    def data(self, *tags: str) -> bytes:
        """What is there in base64 in elements of these names."""
        found = [each.text for each in self.body.iter() if each.tag.rpartition("}")[2] in tags and each.text]
        return base64.b64decode(found[0]) if found else b""


def parse(text: bytes) -> Asked:
    envelope = ET.fromstring(text)

    def told(path: str) -> str:
        return envelope.findtext(f"s:Header/{path}", "", NAMES)

    body = envelope.find("s:Body", NAMES)
    assert body is not None
    seconds = re.fullmatch(r"PT([\d.]+)S", told("wsman:OperationTimeout"))
    shell = told("wsman:SelectorSet/wsman:Selector[@Name='ShellId']")
    action = told("wsa:Action").rpartition("/")[2]
    patience = float(seconds[1]) if seconds else 20.0
    return Asked(action, told("wsa:MessageID"), told("wsman:ResourceURI"), shell, patience, body)


def answer(asked: Asked, body: str) -> bytes:
    head = f"<wsa:RelatesTo>{asked.message}</wsa:RelatesTo>"
    return f"<s:Envelope {_DECLARED}><s:Header>{head}</s:Header><s:Body>{body}</s:Body></s:Envelope>".encode()


def fault(asked: Asked, error: Fault) -> bytes:
    text = escape(str(error))
    told = f'<f:WSManFault Code="{error.code}" Machine="peer"><f:Message>{text}</f:Message></f:WSManFault>'
    reason = f'<s:Reason><s:Text xml:lang="en-US">{text}</s:Text></s:Reason>'
    code = "<s:Code><s:Value>s:Receiver</s:Value></s:Code>"
    return answer(asked, f"<s:Fault>{code}{reason}<s:Detail>{told}</s:Detail></s:Fault>")


def created(shell: str) -> str:
    selector = f'<wsman:SelectorSet><wsman:Selector Name="ShellId">{escape(shell)}</wsman:Selector></wsman:SelectorSet>'
    return (
        "<wst:ResourceCreated><wsa:Address>http://peer</wsa:Address>"
        f"<wsa:ReferenceParameters>{selector}</wsa:ReferenceParameters></wst:ResourceCreated>"
    )


def received(pieces: list[bytes], command: str, *, done: bool) -> str:
    named = f" CommandId={quoteattr(command)}" if command else ""
    streams = "".join(
        f'<rsp:Stream Name="stdout"{named}>{base64.b64encode(each).decode()}</rsp:Stream>' for each in pieces
    )
    state = f"{NAMES['rsp']}/CommandState/{'Done' if done else 'Running'}"
    return f'<rsp:ReceiveResponse>{streams}<rsp:CommandState{named} State="{state}"/></rsp:ReceiveResponse>'
