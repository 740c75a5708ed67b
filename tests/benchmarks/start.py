"""From a fresh process to the first painted window, and to the list of tickets, beside an empty window with a table."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

_TURNS = 7
_SEEN = ("painted", "listed")
_ROOT = Path(__file__).parents[2]
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
import sys
from app.main import main
import app.views
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from app.views.window import curtain
class Watcher(QObject):
    def look(self):
        for each in QApplication.topLevelWidgets():
            if type(each).__name__ == "MainWindow":
                self.desk, self.viewport = each, each.layout_.tickets.table.viewport()
                self.viewport.installEventFilter(self)
                self.clock.stop()
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and self.desk.model.rowCount() and self.desk.model.row(0) is not None:
            watched.removeEventFilter(self)
            print("listed", flush=True)
            QTimer.singleShot(0, self.desk.close)
        return False
class Watched(curtain.Curtain):
    watcher = None
    def paintEvent(self, event):
        super().paintEvent(event)
        if Watched.watcher is None:
            print("painted", flush=True)
            Watched.watcher = watcher = Watcher()
            watcher.clock = QTimer(interval=5)
            watcher.clock.timeout.connect(watcher.look)
            watcher.clock.start()
curtain.Curtain = Watched
sys.exit(main(["--profile", sys.argv[1]]))
"""
_FILL = """
import os, sys
from pathlib import Path
from app import bootstrap
from app.services import accounts
from app.services.sample import add_history, fill_with_sample
from app.services.settings import Profile, save_setting
profile = Profile(Path(sys.argv[1]))
desk = bootstrap.open_desk(profile, os.environ)
bootstrap.make_ready(desk)
fill_with_sample(desk.database, desk.system, profile.folder / "sample-mailbox")
add_history(desk.database, desk.system)
for kind in ("graph", "gmail"):  # in use, so that a worker opens them as the desk starts
    settings = {"address": f"{kind}@firstline.example", "client_id": "app"}
    accounts.add(desk.database, desk.system, accounts.new_account(kind, kind, settings["address"], settings))
save_setting(profile, "agent", "sam.okafor@firstline.example")
profile.window_file.touch()
desk.close()
"""


def run(scratch: Path) -> None:
    """Print the table."""
    profile, compiled = str(scratch / "start"), scratch / "compiled"
    subprocess.run([sys.executable, "-c", _FILL, profile], check=True, cwd=_ROOT)
    empty, desk = partial(_moments, compiled, _FLOOR, ("painted",)), partial(_moments, compiled, _DESK, _SEEN, profile)
    desk()  # the first start of all upgrades the database, and compiles, as the first start after an installation does
    turns = [(*empty(), *desk()) for _ in range(_TURNS)]
    floor, painted, listed = (statistics.median(each) for each in zip(*turns, strict=True))
    print(f"\nFrom a start, median of {_TURNS} turns, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    rows = (
        ("floor: empty PySide6 window with a table painted", floor),
        ("Firstline, window painted with empty panes", painted),
        ("Firstline, list of tickets painted (embedded)", listed),
    )
    for words, took in rows:
        print(f"{words:52}{took * 1000:8.0f} ms{took / floor:8.2f} of the floor")


def _moments(compiled: Path, code: str, wanted: Sequence[str], *arguments: str) -> list[float]:
    """Seconds from the start of a process that runs `code` to each of the words that it prints.

    It finds its modules compiled in a folder of the run's own, whatever the environment says of compiled files.
    """
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPYCACHEPREFIX": str(compiled)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
        cwd=_ROOT,
    )
    assert process.stdout is not None
    moments = {line.strip(): time.perf_counter() - began for line in process.stdout}
    if process.wait() != 0:
        raise RuntimeError("the desk did not open")
    return [moments[each] for each in wanted]
