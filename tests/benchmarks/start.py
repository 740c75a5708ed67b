"""From a fresh process to the first painted window, beside an empty PySide6 window with a table, in turns."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

_TURNS = 7
_FLOOR = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", flush=True)
        QTimer.singleShot(0, QApplication.quit)
application = QApplication([])
window, table = Window(), QTableView()
table.setModel(QStandardItemModel(20, 12))
window.setCentralWidget(table)
window.resize(1460, 900)
window.show()
application.exec()
"""
_DESK = """
import os, sys
from pathlib import Path
from app import bootstrap
from app.services.settings import Profile
desk = bootstrap.open_desk(Profile(Path(sys.argv[1])), os.environ)
bootstrap.make_ready(desk)
bootstrap.seat(desk)
from app.views.desk import application
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from PySide6.QtCore import QTimer
class Window(MainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", flush=True)
        QTimer.singleShot(0, running.quit)
running = application()
appearance = Appearance(running, "light")
runner = TaskRunner(print)
window = Window(desk, runner, appearance)
window.show()
window.start()
running.exec()
window.close()
runner.close()
desk.close()
"""


def run(scratch: Path) -> None:
    """Print the table."""
    profile = str(scratch / "start")
    _until_painted(_DESK, profile)  # makes the database, which a desk does once
    turns = [(_until_painted(_FLOOR), _until_painted(_DESK, profile)) for _ in range(_TURNS)]
    floor, ours = (statistics.median(each) for each in zip(*turns, strict=True))
    print(f"\nStart to first paint, median of {_TURNS} turns, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'floor: empty PySide6 window with a table':52}{floor * 1000:8.0f} ms")
    print(f"{'Firstline on an embedded database':52}{ours * 1000:8.0f} ms{ours / floor:8.2f} of the floor")


def _until_painted(code: str, *arguments: str) -> float:
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "painted":
            took = time.perf_counter() - began
            process.communicate()
            return took
    raise RuntimeError("the window was not painted")
