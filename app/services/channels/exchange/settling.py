"""What happens to mail that is committed: marked as read, or moved. Safe to repeat: what is gone is done."""

from collections.abc import Callable, Sequence
from typing import Any

from exchangelib.errors import (
    ErrorInvalidId,
    ErrorInvalidIdEmpty,
    ErrorInvalidIdMalformed,
    ErrorInvalidIdMalformedEwsLegacyIdFormat,
    ErrorInvalidIdMonikerTooLong,
    ErrorInvalidIdStoreObjectIdTooLong,
    ErrorInvalidIdXml,
    ErrorItemNotFound,
    ResponseMessageError,
)
from exchangelib.items import ALWAYS_OVERWRITE, Message
from exchangelib.properties import ItemId

from app.services.channels.exchange.errors import PASSING

BATCH = 100
GONE = (
    ErrorItemNotFound,
    ErrorInvalidId,
    ErrorInvalidIdEmpty,
    ErrorInvalidIdMalformed,
    ErrorInvalidIdMalformedEwsLegacyIdFormat,
    ErrorInvalidIdMonikerTooLong,
    ErrorInvalidIdStoreObjectIdTooLong,
    ErrorInvalidIdXml,
)
"""Moved or deleted meanwhile: a move gives an item a new id, and some servers then call the old one invalid."""

Step = Callable[[Sequence[str]], list[Any]]


def mark_read(account: Any, item_ids: Sequence[str]) -> None:
    """Marks them as read, without sending read receipts."""

    def step(ids: Sequence[str]) -> list[Any]:
        items = [(Message(id=each, is_read=True), ["is_read"]) for each in ids]
        return list(account.bulk_update(items, conflict_resolution=ALWAYS_OVERWRITE, suppress_read_receipts=True))

    _each_of(item_ids, step)


def move(account: Any, item_ids: Sequence[str], target: Any) -> None:
    """Moves them to another folder of the same mailbox."""

    def step(ids: Sequence[str]) -> list[Any]:
        return list(account.bulk_move([ItemId(id=each) for each in ids], to_folder=target))

    _each_of(item_ids, step)


def _each_of(item_ids: Sequence[str], step: Step) -> None:
    """Does all that can be done, and then raises the first error that says more than that a mail is gone."""
    errors: list[Exception] = []
    for start in range(0, len(item_ids), BATCH):
        chunk = item_ids[start : start + BATCH]
        try:
            errors += _serious(step(chunk))
        except PASSING:
            raise
        except ResponseMessageError:  # one of them fails the whole call: some may be done, and doing them again is fine
            errors += _one_by_one(chunk, step)
    if errors:
        raise errors[0]


def _one_by_one(item_ids: Sequence[str], step: Step) -> list[Exception]:
    errors: list[Exception] = []
    for each in item_ids:
        try:
            errors += _serious(step([each]))
        except PASSING:
            raise
        except ResponseMessageError as error:
            errors += _serious([error])
    return errors


def _serious(results: Sequence[Any]) -> list[Exception]:
    return [each for each in results if isinstance(each, Exception) and not isinstance(each, GONE)]
