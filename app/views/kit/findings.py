"""What a test of a connection found: each step that worked, and in words what did not."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.services.wording import tr
from app.views.kit.appearance import Appearance


class Findings(QFrame):
    """Hidden until there is something to tell. It is spoken as a whole to those who listen."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._lines: list[str] = []
        self.setProperty("role", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.setSpacing(5)
        self.hide()

    @property
    def words(self) -> str:
        return "\n".join(self._lines)

    def testing(self) -> None:
        self.working(tr("channels.testing"))

    def working(self, words: str) -> None:
        self._begin()
        bar = QProgressBar(textVisible=False, minimum=0, maximum=0)
        bar.setFixedWidth(160)
        row = QHBoxLayout()
        row.addWidget(QLabel(words))
        row.addWidget(bar)
        row.addStretch(1)
        self._column.addLayout(row)
        self._end([words])

    def works(self, steps: Sequence[str]) -> None:
        self.tell("check", "success", tr("channels.works"), steps)

    def refused(self, words: str) -> None:
        self.tell("error", "danger", tr("channels.works_not"), [words])

    def tell(self, icon: str, tint: str, heading: str, lines: Sequence[str]) -> None:
        self._begin()
        self._add(icon, tint, heading, role="heading")
        for each in lines:
            self._add("", "", each)
        self._end([heading, *lines])

    def clear(self) -> None:
        self._begin()
        self._lines = []
        self.hide()

    def _begin(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            _forget(item)

    def _end(self, lines: list[str]) -> None:
        self._lines = lines
        self.setAccessibleName(self.words)
        self.show()

    def _add(self, icon: str, tint: str, words: str, role: str = "") -> None:
        row = QHBoxLayout()
        row.setSpacing(9)
        picture = QLabel()
        picture.setFixedWidth(18)
        if icon:
            picture.setPixmap(self._appearance.icon(icon, tint).pixmap(18, 18))
        label = QLabel(words)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setProperty("role", role)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label, 1)
        self._column.addLayout(row)


def _forget(item: object) -> None:
    """A row is a layout: its labels go with it."""
    assert isinstance(item, QHBoxLayout)
    while (inner := item.takeAt(0)) is not None:
        widget = inner.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
    item.deleteLater()
