"""What happens to mail that is committed: marked as read, or moved. Safe to repeat: what is gone is done."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from exchangelib.errors import (
    ErrorAccessDenied,
    ErrorFolderNotFound,
    ErrorInvalidId,
    ErrorInvalidIdEmpty,
    ErrorInvalidIdMalformed,
    ErrorInvalidIdMalformedEwsLegacyIdFormat,
    ErrorInvalidIdMonikerTooLong,
    ErrorInvalidIdStoreObjectIdTooLong,
    ErrorInvalidIdXml,
    ErrorItemNotFound,
    ErrorNonExistentMailbox,
    ErrorQuotaExceeded,
    ErrorSchemaValidation,
    ErrorToFolderNotFound,
    ResponseMessageError,
    TransportError,
)
from exchangelib.items import ALWAYS_OVERWRITE, Message
from exchangelib.properties import ItemId

from app.services.channels.exchange.errors import PASSING, reason, still_answers
from app.services.channels.exchange.protocol import HttpRefusal

log = logging.getLogger(__name__)

BATCH = 100
WHOLE_CALL = (*PASSING, HttpRefusal)
"""No fault of one mail."""
GONE = (
    ErrorItemNotFound,
    ErrorInvalidId,
    ErrorInvalidIdEmpty,
    ErrorInvalidIdMalformed,
    ErrorInvalidIdMalformedEwsLegacyIdFormat,
    ErrorInvalidIdMonikerTooLong,
    ErrorInvalidIdStoreObjectIdTooLong,
    ErrorInvalidIdXml,
    ErrorNonExistentMailbox,
    ErrorSchemaValidation,
)
"""Moved or deleted meanwhile: a move gives an item a new id, and some servers then call the old one invalid.

The last two are said of an id that was never this server's.
"""

SERIOUS = (ErrorAccessDenied, ErrorQuotaExceeded, ErrorFolderNotFound, ErrorToFolderNotFound)

Step = Callable[[Sequence[str]], list[Any]]


def mark_read(folder: Any, item_ids: Sequence[str]) -> None:
    """Marks them as read, without sending read receipts."""

    def step(ids: Sequence[str]) -> list[Any]:
        items = [(Message(id=each, is_read=True), ["is_read"]) for each in ids]
        return list(
            folder.account.bulk_update(items, conflict_resolution=ALWAYS_OVERWRITE, suppress_read_receipts=True)
        )

    _each_of(folder, item_ids, step)


def move(folder: Any, item_ids: Sequence[str], target: Any) -> None:
    """Moves them to another folder of the same mailbox."""

    def step(ids: Sequence[str]) -> list[Any]:
        return list(folder.account.bulk_move([ItemId(id=each) for each in ids], to_folder=target))

    _each_of(folder, item_ids, step)


def _each_of(folder: Any, item_ids: Sequence[str], step: Step) -> None:
    """Does all that can be done, and then raises the first error that a person must mend."""
    errors: list[Exception] = []
    for start in range(0, len(item_ids), BATCH):
        chunk = item_ids[start : start + BATCH]
        try:
            errors += _serious(step(chunk))
        except WHOLE_CALL:
            raise
        except TransportError:  # one of them fails the whole call: some may be done, and doing them again is fine
            errors += _one_by_one(folder, chunk, step)
    if errors:
        raise errors[0]


def _one_by_one(folder: Any, item_ids: Sequence[str], step: Step) -> list[Exception]:
    errors: list[Exception] = []
    for each in item_ids:
        try:
            errors += _serious(step([each]))
        except WHOLE_CALL:
            raise
        except ResponseMessageError as error:
            errors += _serious([error])
        except TransportError:  # no answer of EWS, where the id makes no sense to the server
            still_answers(folder)
    return errors


def _serious(results: Sequence[Any]) -> list[Exception]:
    """What a person must mend. A mail that only will not move stays where it is, and is a ticket all the same."""
    failed = [each for each in results if isinstance(each, Exception) and not isinstance(each, GONE)]
    for each in failed:
        if not isinstance(each, SERIOUS):
            log.warning("a handled mail stays as it is: %s", reason(each))
    return [each for each in failed if isinstance(each, SERIOUS)]
