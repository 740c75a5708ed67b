"""A form of labelled entries with room below each for what is wrong with it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget


class FormLines(QScrollArea):
    """Labels above their entries: the panel is narrow."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._problems: dict[QWidget, QLabel] = {}
        inner = QWidget()
        inner.setProperty("role", "plain")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(16, 12, 14, 12)
        self._column.setSpacing(3)
        heading = QLabel(name)
        heading.setProperty("role", "title")
        self._column.addWidget(heading)
        self.setWidget(inner)

    def add(self, words: str, entry: QWidget, hint: str = "") -> None:
        """One entry under its label."""
        label = QLabel(words)
        label.setBuddy(entry)
        entry.setAccessibleName(words)
        entry.setAccessibleDescription(hint)
        problem = QLabel()
        problem.setProperty("role", "problem")
        problem.setWordWrap(True)
        problem.setTextFormat(Qt.TextFormat.PlainText)
        problem.hide()
        self._problems[entry] = problem
        self._column.addSpacing(6)
        self._column.addWidget(label)
        self._column.addWidget(entry)
        if hint:
            told = QLabel(hint)
            told.setProperty("role", "caption")
            told.setWordWrap(True)
            self._column.addWidget(told)
        self._column.addWidget(problem)

    def end(self, *below: QWidget) -> None:
        for each in below:
            self._column.addSpacing(8)
            self._column.addWidget(each)
        self._column.addStretch(1)

    def tell(self, entry: QWidget, problem: str) -> None:
        """What is wrong with an entry; empty where it is well."""
        label = self._problems[entry]
        label.setText(problem)
        label.setVisible(bool(problem))
        entry.setProperty("wrong", bool(problem))
        entry.style().unpolish(entry)
        entry.style().polish(entry)

    def problem(self, entry: QWidget) -> str:
        return self._problems[entry].text()
