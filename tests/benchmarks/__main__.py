"""`make bench`: what Firstline takes beside what nothing can go below, in one run on this machine.

    python -m tests.benchmarks [--mails FOLDER] [--only NAME]

Intake is measured on mails of ../shared/load/make_mails.py, or on those in FOLDER (mails/*.eml and manifest.jsonl).
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import intake

GENERATOR = Path(__file__).parents[3] / "shared" / "load" / "make_mails.py"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=Path, help="a folder with mails/*.eml and manifest.jsonl")
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="firstline-bench-") as scratch:
        mails = told.mails
        if mails is None:
            if not GENERATOR.exists():
                print("There is no mail generator beside this checkout; name a folder of mails with --mails.")
                return 1
            mails = intake.make_mails(GENERATOR, Path(scratch), told.count, told.seed)
        return intake.run(mails, Path(scratch))


sys.exit(main())
