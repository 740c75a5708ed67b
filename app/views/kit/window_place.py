"""Where windows stood and how they were divided, remembered in the profile's `window.ini`."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QHeaderView, QSplitter, QWidget


class WindowPlace:
    """Reads once, when the window opens; writes once, when it closes."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    def restore(self, window: QWidget, *splitters: QSplitter) -> bool:
        """Whether there was something to go by. A place off every screen is mended by Qt."""
        name = window.objectName()
        known = window.restoreGeometry(self._bytes(f"{name}/geometry"))
        for splitter in splitters:
            splitter.restoreState(self._bytes(f"{name}/{splitter.objectName()}"))
        return known

    def word(self, key: str, otherwise: str) -> str:
        """A word that was kept."""
        return str(self._settings.value(key, otherwise))

    def keep_word(self, key: str, word: str) -> None:
        self._settings.setValue(key, word)

    def header(self, header: QHeaderView) -> None:
        """Give a table's head the widths and the order that its columns had."""
        header.restoreState(self._bytes(f"header/{header.objectName()}"))

    def keep_header(self, header: QHeaderView) -> None:
        self._settings.setValue(f"header/{header.objectName()}", header.saveState())

    def remember(self, window: QWidget, *splitters: QSplitter) -> None:
        name = window.objectName()
        self._settings.setValue(f"{name}/geometry", window.saveGeometry())
        for splitter in splitters:
            self._settings.setValue(f"{name}/{splitter.objectName()}", splitter.saveState())
        self._settings.sync()

    def _bytes(self, key: str) -> QByteArray:
        value = self._settings.value(key, QByteArray())
        return value if isinstance(value, QByteArray) else QByteArray()
