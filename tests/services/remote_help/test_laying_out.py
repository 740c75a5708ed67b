"""Results as lines of text, for a note and a terminal."""

from app.services.remote_help.laying_out import laid_out

TABLE = {"columns": ["Name", "State"], "rows": [["Spooler", "Running"], ["W32\nTime", ""], ["漢字", "x" * 100]]}


def test_a_table_is_aligned_and_each_row_is_one_line() -> None:
    assert laid_out(TABLE).splitlines() == [
        "Name      State",
        "Spooler   Running",
        "W32 Time",
        "漢字      " + "x" * 59 + "…",
    ]


def test_what_is_left_out_is_told() -> None:
    assert laid_out(TABLE, most_rows=1).splitlines()[-1] == "(2 more rows stand with the run)"
    assert laid_out({"a": "b" * 50}, most_letters=20).endswith("\n…")


def test_a_document_is_json_and_nothing_is_nothing() -> None:
    assert laid_out({"free": "1 GB", "ünï": [1]}) == '{\n  "free": "1 GB",\n  "ünï": [\n    1\n  ]\n}'
    assert laid_out(None) == ""
    assert laid_out({"columns": [], "rows": []}) == ""
