"""Python's cyclic garbage is collected on the GUI thread alone.

A closed dialog is often part of a cycle: it holds a lambda that holds it. If the collector happens to run on another
thread it deletes the dialog there, and Qt ends the process, at once or at its next event. So it is switched off for as
long as the application lives, and run between two events instead: there is hardly a moment without another thread.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 400


class GuiCollector(QObject):
    """Collects what Python would, by its own thresholds; the application has the one there is."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """The oldest generation that is full, and those below it."""
        counts, limits = gc.get_count(), gc.get_threshold()
        full = [generation for generation in range(3) if counts[generation] > limits[generation]]
        if full:
            gc.collect(max(full))
