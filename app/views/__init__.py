"""The desktop face: the only place that imports PySide6."""

from app.views.kit.immortal import hold_constants

hold_constants()
