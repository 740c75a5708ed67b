"""Saying what a ticket is about, by which it finds its way up."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.models.records.tickets import Concern
from app.services.wording import tr
from app.views.changing.concern_model import FIELDS, Offered


class ConcernDialog(QDialog):
    """`told` brings what was entered, by field. What the tree asks for is offered while one types."""

    told = Signal(dict)

    def __init__(self, number: int, concern: Concern, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("concern.title", number=number))
        self.lines = {each: QLineEdit(getattr(concern, each)) for each in FIELDS}
        self.save, self.cancel = QPushButton(tr("concern.save")), QPushButton(tr("concern.cancel"))
        self.save.clicked.connect(self._tell)
        self.cancel.clicked.connect(self.reject)
        self._build()

    def offer(self, offered: Offered) -> None:
        for field, words in offered.items():
            completer = QCompleter(list(words), self.lines[field])
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            self.lines[field].setCompleter(completer)
            self.lines[field].setPlaceholderText(", ".join(words))

    def _tell(self) -> None:
        self.told.emit({field: line.text().strip() for field, line in self.lines.items()})
        self.accept()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        words = QLabel(tr("concern.words"))
        words.setProperty("role", "caption")
        words.setWordWrap(True)
        column.addWidget(words)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        for row, (field, line) in enumerate(self.lines.items()):
            label = QLabel(tr(f"column.{field}"))
            label.setBuddy(line)
            line.setAccessibleName(label.text())
            grid.addWidget(label, row, 0)
            grid.addWidget(line, row, 1)
        column.addLayout(grid)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.save.setProperty("role", "primary")
        self.save.setDefault(True)
        for button in (self.save, self.cancel):
            buttons.addWidget(button)
        column.addLayout(buttons)
        self.resize(460, 0)
