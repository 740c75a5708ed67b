"""A line that tells something and offers one thing to do about it."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from app.services.wording import tr
from app.views.kit.appearance import Appearance

Level = Literal["info", "success", "warning", "error"]
_ICONS = {"info": "info", "success": "check", "warning": "warning", "error": "error"}
_TOKENS = {"info": "info", "success": "success", "warning": "warning", "error": "danger"}


class Banner(QFrame):
    """Hidden until it has something to tell. What is good news goes by itself; a problem stays until it is closed."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._do: Callable[[], object] | None = None
        self._level: Level = "info"
        self.setProperty("role", "banner")
        self._picture, self._words = QLabel(), QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = QPushButton()
        self._button.clicked.connect(self._act)
        self._close = QToolButton()
        self._close.setProperty("role", "flat")
        self._close.setToolTip(tr("banner.close"))
        self._close.setAccessibleName(tr("banner.close"))
        self._close.clicked.connect(self.hide)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 6, 6, 6)
        self._grid.setSpacing(10)
        self._grid.setColumnStretch(1, 1)
        for column, each in enumerate((self._picture, self._words, self._button, self._close)):
            self._grid.addWidget(each, 0, column)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.hide()
        appearance.follow(self, _paint)

    def tell(
        self,
        level: Level,
        words: str,
        action: tuple[str, Callable[[], object]] | None = None,
        *,
        milliseconds: int = 0,
        closable: bool = True,
    ) -> None:
        """Show `words`; `action` is a button's label and what it does; with `milliseconds` it goes by itself."""
        self._level = level
        self._do = action[1] if action else None
        self._words.setText(words)
        self._button.setVisible(action is not None)
        self._button.setText(action[0] if action else "")
        self._close.setVisible(closable)
        self.setProperty("level", level)
        self.setAccessibleName(words)
        self.paint_icons()
        for each in (self, self._words):
            each.style().unpolish(each)
            each.style().polish(each)
        self.show()
        self.on_shown()
        self._timer.stop()
        if milliseconds:
            self._timer.start(milliseconds)

    def focus_action(self) -> None:
        """What it offers is the next thing to be answered."""
        self._button.setFocus()

    def offer_below(self, *, below: bool) -> None:
        """Whether what it offers stands below the words, for want of room beside them."""
        if below == (self._grid.itemAtPosition(1, 1) is not None):
            return
        self._grid.removeWidget(self._button)
        if below:
            self._grid.addWidget(self._button, 1, 1, Qt.AlignmentFlag.AlignLeft)
        else:
            self._grid.addWidget(self._button, 0, 2)

    def on_shown(self) -> None:
        """What else is to be done when it has something to tell."""

    @property
    def words(self) -> str:
        return self._words.text()

    def paint_icons(self) -> None:
        icon = self._appearance.icon(_ICONS[self._level], _TOKENS[self._level])
        self._picture.setPixmap(icon.pixmap(18, 18))
        self._close.setIcon(self._appearance.icon("close", _TOKENS[self._level]))

    def _act(self) -> None:
        self.hide()
        if self._do is not None:
            self._do()


def _paint(banner: QObject) -> None:
    assert isinstance(banner, Banner)
    banner.paint_icons()
