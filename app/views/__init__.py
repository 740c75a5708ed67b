"""The desktop face: the only place that imports PySide6."""

from app.views.kit.true_references import hold_true

hold_true()
