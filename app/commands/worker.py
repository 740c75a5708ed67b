"""`firstline worker`: poll and send until told to stop, without a window."""

import signal
from argparse import ArgumentParser, Namespace
from types import FrameType

from app.commands.output import line
from app.services.desk import Desk
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    """It has no options of its own."""


def run(desk: Desk, _arguments: Namespace) -> int:
    worker = desk.worker()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop(0)

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)
    line(tr("cli.worker.running"))
    worker.run()
    worker.stop()
    if worker.outdated is not None:
        raise worker.outdated  # whoever supervises it starts the new program
    return 0
