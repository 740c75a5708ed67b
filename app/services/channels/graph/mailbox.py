"""One mailbox behind a transport: the addresses of what is in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.services.channels.graph.errors import NotGraph
from app.services.channels.graph.transport import Transport, path

MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`address` is whose it is; a shared one has the same paths as one's own."""

    transport: Transport
    address: str

    def at(self, *parts: str) -> str:
        """The path of something in it."""
        return path("users", self.address, *parts)

    def message(self, message_id: str, *parts: str) -> str:
        return self.at("messages", message_id, *parts)

    def folder(self, folder_id: str, *parts: str) -> str:
        return self.at("mailFolders", folder_id, *parts)

    def link(self, page: dict[str, Any], which: str) -> str:
        """The address of the `next` page or of the next `delta`, empty where the page has none.

        `Elsewhere` where it is on another server: such a one is never kept.
        """
        told = page.get(f"@odata.{which}Link") or ""
        if not isinstance(told, str):
            raise NotGraph("JSON")
        return self.transport.pinned(told) if told else ""

    def all_of(self, target: str) -> Iterator[dict[str, Any]]:
        """Everything in a collection, page by page."""
        for _ in range(MOST_PAGES):
            page = self.transport.get(target)
            yield from values(page)
            target = self.link(page, "next")
            if not target:
                return
        raise NotGraph("@odata.nextLink")


def values(page: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries of a page; `NotGraph` where it is none."""
    found = page.get("value")
    if not isinstance(found, list) or not all(isinstance(each, dict) and "id" in each for each in found):
        raise NotGraph("JSON")
    return found
