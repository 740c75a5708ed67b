"""A form of titled lines that scrolls, with room below each for what is wrong with it."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.views.kit.forms import TITLES

_ROWS, _GAP = 3, 8


class Lines(QScrollArea):
    """Titles on the left; a line's own words stand below it."""

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setProperty("role", "plain")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(2, 2, 14, 2)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._column.addLayout(self._grid)
        self._column.addStretch(1)
        self.setWidget(inner)
        self._entries: dict[str, QWidget] = {}
        self._problems: dict[str, QLabel] = {}
        self._rows: dict[str, int] = {}

    def add(self, name: str, title: str, entry: QWidget, hint: str | QLabel = "", *, gap: int = _GAP) -> None:
        """One line; `hint` stands below it, and may be a label whose words change. `gap`: pixels below."""
        row = self._grid.rowCount()
        label = QLabel(title)
        label.setFixedWidth(TITLES)
        label.setWordWrap(True)
        label.setBuddy(entry)
        if not entry.accessibleName():
            entry.setAccessibleName(title)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(entry, row, 1)
        told = hint if isinstance(hint, QLabel) else QLabel(hint)
        if isinstance(hint, QLabel) or hint:
            told.setProperty("role", "caption")
            told.setWordWrap(True)
            told.setTextFormat(Qt.TextFormat.PlainText)
            entry.setAccessibleDescription(told.text())
            self._grid.addWidget(told, row + 1, 1)
        problem = QLabel()
        problem.setProperty("role", "problem")
        problem.setWordWrap(True)
        problem.setTextFormat(Qt.TextFormat.PlainText)
        problem.hide()
        self._grid.addWidget(problem, row + 2, 1)
        self._grid.setRowMinimumHeight(row + _ROWS, gap)
        self._grid.addWidget(QWidget(), row + _ROWS, 0)
        self._entries[name], self._problems[name], self._rows[name] = entry, problem, row

    def show_line(self, name: str, *, shown: bool) -> None:
        """Whether a line is there; one that is not takes no room."""
        row = self._rows[name]
        for below in range(_ROWS + 1):
            for column in (0, 1):
                item = self._grid.itemAtPosition(row + below, column)
                widget = item.widget() if item is not None else None
                if widget is not None:
                    has_words = widget is not self._problems[name] or bool(self._problems[name].text())
                    widget.setVisible(shown and has_words)
        self._grid.setRowMinimumHeight(row + _ROWS, _GAP if shown else 0)

    def height_needed(self) -> int:
        """Pixels in which nothing has to be scrolled."""
        return self._column.sizeHint().height()

    def section(self, words: str) -> None:
        """A heading over the lines that follow."""
        label = QLabel(words)
        label.setProperty("role", "heading")
        self._grid.addWidget(label, self._grid.rowCount(), 0, 1, 2)

    def below(self, widget: QWidget) -> None:
        """Something as wide as the form, below its lines."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)

    def tell(self, problems: Mapping[str, str]) -> None:
        """What is wrong, by line; all others are well. The caret goes to the first that is not."""
        self.mark(problems)
        first = next((name for name in self._entries if name in problems), None)
        if first is not None:
            self._entries[first].setFocus()
            self.ensureWidgetVisible(self._problems[first])

    def mark(self, problems: Mapping[str, str]) -> None:
        """What is wrong, by line, and the caret stays where it is."""
        for name, label in self._problems.items():
            label.setText(problems.get(name, ""))
            label.setVisible(name in problems)
            entry = self._entries[name]
            entry.setProperty("wrong", name in problems)
            entry.style().unpolish(entry)
            entry.style().polish(entry)

    def problem(self, name: str) -> str:
        """What is said to be wrong with a line; empty where nothing is."""
        return self._problems[name].text()
