"""The pictures are written: those of other colours and sizes, which are walked in no other test."""

from pathlib import Path

import pytest

from app.services.desk import Desk
from app.views.screens import SCREENS, render_screens
from app.views.screens.screen import Screen
from app.views.screens.setting import draw
from tests.views.test_accessibility import WALKED

OTHERS = [each for each in SCREENS if each not in WALKED or each.scale != 100]


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("screen", OTHERS, ids=lambda screen: screen.name)
def test_a_screen_in_other_colours_and_sizes_is_a_picture(desk: Desk, screen: Screen, tmp_path: Path) -> None:
    picture = draw(desk, screen, tmp_path)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 2_000


@pytest.mark.parametrize(("only", "names"), [("empty", {"empty.png"}), ("tree-own", {"tree-own.png"})])
def test_pictures_are_written_of_those_that_are_asked_for(
    desk: Desk, tmp_path: Path, only: str, names: set[str]
) -> None:
    pictures = render_screens(desk, tmp_path / "screens", only)
    assert {each.name for each in pictures} == names == {each.name for each in (tmp_path / "screens").iterdir()}
