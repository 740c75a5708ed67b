"""The files that go along, each a button that removes it."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.ticket.files import size_words


class FilesRow(QWidget):
    """`changed` tells that a file came or went."""

    changed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._sizes: dict[str, int] = {}
        self.paths: list[str] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.hide()

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes, of those that have been measured."""
        return self._sizes

    def open(self, paths: Sequence[str]) -> None:
        self.paths = list(paths)
        self._draw()

    def add(self, paths: Sequence[str]) -> None:
        self.paths += [each for each in paths if each not in self.paths]
        self._draw()
        self.changed.emit()

    def show_sizes(self, sizes: Mapping[str, int]) -> None:
        self._sizes = dict(sizes)
        self._draw()

    def _remove(self, path: str) -> None:
        self.paths.remove(path)
        self._draw()
        self.changed.emit()

    def _draw(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for path in self.paths:
            name = PurePath(path.replace("\\", "/")).name
            size = f"  ·  {size_words(self._sizes[path])}" if path in self._sizes else ""
            chip = QPushButton(f"{name}{size}")
            chip.setToolTip(tr("composer.remove", name=name))
            chip.setAccessibleName(tr("composer.remove", name=name))
            chip.setIcon(self._appearance.icon("close", "muted"))
            chip.clicked.connect(lambda _checked=False, path=path: self._remove(path))
            self._row.addWidget(chip)
        self._row.addStretch(1)
        self.setVisible(bool(self.paths))
