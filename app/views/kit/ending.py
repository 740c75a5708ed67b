"""Windows go from the outside in.

A wrapper that Python owns deletes its widget when its last reference goes. A slot of a button inside may hold that
reference; then the widget goes while the button does, takes the button along once more, and Qt ends the process. At the
end of the program PySide deletes what is left in any order, so nothing may be left then.
"""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget


def end(window: QWidget) -> None:
    """Delete a closed window now, with all that is in it."""
    window.deleteLater()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete.value)


def keep_unseen(parent: QWidget, *widgets: QWidget) -> None:
    """What is shown in other cases only: it is there, is not seen, and goes with `parent`."""
    for each in widgets:
        each.setParent(parent)
        each.hide()
