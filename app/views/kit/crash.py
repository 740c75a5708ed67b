"""When the desk itself is at fault: say so, keep going where possible, and hand over a report without secrets."""

import logging
import platform
import sys
import traceback
from pathlib import Path
from types import TracebackType

import PySide6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app import __version__
from app.services.secrets.redacting import redact
from app.services.wording import tr
from app.views.kit.appearance import monospace

_PARTS = 4
_log = logging.getLogger(__name__)


def report_of(bug: BaseException) -> str:
    """What a developer needs and nothing that a customer or a password is in: versions and the redacted traceback.

    Only the places in the code are told: not the message of the exception, which may quote a ticket, and of each path
    not the folders above the program, which may name a person.
    """
    frames = "".join(
        f"  {'/'.join(Path(each.filename).parts[-_PARTS:])}:{each.lineno}  {each.name}\n      {each.line}\n"
        for each in traceback.extract_tb(bug.__traceback__)
    )
    lines = (
        f"Firstline {__version__}",
        f"Python {platform.python_version()}, PySide6 {PySide6.__version__}, {platform.platform()}",
        "",
        f"{frames}{type(bug).__module__}.{type(bug).__qualname__}",
    )
    return redact("\n".join(lines))


class CrashDialog(QDialog):
    """Tells what happened in a sentence; the report can be copied."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("crash.title"))
        heading, words = QLabel(tr("crash.heading")), QLabel(tr("crash.words"))
        heading.setProperty("role", "heading")
        words.setWordWrap(True)
        self.report = QPlainTextEdit(report, readOnly=True, tabChangesFocus=True)
        self.report.setProperty("role", "report")
        self.report.setFont(monospace())
        self.report.setAccessibleName(tr("crash.report"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = buttons.addButton(tr("crash.copy"), QDialogButtonBox.ButtonRole.ActionRole)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("button.close"))
        buttons.rejected.connect(self.reject)
        self.copy.clicked.connect(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        for each in (heading, words, self.report, buttons):
            layout.addWidget(each)
        self.resize(640, 420)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
        self.copy.setText(tr("crash.copied"))


class BugCatcher(QObject):
    """Takes every exception that nobody caught, on whatever thread, to the log and to one crash dialog at a time."""

    _caught = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: CrashDialog | None = None
        self._caught.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch what leaves a slot or the event loop."""
        sys.excepthook = self._hook

    def caught(self, bug: BaseException) -> None:
        _log.error("a bug", exc_info=bug)
        self._caught.emit(bug)

    def _hook(self, _kind: type[BaseException], bug: BaseException, _trace: TracebackType | None) -> None:
        if isinstance(bug, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        self.caught(bug)

    def _tell(self, bug: BaseException) -> None:
        if self._open is not None:
            return
        self._open = CrashDialog(report_of(bug))
        self._open.destroyed.connect(self._forget)
        self._open.open()

    def _forget(self) -> None:
        self._open = None
