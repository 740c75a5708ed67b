"""Cases that other projects recorded, with real hours where theirs counted the clock on the wall."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.models.rules.business_time_adapter import count

CASES = Path(__file__).parents[4] / "shared" / "corpus" / "sla" / "cases.jsonl"
REAL_HOURS = {65: 25 * 60.0}
"""That Sunday had 25 hours; what was recorded counted 24."""


@pytest.mark.skipif(not CASES.is_file(), reason="the recorded cases of other projects are not beside this checkout")
def test_recorded_cases_come_out_right() -> None:
    for line in CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if "expected_due_utc" in case:
            assert count(case) == datetime.fromisoformat(case["expected_due_utc"]), case["id"]
        else:
            expected = REAL_HOURS.get(case["id"], case["expected_minutes"])
            assert count(case) == pytest.approx(expected, abs=1 / 60), case["id"]
