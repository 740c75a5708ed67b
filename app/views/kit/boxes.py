"""Boxes to choose from."""

from PySide6.QtWidgets import QComboBox


def choose(box: QComboBox, value: object) -> None:
    """Choose the entry with this value, or the first. Qt would compare Python's objects by identity alone."""
    place = next((each for each in range(box.count()) if box.itemData(each) == value), 0)
    box.setCurrentIndex(place)
