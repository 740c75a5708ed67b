"""Python's cyclic garbage is collected on the GUI thread alone.

A closed dialog is often part of a cycle: it holds a lambda that holds it. If the collector happens to run on a worker
thread it deletes the dialog there, and Qt ends the process. So it is switched off, and run between two events instead.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 400


class GuiCollector(QObject):
    """Collects what Python would, by its own thresholds, for as long as it lives; make it on the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
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

    def stop(self) -> None:
        """There is no other thread any more that it could happen on."""
        self._timer.stop()
        gc.enable()
