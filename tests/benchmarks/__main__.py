"""`make bench`: what Firstline takes beside what nothing can go below, in one run on this machine.

    python -m tests.benchmarks [--only intake|clocks|start|window|lists|hearing|desks|remote_help]
                               [--mails FOLDER] [--tickets N]

Intake is measured on mails of ../shared/load/make_mails.py, or on those in FOLDER (mails/*.eml and manifest.jsonl).
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

GENERATOR = Path(__file__).parents[3] / "shared" / "load" / "make_mails.py"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ("intake", "clocks", "start", "window", "lists", "hearing", "desks", "remote_help")
    parser.add_argument("--only", choices=names)
    parser.add_argument("--mails", type=Path, help="a folder with mails/*.eml and manifest.jsonl")
    parser.add_argument("--count", type=int, default=2_000, help="mails to take in")
    parser.add_argument("--tickets", type=int, default=1_000_000, help="tickets that the window is opened over")
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    status = 0
    with tempfile.TemporaryDirectory(prefix="firstline-bench-") as scratch:
        if told.only in (None, "intake"):
            status = _intake(told, Path(scratch))
        if told.only in (None, "clocks"):
            from tests.benchmarks import clocks

            clocks.run(Path(scratch) / "clocks")
        if told.only in (None, "start"):
            from tests.benchmarks import start

            start.run(Path(scratch))
        if told.only in (None, "window"):
            from tests.benchmarks import window

            window.run(Path(scratch), told.tickets)
        if told.only in (None, "lists"):
            from tests.benchmarks import lists

            lists.run(Path(scratch) / "lists", told.tickets)
        if told.only in (None, "hearing"):
            from tests.benchmarks import hearing

            hearing.run(Path(scratch) / "hearing", told.tickets)
        if told.only in (None, "desks"):
            from tests.benchmarks import desks

            desks.run(Path(scratch) / "desks", told.tickets)
        if told.only in (None, "remote_help"):
            from tests.benchmarks import remote_help

            remote_help.run(Path(scratch) / "remote_help")
    return status


def _intake(told: argparse.Namespace, scratch: Path) -> int:
    from tests.benchmarks import intake

    mails = told.mails
    if mails is None:
        if not GENERATOR.exists():
            print("There is no mail generator beside this checkout; name a folder of mails with --mails.")
            return 1
        mails = intake.make_mails(GENERATOR, scratch, told.count, told.seed)
    return intake.run(mails, scratch)


sys.exit(main())
