"""Work of a library that only waits, in a thread that nobody has to wait for."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def in_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    """`work` in a thread of its own, which does not keep the desk from closing where a host never answers.

    The loop's own executor would: `asyncio.run` waits for its threads.
    """
    found: Future[T] = Future()

    def working() -> None:
        if not found.set_running_or_notify_cancel():
            return
        try:
            found.set_result(work())
        except BaseException as error:  # noqa: BLE001 - handed on to whoever asked for the work
            found.set_exception(error)

    threading.Thread(target=working, daemon=True).start()
    handed = asyncio.wrap_future(found)
    handed.add_done_callback(_looked_at)
    return handed


def _looked_at(handed: asyncio.Future[T]) -> None:
    """An error that comes when nobody waits any more is no news."""
    if not handed.cancelled():
        handed.exception()
