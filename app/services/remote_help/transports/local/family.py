"""A process on the desk with all that it starts, and the end of them all.

POSIX: a process group. On Linux what left the group is found by its mark in the environment, and what is dead but
not collected by its parent counts as gone; elsewhere the group alone is looked at. Windows: a job object.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from app.services.remote_help.transports.local.starting import MARK

_PATIENCE, _AFTER_KILL, _LOOK_EVERY = 3.0, 5.0, 0.05
"""Seconds: between asking and making them end, after that, and between looks."""

_PROCESSES = Path("/proc")


class Family(Protocol):
    """All processes of one script."""

    def ask(self) -> None:
        """To end."""

    def kill(self) -> None:
        """Whether they want to or not."""

    def is_gone(self) -> bool:
        """Whether none is left."""

    def close(self) -> None:
        """End what is left and give back what was held."""


async def end(family: Family) -> bool:
    """Ask them to end, then make them; whether all are gone."""
    family.ask()
    if await _gone_within(family, _PATIENCE):
        return True
    return await kill(family)


async def kill(family: Family) -> bool:
    """Make them end; whether all are gone."""
    family.kill()
    return await _gone_within(family, _AFTER_KILL, again=True)


async def _gone_within(family: Family, seconds: float, *, again: bool = False) -> bool:
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while not family.is_gone():
        if loop.time() >= until:
            return False
        await asyncio.sleep(_LOOK_EVERY)
        if again:  # what was being started in the meantime
            family.kill()
    return True


class Group:
    """The group that `leader` leads."""

    def __init__(self, leader: int, mark: str) -> None:
        self._leader, self._mark = leader, f"{MARK}={mark}".encode()

    def ask(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        if sys.platform != "win32":
            self._signal(signal.SIGKILL)

    def is_gone(self) -> bool:
        if _PROCESSES.joinpath("self", "stat").exists():
            return next(self._members(), None) is None
        try:
            self._to_group(0)
        except ProcessLookupError:
            return True
        except PermissionError:  # macOS says so of what is dead but not collected
            return True
        return False

    def close(self) -> None:
        self.kill()

    def _signal(self, number: int) -> None:
        for member in list(self._members()):
            try:
                os.kill(member, number)
            except (ProcessLookupError, PermissionError):
                continue
        try:
            self._to_group(number)
        except (ProcessLookupError, PermissionError):
            return

    def _to_group(self, number: int) -> None:
        if sys.platform != "win32":
            os.killpg(self._leader, number)

    def _members(self) -> Iterator[int]:
        """Those that live."""
        if not _PROCESSES.is_dir():
            return
        for each in _PROCESSES.iterdir():
            if each.name.isdigit():
                try:
                    state, _, group = each.joinpath("stat").read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
                    ours = int(group) == self._leader or self._mark in each.joinpath("environ").read_bytes().split(
                        b"\0"
                    )
                except (OSError, ValueError):  # it ended while it was looked at, or is somebody else's
                    continue
                if ours and state not in "ZX":
                    yield int(each.name)
