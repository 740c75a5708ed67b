"""What is known of the chosen step or edge, in words beside the picture."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.services.wording import tr
from app.views.tree.details_model import Section


class TreeDetails(QScrollArea):
    """Titled sections below each other; reached by Tab, so that they can be scrolled and read out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("tree_view.details"))
        self.show_sections("", ())

    def show_sections(self, heading: str, sections: Sequence[Section], hint: str = "") -> None:
        """`hint` stands where there is nothing else."""
        inner = QWidget()
        inner.setProperty("role", "plain")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 14, 12)
        column.setSpacing(3)
        if heading:
            column.addWidget(_label(heading, "title"))
        for section in sections:
            column.addSpacing(9)
            column.addWidget(_label(section.title, "section"))
            for line in section.lines:
                column.addWidget(_label(line, "problem" if section.is_bad else ""))
        if not sections and hint:
            column.addWidget(_label(hint, "caption"))
        column.addStretch(1)
        self.setWidget(inner)
        told = [f"{each.title}: {', '.join(each.lines)}" for each in sections]
        self.setAccessibleDescription("; ".join([heading, *told] if heading else [hint]))


def _label(words: str, role: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
