"""Listing messages, and telling changes behind a mark (delta).

https://learn.microsoft.com/graph/api/user-list-messages, https://learn.microsoft.com/graph/api/message-delta
"""

import base64
import json
import re
from datetime import datetime
from typing import Any

from tests.peers.graph.asked import Asked
from tests.peers.graph.shapes import message_json
from tests.peers.graph.store import Folder, Item, Mailbox, Refusal

_SINCE = re.compile(r"receivedDateTime ge (\S+)")
_NAMED = re.compile(r"internetMessageId eq '(.*)'")


def messages(asked: Asked) -> tuple[int, Any]:
    """Of one folder or of the whole mailbox, the newest first unless asked otherwise; pages by `$skip`."""
    mailbox = asked.mailbox()
    if asked.parts[2] == "mailFolders":
        found = mailbox.inside(mailbox.folder(asked.parts[3]).id)
    else:
        found = sorted(mailbox.items.values(), key=lambda each: each.received)
    if asked.query.get("$orderby", "receivedDateTime desc") != "receivedDateTime":
        found.reverse()
    found = _filtered(asked, found)
    start, size = int(asked.query.get("$skip", "0")), int(asked.query.get("$top", "10"))
    told: dict[str, Any] = {"value": [message_json(each, asked) for each in found[start : start + size]]}
    if start + size < len(found):
        kept = "&".join(f"{name}={value}" for name, value in asked.query.items() if name != "$skip")
        told["@odata.nextLink"] = asked.link(f"{kept}&$skip={start + size}".replace(" ", "%20"))
    return 200, told


def _filtered(asked: Asked, found: list[Item]) -> list[Item]:
    wanted = asked.query.get("$filter", "")
    if not wanted or asked.faults.ignore_filters:
        return found
    if since := _SINCE.fullmatch(wanted):
        if "$orderby" not in asked.query:
            raise Refusal(400, "InefficientFilter")
        return [each for each in found if each.received >= datetime.fromisoformat(since[1])]
    if named := _NAMED.fullmatch(wanted):
        return [each for each in found if each.message_id == named[1].replace("''", "'")]
    raise Refusal(400, "ErrorInvalidUrlQueryFilter", wanted)


def delta(asked: Asked) -> tuple[int, Any]:
    mailbox = asked.mailbox()
    folder = mailbox.folder(asked.parts[3])
    if "$deltatoken" in asked.query or "$skiptoken" in asked.query:
        state = _opened(asked, folder)
    else:
        every = [each.id for each in reversed(mailbox.inside(folder.id))]
        state = {
            "folder": folder.id,
            "left": every,
            "place": len(mailbox.log),
            "only": asked.query.get("changeType", ""),
            "select": asked.query.get("$select", ""),
            "generation": asked.store.generation,
        }
    return 200, _page(asked, mailbox, state)


def _opened(asked: Asked, folder: Folder) -> dict[str, Any]:
    """The state in a token. Nothing may be asked beside it: what was asked at first is in it."""
    if len(asked.query) > 1:
        raise Refusal(400, "BadRequest", "The query specified in the URI is not valid.")
    token = next(iter(asked.query.values()))
    try:
        state = json.loads(base64.urlsafe_b64decode(token))
    except ValueError:
        raise Refusal(400, "SyncStateInvalid", "Badly formed token.") from None
    expired = asked.faults.marks_expired and state["generation"] == asked.store.generation
    if expired:
        asked.store.generation += 1
        asked.faults.marks_expired = False
    if state["folder"] != folder.id or state["generation"] != asked.store.generation:
        raise Refusal(410, "SyncStateNotFound", "The sync state generation is not found.")
    assert isinstance(state, dict)
    return state


def _page(asked: Asked, mailbox: Mailbox, state: dict[str, Any]) -> dict[str, Any]:
    size = asked.page_size
    told: list[dict[str, Any]] = []
    while state["left"] and len(told) < size:
        told += _created(asked, mailbox, state["left"].pop(0), state)
    if not state["left"]:
        while state["place"] < len(mailbox.log) and len(told) < size:
            told += _change(asked, mailbox, *mailbox.log[state["place"]], state)
            state["place"] += 1
    more = bool(state["left"]) or state["place"] < len(mailbox.log)
    token = base64.urlsafe_b64encode(json.dumps(state).encode()).decode()
    kind = "next" if more else "delta"
    query = f"{'$skiptoken' if more else '$deltatoken'}={token}"
    return {"value": told, f"@odata.{kind}Link": asked.link(query)}


def _change(
    asked: Asked, mailbox: Mailbox, folder: str, change: str, item_id: str, state: dict[str, Any]
) -> list[dict[str, Any]]:
    if folder != state["folder"] or (state["only"] not in {"", change} and not asked.faults.tell_all_changes):
        return []
    item = mailbox.items.get(item_id)
    if change == "deleted" or item is None or item.folder != folder:
        return [{"@removed": {"reason": "deleted"}, "id": item_id}] if change == "deleted" else []
    return _created(asked, mailbox, item_id, state)


def _created(asked: Asked, mailbox: Mailbox, item_id: str, state: dict[str, Any]) -> list[dict[str, Any]]:
    item = mailbox.items.get(item_id)
    return [message_json(item, asked, state["select"])] if item and item.folder == state["folder"] else []
