"""What only the window can try of itself, for `firstline --selftest`."""

import os
from collections.abc import Callable, Mapping
from typing import Any


def window() -> dict[str, Any]:
    """Show a window in the desk's clothes, and look at it: there must be words and an icon to see.

    Draws without a screen unless a platform is named. Qt is imported here and not above, so that a missing library
    of it is told in the report.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QSize, qVersion  # noqa: PLC0415
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication, QPushButton  # noqa: PLC0415

    from app.views.kit.appearance import Appearance  # noqa: PLC0415

    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication(["firstline"])
    button = QPushButton("Firstline")
    appearance = Appearance(application, "light")
    button.setIcon(appearance.icon("app"))
    button.setIconSize(QSize(32, 32))
    button.resize(320, 120)
    button.show()
    picture = button.grab().toImage()
    button.close()
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)}
    if len(colours) < 5:
        raise ValueError(f"the window shows {len(colours)} colours: no text, no icon")
    return {"qt": qVersion(), "screen": QGuiApplication.platformName(), "colours": len(colours)}


CHECKS: Mapping[str, Callable[[], dict[str, Any]]] = {"window": window}
