"""What scripts say while they say it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QPlainTextEdit

from app.services.wording import tr
from app.views.kit.appearance import monospace
from app.views.remote_help.feed import MOST, shown


class OutputView(QPlainTextEdit):
    """Shows the last lines; stays at the end while somebody looks there, and where they scrolled to otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(MOST)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(monospace())
        self.setAccessibleName(tr("remote_view.output"))
        self.setPlaceholderText(tr("remote_view.says_nothing"))
        self.setTabChangesFocus(True)

    def show_lines(self, lines: Sequence[str]) -> None:
        """These, and nothing else."""
        self.setPlainText("\n".join(map(shown, lines[-MOST:])))
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def add(self, lines: Sequence[str], missed: int = 0) -> None:
        """These as well; `missed` lines before them are left out."""
        told = [shown(each) for each in lines[-MOST:]]
        if missed:
            told.insert(0, tr("remote_view.missed", count=missed))
        if told:
            self.appendPlainText("\n".join(told))
