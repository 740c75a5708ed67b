"""Opens the window of a desk, and closes it again with everything written."""

import sys

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

from app.services import wording
from app.services.desk import Desk
from app.views.kit.appearance import Appearance
from app.views.kit.crash import BugCatcher
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow


def application() -> QApplication:
    """The one application of this process."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    QCoreApplication.setApplicationName("Firstline")
    QCoreApplication.setOrganizationName("Firstline")
    made = QApplication(sys.argv[:1])
    _speak(made)
    return made


def run_desk(desk: Desk) -> int:
    """Show the desk until its window is closed; mail is read and sent meanwhile. Returns the exit status."""
    running = application()
    bugs = BugCatcher(running)
    bugs.install()
    appearance = Appearance(running, desk.settings.theme)
    runner = TaskRunner(bugs.caught)
    worker = desk.worker()
    window = MainWindow(desk, runner, appearance)
    window.writing.changed.connect(worker.wake)
    window.show()
    window.start()
    worker.start()
    try:
        return running.exec()
    finally:
        runner.close()
        worker.stop()


def _speak(running: QApplication) -> None:
    """Qt's own words, in file dialogs say, in the language of the desk."""
    translator = QTranslator(running)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{wording.language()}", folder):
        running.installTranslator(translator)
