"""What is seen while the desk is being loaded: in its place, divided as it was, gone when the window is painted."""

from pathlib import Path
from threading import Event, current_thread, main_thread

import pytest
import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QWidget
from pytestqt.qtbot import QtBot

from app.models.errors import KnownError
from app.views.kit.theme import theme
from app.views.main_window import MainWindow
from app.views.queue.table import Form
from app.views.window.curtain import Curtain, aside, worn_by
from app.views.window.panes import SHARES
from tests.views.conftest import fresh

_CLOSED = """
import sys
from app.main import main
import app.views
from app.views.window import curtain
class Closed(curtain.Curtain):
    def rise(self):
        super().rise()
        self.close()
curtain.Curtain = Closed
sys.exit(main(["--profile", sys.argv[1]]))
"""


def test_it_stands_where_the_window_was_and_is_divided_as_the_window_was(window: MainWindow, qtbot: QtBot) -> None:
    window.layout_.wear(Form.TABLE)
    window.resize(790, 640)
    window.layout_.desk.setSizes([237, 340])
    share = window.layout_.desk.sizes()[0]
    window.close()
    curtain = Curtain(window.shell.desk.profile.window_file, "dark")
    qtbot.addWidget(curtain)
    curtain.rise()
    panes = curtain.findChild(QSplitter, "desk-table")
    assert panes is not None
    assert (curtain.height(), panes.sizes()[0]) == (640, share)
    assert share not in SHARES["table"]


def test_the_tickets_stand_beside_the_one_that_is_read_where_they_did(window: MainWindow, qtbot: QtBot) -> None:
    window.layout_.wear(Form.LIST)
    window.close()
    curtain = Curtain(window.shell.desk.profile.window_file, "light")
    qtbot.addWidget(curtain)
    panes = curtain.findChild(QSplitter, "desk-list")
    assert panes is not None
    assert panes.orientation() is Qt.Orientation.Horizontal


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_wears_the_theme_of_the_desk(tmp_path: Path, qtbot: QtBot, name: str) -> None:
    curtain = Curtain(tmp_path / "window.ini", name)
    qtbot.addWidget(curtain)
    curtain.rise()
    assert curtain.grab().toImage().pixelColor(4, 4) == theme(name).colour("window")


def test_a_choice_that_is_none_goes_with_the_desktop() -> None:
    assert worn_by("purple") == worn_by("system")


def test_a_damaged_memory_of_the_window_does_not_keep_it_from_standing(tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "window.ini"
    file.write_bytes(b"[desk]\ngeometry=@ByteArray(\xff\x00\n[queue]\nform=circle\n")
    curtain = Curtain(file, "light")
    qtbot.addWidget(curtain)
    with qtbot.waitSignal(curtain.painted):
        curtain.show()


def test_the_window_takes_its_place_and_it_goes_when_the_window_is_painted(tmp_path: Path, qtbot: QtBot) -> None:
    curtain, window = Curtain(tmp_path / "window.ini", "light"), QWidget()
    qtbot.addWidget(window)
    curtain.rise()
    curtain.resize(720, 510)
    curtain.give_way(window)
    assert window.size() == curtain.size()
    assert curtain.isVisible()
    window.show()
    qtbot.waitUntil(lambda: not shiboken6.isValid(curtain))


def test_windows_go_on_living_while_something_is_done_aside(qtbot: QtBot) -> None:
    ticked, elsewhere = Event(), []
    QTimer.singleShot(0, ticked.set)

    def work() -> bool:
        elsewhere.append(current_thread() is not main_thread())
        return ticked.wait(5)

    assert aside(work)
    assert elsewhere == [True]


def test_what_goes_wrong_aside_is_told_where_it_was_asked_for(qtbot: QtBot) -> None:
    def work() -> None:
        raise KnownError("settings.broken", file="x", reason="y")

    with pytest.raises(KnownError, match=r"settings\.broken"):
        aside(work)


def test_who_closes_it_ends_the_program_before_anything_is_opened(tmp_path: Path) -> None:
    (tmp_path / "window.ini").touch()
    told = fresh(_CLOSED, str(tmp_path))
    assert (told.returncode, (tmp_path / "firstline.db").exists()) == (0, False)


def test_nothing_heavy_is_loaded_before_it_is_seen() -> None:
    heavy = ("sqlalchemy", "pydantic", "psycopg", "phonenumbers", "keyring", "PySide6.QtSvg")
    code = f"import sys, app.main, app.opening; print([each for each in {heavy} if each in sys.modules])"
    assert fresh(code).stdout.strip() == "[]"
