"""The buttons above the text: one for each format, and those that put something in."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.writing.body import FORMATS, Body, keys_of

_ICONS = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strike": "strike",
    "bullet": "bullets",
    "number": "numbers",
    "quote": "quote",
    "code": "code",
    "link": "link",
}


class FormatBar(QWidget):
    """Shows what holds at the caret. A click leaves the caret in the text; with Tab the buttons can be reached."""

    def __init__(self, body: Body, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = body
        self.setAccessibleName(tr("format.bar"))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(1)
        self._buttons = {name: self._button(name, appearance) for name in FORMATS if name in _ICONS}
        body.cursorPositionChanged.connect(self._look)
        body.currentCharFormatChanged.connect(lambda _form: self._look())

    def add(self, icon: str, words: str, appearance: Appearance) -> QToolButton:
        """A button behind those for formats, apart from them."""
        if self.row.count() == len(self._buttons):
            line = QFrame()
            line.setProperty("role", "upright")
            self.row.addWidget(line)
        button = tool(icon, words, appearance)
        self.row.addWidget(button)
        return button

    def _button(self, name: str, appearance: Appearance) -> QToolButton:
        button = tool(_ICONS[name], f"{tr(f'format.{name}')}  ({keys_of(name)})", appearance)
        button.setAccessibleName(tr(f"format.{name}"))
        button.setCheckable(name != "link")
        button.clicked.connect(lambda _checked=False: self._apply(name))
        self.row.addWidget(button)
        return button

    def _apply(self, name: str) -> None:
        self._body.apply(name)
        self._look()

    def _look(self) -> None:
        for name, button in self._buttons.items():
            if button.isCheckable():
                button.setChecked(self._body.has(name))


def tool(icon: str, words: str, appearance: Appearance) -> QToolButton:
    """A small button with a picture alone."""
    button = QToolButton()
    button.setProperty("role", "tool")
    button.setToolTip(words)
    button.setAccessibleName(words)
    button.setIconSize(QSize(16, 16))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    appearance.dress(button, icon, "text")
    return button
