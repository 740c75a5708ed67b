"""What a target may say, whatever it says: kept so that either engine takes it."""

import json
import math
from typing import Any

from app.models.records.runs import Ended, Outcome, RemoteState
from app.services.remote_help import recording
from app.services.remote_help.hearing import Hearing
from tests.services.remote_help.conftest import Helping, shell


def _heard(hearing: Hearing) -> Any:
    hearing.close()
    return hearing.result


def _hearing(*secrets: str) -> Hearing:
    return Hearing("here", secrets, lambda _target, _line: None)


def test_a_document_that_no_database_would_keep_is_written_down_all_the_same(helping: Helping) -> None:
    helping.approved(shell(b"echo on\n"))
    database, ann, prepared = helping.prepare("ann")
    run_id = recording.ask(database, ann, prepared)
    hearing = _hearing()
    deep = json.loads("[" * 400 + "]" * 400)
    hearing.document({"a\0": "b\0c", "half": ["\ud800"], "load": math.nan, "most": math.inf, "deep": deep})
    end = Ended(Outcome.SUCCEEDED, RemoteState.FINISHED, 0)
    recording.ended(database, ann, run_id, prepared.jobs[0].target, end, "", _heard(hearing))
    [result] = recording.run_of(helping.desk.owner, run_id).results
    assert {**result.document, "deep": ...} == {"a\ufffd": "b\ufffdc", "half": ["\ufffd"], "load": "nan", "most": "inf",
                                                "deep": ...}  # fmt: skip


def test_a_heading_that_holds_a_secret_is_masked_as_a_cell_is() -> None:
    hearing = _hearing("hunter2")
    hearing.table(["name", "is hunter2\0"], [["a", "hunter2\0"]])
    assert _heard(hearing) == {"columns": ["name", "is ***\ufffd"], "rows": [["a", "***\ufffd"]]}


def test_of_a_table_without_end_only_what_is_kept_is_looked_at() -> None:
    looked = 0

    class Cell:
        def __str__(self) -> str:
            nonlocal looked
            looked += 1
            return "x"

    hearing = _hearing("hunter2")
    for _ in range(3):
        hearing.table(["one"], [[Cell()]] * 4_000)
    assert looked == len(_heard(hearing)["rows"]) == 5_000
