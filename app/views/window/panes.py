"""How the window is divided where nobody has divided it otherwise; light, for it is needed before the first paint."""

from collections.abc import Sequence

from PySide6.QtWidgets import QSplitter, QWidget

WIDTHS = (208, 1252)
SHARES = {"table": (300, 560), "list": (366, 906)}
"""Of the tickets and the one that is read, by the form of the queue."""
READING = (1000, 258)


def split(splitter: QSplitter, name: str, widgets: Sequence[QWidget], sizes: Sequence[int], *, widest: int) -> None:
    """Put widgets into a splitter; the one at the place `widest` takes what room there is."""
    splitter.setObjectName(name)
    for each in widgets:
        splitter.addWidget(each)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)
    splitter.setStretchFactor(widest, 1)
    splitter.setSizes(list(sizes))
