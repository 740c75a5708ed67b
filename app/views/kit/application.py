"""The one application of this process, and its words in the desk's language."""

import sys

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

from app.services import wording
from app.views.kit.collecting import GuiCollector


def application() -> QApplication:
    """The one application of this process."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    QCoreApplication.setApplicationName("Firstline")
    QCoreApplication.setOrganizationName("Firstline")
    made = QApplication(sys.argv[:1])
    GuiCollector(made)
    _speak(made)
    return made


def _speak(running: QApplication) -> None:
    """Qt's own words, in file dialogs say, in the language of the desk."""
    translator = QTranslator(running)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{wording.language()}", folder):
        running.installTranslator(translator)
