"""What happens to mail that is committed: marked as read, given a category, or moved. What is gone is done."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.services.channels.graph.errors import BUSY, NO_FOLDER, NotGraph, Refused
from app.services.channels.graph.mailbox import Mailbox
from app.services.channels.graph.waiting import told_wait

log = logging.getLogger(__name__)

_AT_ONCE = 4
"""Requests in a batch run side by side, and Graph lets no more than four into one mailbox."""
_SERIOUS = frozenset({"errorquotaexceeded", *NO_FOLDER})
Part = tuple[str, str, Mapping[str, Any]]
"""Method, path and JSON."""


def mark_read(mailbox: Mailbox, message_ids: Sequence[str]) -> None:
    _each(mailbox, [("PATCH", mailbox.message(each), {"isRead": True}) for each in _named(message_ids)])


def move(mailbox: Mailbox, message_ids: Sequence[str], folder_id: str) -> None:
    """Moves them to another folder of the same mailbox; their ids stay."""
    told = {"destinationId": folder_id}
    _each(mailbox, [("POST", mailbox.message(each, "move"), told) for each in _named(message_ids)])


def mark_with(mailbox: Mailbox, message_ids: Sequence[str], category: str) -> None:
    """Adds a category to those they have."""
    asked: list[Part] = [("GET", f"{mailbox.message(each)}?$select=id,categories", {}) for each in _named(message_ids)]
    lacking: list[Part] = []
    for body in _each(mailbox, asked):
        has = [str(each) for each in body.get("categories") or []]
        if "id" in body and category.casefold() not in {each.casefold() for each in has}:
            lacking.append(("PATCH", mailbox.message(str(body["id"])), {"categories": [*has, category]}))
    _each(mailbox, lacking)


def _named(message_ids: Sequence[str]) -> list[str]:
    """Those that can be an id: an empty one, or a dot, would make a path of something else."""
    return [each for each in message_ids if each.strip(".")]


def _each(mailbox: Mailbox, parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Does all that can be done, and then raises the first error that a person must mend; the answers besides."""
    answers: list[dict[str, Any]] = []
    errors: list[Refused] = []
    for start in range(0, len(parts), _AT_ONCE):
        for answer in _batch(mailbox, parts[start : start + _AT_ONCE]):
            if not isinstance(answer, Refused):
                answers.append(answer)
            elif _is_serious(answer):
                errors.append(answer)
        if errors:
            raise errors[0]
    return answers


def _batch(mailbox: Mailbox, parts: Sequence[Part]) -> Iterator[dict[str, Any] | Refused]:
    requests = [_request(str(number), *part) for number, part in enumerate(parts)]
    told = mailbox.transport.send("POST", "/$batch", {"requests": requests})
    responses = told.get("responses")
    if not isinstance(responses, list) or len(responses) != len(parts):
        raise NotGraph("$batch")
    for each in responses:
        if not isinstance(each, dict) or not isinstance(each.get("status"), int):
            raise NotGraph("$batch")
        body, headers = each.get("body"), each.get("headers")
        told_body = body if isinstance(body, dict) else {}
        yield told_body if each["status"] < 300 else _refusal(each["status"], told_body, headers)


def _request(number: str, method: str, target: str, told: Mapping[str, Any]) -> dict[str, Any]:
    headers = {"Prefer": 'IdType="ImmutableId"'}
    request: dict[str, Any] = {"id": number, "method": method, "url": target, "headers": headers}
    if method != "GET":
        request |= {"body": dict(told), "headers": headers | {"Content-Type": "application/json"}}
    return request


def _refusal(status: int, body: Mapping[str, Any], headers: Any) -> Refused:
    error = body.get("error")
    told = {str(name).title(): str(value) for name, value in headers.items()} if isinstance(headers, dict) else {}
    return Refused(status, str(error.get("code", "")) if isinstance(error, Mapping) else "", wait=told_wait(told))


def _is_serious(refusal: Refused) -> bool:
    """What a person must mend, or what passes. A mail that only will not move stays, and is a ticket all the same."""
    if refusal.is_gone or (refusal.status == 404 and refusal.code not in NO_FOLDER):
        return False
    if refusal.status in {401, 403} | BUSY or refusal.code in _SERIOUS:
        return True
    log.warning("a handled mail stays as it is: %s", refusal)
    return False
