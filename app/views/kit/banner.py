"""A line across the top of a view: what happened, and what can be done about it."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.services.wording import tr


class Banner(QFrame):
    """Hidden until it has something to say. `kind` is `info`, `warning` or `error`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._act = QPushButton()
        self._close = QPushButton(tr("action.dismiss"))
        self._close.clicked.connect(self.hide)
        self._act.clicked.connect(self._acted)
        self._action: Callable[[], None] | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        for each in (self._words, self._act, self._close):
            layout.addWidget(each)
        self.hide()

    @property
    def words(self) -> str:
        """What it says; empty while it is hidden."""
        return self._words.text() if not self.isHidden() else ""

    def say(self, kind: str, words: str, label: str = "", action: Callable[[], None] | None = None) -> None:
        """Show `words`; with an `action`, a button called `label` that does it and closes the banner."""
        self.setProperty("banner", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._words.setText(words)
        self._action = action
        self._act.setText(label)
        self._act.setVisible(action is not None)
        self.show()

    def _acted(self) -> None:
        action = self._action
        self.hide()
        if action is not None:
            action()
