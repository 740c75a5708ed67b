"""Mail that other projects recorded: no measure of the corpus scorer falls below what was reached.

`docs/mail-corpus.md` lists what remains, mail by mail, with the reason.
"""

import json
import runpy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.models.errors import KnownError
from app.services.mail.parsing import read_mail
from tests.services.mail.parsing.corpus_adapter import read

CORPUS = Path(__file__).parents[5] / "shared" / "corpus" / "mail"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of recorded mail is not beside this checkout")

FLOORS = {
    "subject": 166,
    "subject_exact": 166,
    "from": 150,
    "from_name": 106,
    "to": 136,
    "to_name": 3,
    "cc": 112,
    "body": 178,
    "html": 21,
    "att_names": 144,
    "att_recall": 90,
    "att_bytes": 51,
    "in_reply_to": 17,
    "is_bounce": 76,
}
"""Of all 371 mails."""
INDEPENDENT_FLOORS = {
    "subject": 58,
    "subject_exact": 58,
    "from": 42,
    "from_name": 26,
    "to": 27,
    "to_name": 3,
    "body": 80,
    "html": 21,
    "att_names": 33,
    "att_recall": 62,
    "att_bytes": 24,
    "in_reply_to": 2,
    "is_bounce": 76,
}
"""Of the 259 whose expectation is not the output of a parser that is scored beside this one."""


def recorded() -> Iterator[tuple[dict[str, Any], bytes]]:
    for line in (CORPUS / "index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row, (CORPUS / row["path"]).read_bytes()


def right(*, without: str = "") -> Counter[str]:
    score = runpy.run_path(str(CORPUS / "score.py"))["score"]
    reached: Counter[str] = Counter()
    for row, raw in recorded():
        if without and row["source"].startswith(without):
            continue
        suspect = row.get("suspect", ())
        verdict = score(row["expect"], read(raw))
        reached.update(measure for measure, hit in verdict.items() if hit and measure not in suspect)
    return reached


@needs_corpus
def test_no_measure_falls() -> None:
    reached = right()
    assert {name: reached[name] for name in FLOORS if reached[name] < FLOORS[name]} == {}


@needs_corpus
def test_no_measure_falls_where_no_peer_wrote_the_expectation() -> None:
    reached = right(without="imap_tools")
    assert {name: reached[name] for name, floor in INDEPENDENT_FLOORS.items() if reached[name] < floor} == {}


@needs_corpus
def test_no_recorded_mail_that_was_cut_or_garbled_crashes() -> None:
    for _, raw in recorded():
        short = raw[:40_000]
        for garbled in (
            short[: len(short) // 2],
            short[len(short) // 3 :],
            short.replace(b"\n\n", b"\n").replace(b"\r\n\r\n", b"\r\n"),
            short.replace(b"us-ascii", b"utf-7").replace(b"utf-8", b"iso-2022-kr").replace(b"UTF-8", b"hz"),
            short.replace(b"quoted-printable", b"base64").replace(b"7bit", b"x-uuencode"),
            short.replace(b'"', b"").replace(b">", b""),
            bytes(reversed(short)),
        ):
            try:
                read_mail(garbled)
            except KnownError as known:
                assert known.code.startswith("mail.")  # noqa: PT017 - any known error will do, and any mail
