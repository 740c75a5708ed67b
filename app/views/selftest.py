"""What a self-test of the program asks of the desktop face: can it draw a window with words, icons and pictures?

Qt is imported inside the checks, so that a library of it that is missing is told in the report.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

_NEEDED_FORMATS = {"png", "jpg", "gif", "svg"}


def _window() -> dict[str, Any]:
    """A window is built, drawn in both themes, and is neither empty nor the same in both."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import qVersion  # noqa: PLC0415
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

    from app.views.kit.appearance import Appearance, font  # noqa: PLC0415
    from app.views.kit.application import application  # noqa: PLC0415
    from app.views.kit.states import StateView  # noqa: PLC0415

    appearance = Appearance(application(), "light")
    view = StateView(appearance)
    view.empty("inbox", "Firstline", "self-test")
    view.resize(320, 200)
    view.show()
    colours = {}
    for name in ("light", "dark"):
        appearance.choose("dark" if name == "dark" else "light")
        drawn = view.grab().toImage()
        colours[name] = {drawn.pixel(x, y) for x in range(0, 320, 2) for y in range(0, 200, 2)}
    view.close()
    view.deleteLater()
    if min(map(len, colours.values())) < 3 or colours["light"] == colours["dark"]:
        raise RuntimeError("the window was drawn empty")
    return {"qt": qVersion(), "platform": QGuiApplication.platformName(), "font": font().family()}


def _pictures() -> dict[str, Any]:
    """The picture formats that mails bring can be read."""
    from PySide6.QtGui import QImageReader  # noqa: PLC0415

    known = {bytes(each.data()).decode() for each in QImageReader.supportedImageFormats()}
    if missing := _NEEDED_FORMATS - known:
        raise RuntimeError(f"Qt cannot read {', '.join(sorted(missing))}")
    return {"formats": sorted(known)}


CHECKS: Mapping[str, Callable[[], dict[str, Any]]] = {"window": _window, "pictures": _pictures}
