"""Boxes to choose from, and to turn."""

from PySide6.QtWidgets import QComboBox, QSpinBox, QTimeEdit


def choose(box: QComboBox, value: object) -> None:
    """Choose the entry with this value, or the first. Qt would compare Python's objects by identity alone."""
    place = next((each for each in range(box.count()) if box.itemData(each) == value), 0)
    box.setCurrentIndex(place)


def inset(*boxes: QSpinBox | QTimeEdit) -> None:
    """Give room before the number: a stylesheet that gives them buttons takes their padding away."""
    for each in boxes:
        each.lineEdit().setTextMargins(6, 0, 0, 0)
