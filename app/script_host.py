"""Runs one file of Python in this process: what `transports.local` starts, from a checkout as from a frozen build.

Nothing of the desk is imported here. The file finds what it is told on its standard input, and speaks UTF-8.
"""

import os
import runpy
import signal
import sys
import threading
from collections.abc import Sequence

ENTRY = "--run-script"
"""What a frozen program is called with to be this; a file and perhaps the number of a lifeline follow."""


def main(arguments: Sequence[str]) -> None:
    """`arguments` are the file and, where there is no job object, the descriptor of a pipe that the desk holds open."""
    file, *lifeline = arguments
    os.read(0, 1)  # the desk says with one byte that it has this process in hand; before, nothing is started
    if lifeline:
        _end_with_the_desk(int(lifeline[0]))
    _give_back_the_libraries()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="surrogateescape", line_buffering=True)  # type: ignore[union-attr]
    sys.argv = [file]
    runpy.run_path(file, run_name="__main__")


def _end_with_the_desk(pipe: int) -> None:
    """The pipe ends when the desk does, however that came; then all of this process's group does."""
    os.set_inheritable(pipe, False)

    def watch() -> None:
        os.read(pipe, 1)
        if sys.platform != "win32":
            os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _give_back_the_libraries() -> None:
    """A frozen program looks for libraries in itself first; programs of the system must not."""
    original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if getattr(sys, "frozen", False):
        os.environ.pop("LD_LIBRARY_PATH", None)
    if original is not None:
        os.environ["LD_LIBRARY_PATH"] = original


if __name__ == "__main__":
    main(sys.argv[1:])
