"""A secret of a connection: typed or read from a file, never shown, and told whether this computer has it."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.models.errors import KnownError
from app.services.whole_file import read_whole
from app.services.wording import tr
from app.views.kit.forms import TITLES

_WHOLE = ("key",)
"""Of these the line feeds count, and they are read from files alone: a line takes no line feeds."""


class SecretLine(QWidget):
    """`file_wanted` brings itself."""

    file_wanted = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._from_file = name, ""
        self.line, self.hint = QLineEdit(echoMode=QLineEdit.EchoMode.Password), QLabel()
        self.file = QPushButton(tr("connection_page.from_file"))
        self.line.setReadOnly(name in _WHOLE)
        self._build()
        self.file.clicked.connect(lambda _checked=False: self.file_wanted.emit(self))
        self.line.textEdited.connect(self._typed)

    def text(self) -> str:
        """What is to be kept; empty where nothing was entered."""
        return self._from_file or self.line.text()

    def tell(self, words: str) -> None:
        self.hint.setText(words)
        self.line.setAccessibleDescription(words)

    def take_file(self, file: str) -> KnownError | None:
        """What stands in the file; why it cannot be had."""
        try:
            text = read_whole(Path(file)).decode("utf-8", "replace")
        except KnownError as error:
            return error
        self._from_file = text if self._name in _WHOLE else text.rstrip("\r\n")
        self.line.setText("•" * 12)
        return None

    def _typed(self, _text: str) -> None:
        self._from_file = ""

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        title = QLabel(tr(f"connection_secret.{self._name}"))
        title.setFixedWidth(TITLES)
        title.setBuddy(self.line)
        self.line.setAccessibleName(title.text())
        self.file.setAutoDefault(False)
        self.file.setAccessibleName(f"{title.text()}: {self.file.text()}")
        self.hint.setProperty("role", "caption")
        self.hint.setWordWrap(True)
        self.hint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(title, 0, 0)
        grid.addWidget(self.line, 0, 1)
        grid.addWidget(self.file, 0, 2)
        grid.addWidget(self.hint, 1, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowMinimumHeight(2, 8)
        self.setFocusProxy(self.file if self._name in _WHOLE else self.line)
