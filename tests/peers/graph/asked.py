"""A request, taken apart."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.peers.graph.faults import Faults
from tests.peers.graph.store import Mailbox, Refusal, Store

_PAGE = re.compile(r"odata\.maxpagesize=(\d+)")


@dataclass
class Asked:
    """`parts` are those of the path behind the version; `base` is how the server is called from outside."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    user: str
    store: Store
    faults: Faults
    base: str
    parts: list[str] = field(init=False)
    query: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        split = urlsplit(self.target)
        self.parts = [unquote(each) for each in split.path.removeprefix("/v1.0").strip("/").split("/")]
        self.query = {name: values[-1] for name, values in parse_qs(split.query, keep_blank_values=True).items()}

    @property
    def json(self) -> dict[str, Any]:
        if self.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise Refusal(415, "UnsupportedMediaType")
        told = json.loads(self.body)
        assert isinstance(told, dict)
        return told

    @property
    def page_size(self) -> int:
        found = _PAGE.search(self.headers.get("prefer", ""))
        return int(found[1]) if found else int(self.query.get("$top", "10"))

    def mailbox(self) -> Mailbox:
        """The mailbox of `/users/...`, if the account may use it."""
        mailbox = self.store.mailbox(self.parts[1])
        if self.user not in mailbox.rights:
            raise Refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
        return mailbox

    def link(self, query: str) -> str:
        """The address of another page of the same."""
        path = urlsplit(self.target).path
        return f"{self.faults.links_to or self.base}{path}?{query}"
