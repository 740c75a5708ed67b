"""In which order Tab goes through the window: as one reads it, not as its widgets were made."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def order_focus(groups: Sequence[QWidget]) -> None:
    """Group after group, each with what is inside it. The chain itself is not walked: PySide takes what
    `nextInFocusChain` returns for a child of the widget before it, and lets go of it together with that one."""
    for first, second in pairwise(each for group in groups for each in _inside(group)):
        QWidget.setTabOrder(first, second)


def _inside(group: QWidget) -> Iterator[QWidget]:
    for each in (group, *group.findChildren(QWidget)):
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield each
