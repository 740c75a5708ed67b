"""What Firstline is, which one this is, and a report for who helps with it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import PySide6
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app import __version__
from app.services import diagnostics
from app.services.resources import third_party_notices
from app.services.wording import tr
from app.views.about.notices import NoticesDialog
from app.views.kit.appearance import Appearance, monospace
from app.views.window.shell import Shell

_SIZE = (640, 460)
_LOGO = 44


class AboutDialog(QDialog):
    """The report is shown before it is copied: whoever hands it on sees what is in it."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("about.title"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        picture, name, words = QLabel(), QLabel(f"Firstline {__version__}"), QLabel(tr("about.words"))
        picture.setPixmap(appearance.icon("app", "accent").pixmap(_LOGO, _LOGO))
        name.setProperty("role", "title")
        words.setWordWrap(True)
        hint = QLabel(tr("about.hint"))
        hint.setProperty("role", "caption")
        hint.setWordWrap(True)
        self.report = QPlainTextEdit(readOnly=True, tabChangesFocus=True)
        self.report.setProperty("role", "report")
        self.report.setFont(monospace())
        self.report.setAccessibleName(tr("about.report"))
        self.report.setPlainText(tr("state.loading"))
        self.copy = QPushButton(tr("about.copy"))
        self.copy.setEnabled(False)
        self.copy.clicked.connect(self._copy)
        self.notices = QPushButton(tr("about.notices"), self)
        self.notices.hide()
        buttons = self._buttons = QDialogButtonBox()
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(tr("button.close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(8)
        for widget in (picture, name, words, hint):
            column.addWidget(widget)
        column.addWidget(self.report, 1)
        column.addWidget(buttons)
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(_SIZE[0], room.width() - 20), min(_SIZE[1], room.height() - 20))

    def offer_notices(self, show: Callable[[], None]) -> None:
        """There are notices of third parties, and `show` shows them."""
        self._buttons.addButton(self.notices, QDialogButtonBox.ButtonRole.ActionRole)
        self.notices.show()
        self.notices.clicked.connect(show)

    def show_report(self, report: str) -> None:
        self.report.setPlainText(f"{report}\n\nPySide6 {PySide6.__version__}, {QGuiApplication.platformName()}")
        self.copy.setEnabled(True)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
        self.copy.setText(tr("about.copied"))


class AboutPart(QObject):
    """Ctrl+F1 shows it."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        shell.commands.section("window")
        shell.commands.add("about", "Ctrl+F1", "info", self.open)

    def open(self) -> AboutDialog:
        """Show it, and hand it out."""
        shell = self._shell
        dialog = AboutDialog(shell.appearance, shell.window)
        file = third_party_notices()
        if file is not None:
            dialog.offer_notices(partial(self._read_notices, dialog, file))
        dialog.open()
        shell.runner.read(dialog, partial(diagnostics.report, shell.desk), dialog.show_report, shell.fail)
        return dialog

    def _read_notices(self, dialog: AboutDialog, file: Path) -> None:
        read = partial(file.read_text, encoding="utf-8")
        self._shell.runner.read(dialog, read, lambda text: NoticesDialog(text, dialog).open(), self._shell.fail)
