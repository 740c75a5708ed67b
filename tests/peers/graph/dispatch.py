"""From a path to what is done."""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.peers.graph import folders, listing, messages, outgoing
from tests.peers.graph.asked import Asked
from tests.peers.graph.store import Refusal

Route = Callable[[Asked], tuple[int, Any]]
ROUTES: list[tuple[str, re.Pattern[str], Route]] = [
    (methods, re.compile(pattern), route)
    for methods, pattern, route in [
        ("GET POST", r"users/[^/]+/mailFolders", folders.folders),
        ("GET", r"users/[^/]+/mailFolders/[^/]+", folders.folder),
        ("GET POST", r"users/[^/]+/mailFolders/[^/]+/childFolders", folders.folders),
        ("GET", r"users/[^/]+/mailFolders/[^/]+/messages", listing.messages),
        ("GET", r"users/[^/]+/mailFolders/[^/]+/messages/delta", listing.delta),
        ("GET", r"users/[^/]+/messages", listing.messages),
        ("POST", r"users/[^/]+/messages", outgoing.create_draft),
        ("GET PATCH DELETE", r"users/[^/]+/messages/[^/]+", messages.message),
        ("GET", r"users/[^/]+/messages/[^/]+/\$value", messages.value),
        ("POST", r"users/[^/]+/messages/[^/]+/move", messages.move),
        ("POST", r"users/[^/]+/messages/[^/]+/send", outgoing.send_draft),
        ("POST", r"users/[^/]+/messages/[^/]+/attachments", outgoing.attach),
        ("POST", r"users/[^/]+/messages/[^/]+/attachments/createUploadSession", outgoing.create_session),
        ("POST", r"users/[^/]+/sendMail", outgoing.send_mail),
    ]
]


def answer(asked: Asked) -> tuple[int, Any]:
    """Status, and JSON, bytes or None."""
    if 'IdType="ImmutableId"' not in asked.headers.get("prefer", "") and asked.parts != ["$batch"]:
        raise Refusal(400, "ErrorMutableIds", "ids would change with the next move")
    path = asked.target.partition("?")[0].removeprefix("/v1.0").strip("/")
    for methods, pattern, route in ROUTES:
        if asked.method in methods.split() and pattern.fullmatch(path):
            return route(asked)
    raise Refusal(404, "BadRequest", f"no such resource: {asked.method} {path}")


def error_json(refusal: Refusal) -> dict[str, Any]:
    return {"error": {"code": refusal.code, "message": refusal.text, "innerError": {"request-id": "0"}}}


def as_bytes(told: Any) -> bytes:
    if told is None:
        return b""
    return told if isinstance(told, bytes) else json.dumps(told).encode()
