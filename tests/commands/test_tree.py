"""`firstline tree` and `firstline simulate`: what is seen at the terminal, and what programs read."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.main import main
from app.models.tables import Agent
from tests.fixtures.trees import TreeDesk


@pytest.fixture
def told(tree_desk: TreeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TreeDesk:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    return tree_desk


def run(url: str, *arguments: str) -> int:
    return main(["--database", url, *arguments])


def read(url: str, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run(url, *arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_applications_are_listed_with_whose_tree_they_go_by(
    told: TreeDesk, engine_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(engine_url, "tree", "--list") == 0
    out = capsys.readouterr().out
    assert "Sales report" in out
    assert "by template" in out
    assert {each["application"] for each in read(engine_url, capsys, "tree")} == {"Sales report", "Shop"}


def test_a_tree_is_shown_with_who_is_there(told: TreeDesk, engine_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(engine_url, "tree", "shop", "--at", "2026-03-03T10:00+00:00") == 0
    out = capsys.readouterr().out
    assert "Service desk" in out
    assert "Developers, (Team lead)" in out
    assert "support " in out
    view = read(engine_url, capsys, "tree", "Shop", "--at", "2026-03-03T10:00+00:00")
    assert ("desk", "support", "functional") in [
        (each["source"], each["target"], each["kind"]) for each in view["edges"]
    ]
    assert view["at"] == "2026-03-03T10:00:00+00:00"
    assert [(each["key"], each["level"], each["leads_to"]) for each in view["nodes"]][:2] == [
        ("desk", "L1", ["support"]),
        ("support", "L2", ["developers"]),
    ]


def test_warnings_are_told_in_words(told: TreeDesk, engine_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    told.change(Agent, "Dev", active=False)
    assert run(engine_url, "tree", "Shop") == 0
    assert "- Nobody works at “Developers”." in capsys.readouterr().out
    (first, *_) = read(engine_url, capsys, "tree", "Shop")["findings"]
    assert (first["code"], first["node"], first["words"]) == ("nobody", "developers", "Nobody works at “Developers”.")


def test_a_tree_goes_out_as_a_file_and_comes_back(
    told: TreeDesk, engine_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(engine_url, "tree", "Shop", "--export") == 0
    file = tmp_path / "shop.toml"
    file.write_text(capsys.readouterr().out.replace('"Service desk"', '"Front door"'), encoding="utf-8")
    assert run(engine_url, "tree", "Shop", "--import", str(file)) == 0
    view = read(engine_url, capsys, "tree", "Shop")
    assert (view["nodes"][0]["name"], view["inherited"], view["version"]) == ("Front door", False, 1)
    assert run(engine_url, "tree", "Shop", "--reset") == 0
    assert read(engine_url, capsys, "tree", "Shop")["inherited"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("tree", "Nowhere"), "no application “Nowhere”"),
        (("tree", "Shop", "--at", "soon"), "“soon” is no time"),
        (("tree", "Shop", "--at", "0001-01-01T00:00+14:00"), "is no time"),
        (("tree", "Shop", "--at", ""), "“” is no time"),
        (("tree", "Shop", "--at", "9999-12-31T12:00+00:00"), "from 1970 to 2200"),
        (("simulate", "Shop", "--at", "1000-01-01T00:00+00:00"), "from 1970 to 2200"),
        (("tree", "Shop", "--ticket", "99"), "no ticket 99"),
        (("tree", "Shop", "--ticket", "9" * 30), f"no ticket {'9' * 30}"),
        (("sla", "9" * 30), f"no ticket {'9' * 30}"),
        (("tree", "Shop", "--import", "nowhere.toml"), "nowhere.toml"),
        (("simulate", "Nowhere"), "no application “Nowhere”"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    told: TreeDesk, engine_url: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert run(engine_url, *arguments) == 1
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_a_simulation_tells_each_contact_with_its_instant(
    told: TreeDesk, engine_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("simulate", "Shop", "--priority", "P2", "--at", "2026-03-07T03:00+00:00", "--category", "payments")
    found = read(engine_url, capsys, *arguments)
    first, second = found["calls"][:2]
    assert (first["at"], first["node_name"], first["note"]) == (
        "2026-03-07T03:00:00+00:00", "Service desk", "nobody_on_duty",
    )  # fmt: skip
    assert (second["kind"], second["who"], second["answer_by"]) == ("team", "Service Desk", "2026-03-07T03:15:00+00:00")
    assert found["facts"]["category"] == "payments"
    assert run(engine_url, *arguments) == 0
    out = capsys.readouterr().out
    assert "whole team" in out
    assert "everybody was asked" in out
