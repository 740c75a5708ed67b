"""Runs a PowerShell script on a Windows host over WinRM, and ends it there when it is asked to.

What speaks the protocol is imported when a script runs: a preview needs none of it.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from app.models.records.runs import Ended, RemoteState
from app.services.remote_help.transports.daemon import in_thread
from app.services.remote_help.transports.interface import Asked, Job, Options, Output, Probe, Reach, Stop
from app.services.remote_help.transports.winrm.options import WinrmOptions, options_of
from app.services.remote_help.transports.winrm.showing import program, shown


class WinrmCarrier:
    """PowerShell scripts; see `WinrmProgram`."""

    options: type[Options] = WinrmOptions
    asks: frozenset[Asked] = frozenset({"user_name", "targets", "asks_password"})
    secrets: tuple[str, ...] = ("password", "passphrase")

    def preview(self, job: Job) -> str:
        options = options_of(job.reach)
        who = job.connection.user_name or "•"
        told = " ".join([program(job).file, *shown(job)])
        return f"winrm https://{job.target}:{options.port}  {who} ({options.sign_in})  {told}"

    async def run(self, job: Job, output: Output, stop: Stop) -> Ended:
        from app.services.remote_help.transports.winrm.script import Script  # noqa: PLC0415 - slow

        script = Script(job, output)
        working, stopping = in_thread(script.run), asyncio.create_task(stop.wait())
        ends: set[asyncio.Future[Any]] = {working, stopping}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            if script.is_given_up():
                return Ended(stop.reason, RemoteState.NEVER_STARTED)
            return await script.stopped(working, stop.reason)
        finally:
            stopping.cancel()

    async def probe(self, reach: Reach) -> Sequence[Probe]:
        from app.services.remote_help.transports.winrm.script import probed  # noqa: PLC0415 - slow

        return await in_thread(lambda: probed(reach))
