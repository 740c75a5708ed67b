"""Attacks that other projects recorded: none survives, and the words do as far as docs/quoting-corpus.md tells."""

import json
from pathlib import Path

import html5lib
import pytest

from app.services.mail.html import clean
from tests.services.mail.html.test_clean import active_parts

CORPUS = Path(__file__).parents[5] / "shared" / "corpus" / "html"
LEAST_WORDS_KEPT = 207


def _words(html: str) -> str:
    fragment = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return "".join("".join(fragment.itertext()).split())


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the recorded attacks of other projects are not beside this checkout")
def test_recorded_attacks_are_defused_and_words_kept() -> None:
    kept = 0
    for line in (CORPUS / "index.jsonl").read_text(encoding="utf-8").strip().split("\n"):
        case = json.loads(line)
        cleaned = clean(case["input"]).html
        assert active_parts(cleaned) == [], case["title"]
        kept += _words(cleaned) in map(_words, case.get("expected") or ())
    assert kept >= LEAST_WORDS_KEPT
