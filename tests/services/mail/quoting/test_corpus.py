"""Replies that other projects recorded. The floors only rise; docs/quoting-corpus.md tells what remains and why."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.services.mail.quoting.corpus_adapter import visible

CORPUS = Path(__file__).parents[5] / "shared" / "corpus" / "reply"
FLOORS = {"exact": (20, 21), "first": (62, 62), "first_tight": (58, 62), "contains": (7, 7), "not_contains": (6, 7)}


def _words(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").replace("\u200b", " ").split())


def _measures(expected: dict[str, Any], shown: str) -> dict[str, bool]:
    measures = {}
    if "exact" in expected:
        measures["exact"] = _words(expected["exact"]) == shown
    if "first" in expected:
        measures["first"] = shown.startswith(_words(expected["first"]))
        measures["first_tight"] = shown == _words(expected["first"])
    if "contains" in expected:
        measures["contains"] = all(_words(each) in shown for each in expected["contains"])
    if "not_contains" in expected:
        measures["not_contains"] = all(_words(each) not in shown for each in expected["not_contains"])
    return measures


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the recorded replies of other projects are not beside this checkout")
def test_recorded_replies_stay_at_their_floors() -> None:
    right: dict[str, int] = dict.fromkeys(FLOORS, 0)
    count: dict[str, int] = dict.fromkeys(FLOORS, 0)
    for line in (CORPUS / "index.jsonl").read_text(encoding="utf-8").strip().split("\n"):
        case = json.loads(line)
        text = (CORPUS / case["path"]).read_bytes().decode("utf-8", "replace")
        for measure, holds in _measures(case["expect"], _words(visible(text, case["kind"]))).items():
            right[measure] += holds
            count[measure] += 1
    assert count == {measure: total for measure, (_, total) in FLOORS.items()}
    assert [each for each, (floor, _) in FLOORS.items() if right[each] < floor] == []
