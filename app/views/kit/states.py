"""What a view shows while it has nothing else to show: nothing there, on its way, or why it cannot."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.services.wording import tr
from app.views.kit.appearance import Appearance

_PICTURE = 40


class StateView(QWidget):
    """A picture, a heading, a sentence, and perhaps a button, in the middle of the room."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._icon = ("inbox", "muted")
        self._do: Callable[[], None] | None = None
        self._picture, self._heading, self._words = QLabel(), QLabel(), QLabel()
        self._heading.setProperty("role", "heading")
        self._words.setProperty("role", "caption")
        self._words.setWordWrap(True)
        self._bar = QProgressBar(textVisible=False, minimum=0, maximum=0)
        self._bar.setFixedWidth(160)
        self._button = QPushButton()
        self._button.clicked.connect(self._act)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(2)
        for each in (self._picture, self._heading, self._words):
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(each)
        layout.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        appearance.follow(self, _paint)

    def empty(self, icon: str, heading: str, words: str = "") -> None:
        """There is nothing here, and that is in order."""
        self._show(icon, "muted", heading, words)

    def loading(self) -> None:
        self._show("", "muted", tr("state.loading"), "")
        self._bar.show()

    def error(self, words: str, again: Callable[[], None] | None = None) -> None:
        """It cannot be shown; `words` say why, and `again` tries once more."""
        self._show("error", "danger", tr("state.error"), words)
        self._do = again
        self._button.setText(tr("state.again"))
        self._button.setVisible(again is not None)

    def paint_icon(self) -> None:
        name, tint = self._icon
        self._picture.setVisible(bool(name))
        if name:
            self._picture.setPixmap(self._appearance.icon(name, tint).pixmap(_PICTURE, _PICTURE))

    @property
    def words(self) -> str:
        return f"{self._heading.text()} {self._words.text()}".strip()

    def _show(self, icon: str, tint: str, heading: str, words: str) -> None:
        self._icon = (icon, tint)
        self._heading.setText(heading)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._bar.hide()
        self._button.hide()
        self.setAccessibleName(self.words)
        self.paint_icon()

    def _act(self) -> None:
        if self._do is not None:
            self._do()


def _paint(view: QObject) -> None:
    assert isinstance(view, StateView)
    view.paint_icon()
