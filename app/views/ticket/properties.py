"""What a ticket is, beside its conversation, and changing it in place."""

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.models.records.desk import Actor
from app.models.records.tickets import TicketView
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.elided import ElidedLabel
from app.views.ticket.properties_model import NAMES, Choice, Offers, PropertiesView, properties

_ASSIGNED = ("assignee",)
_BESIDE_LINK = 44


class Properties(QScrollArea):
    """`changed` brings the name of a property and what was chosen for it; `number_clicked` another ticket's number."""

    changed = Signal(str, object)
    number_clicked = Signal(int)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._offers = Offers()
        self._boxes: dict[str, QComboBox] = {}
        self._may: dict[str, bool] = {}
        self._resting = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(205)
        inner = QWidget()
        inner.setProperty("role", "plain")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(14, 12, 14, 12)
        self._column.setSpacing(3)
        for name in NAMES:
            self._column.addWidget(self._caption(tr(f"column.{name}")))
            self._column.addWidget(self._box(name))
            self._column.addSpacing(5)
        self._facts = QWidget()
        self._column.addWidget(self._facts)
        self._column.addStretch(1)
        self.setWidget(inner)
        self.hide()

    def offer(self, offers: Offers) -> None:
        self._offers = offers

    def show_ticket(self, ticket: TicketView | None, actor: Actor | None) -> None:
        self.setVisible(ticket is not None)
        if ticket is None:
            return
        view = properties(ticket, actor, self._offers)
        for name, box in self._boxes.items():
            if not box.view().isVisible():  # somebody is choosing right now
                _fill(box, self._offers.choices(name, ticket), view.values[name])
            self._may[name] = view.may_assign if name in _ASSIGNED else view.may_change
        self.rest(self._resting)
        self._show_facts(view)

    def rest(self, resting: bool) -> None:
        """While it rests nothing can be changed here, whatever the rules say."""
        self._resting = resting
        for name, box in self._boxes.items():
            box.setEnabled(self._may.get(name, False) and not resting)

    def add_panel(self, widget: QWidget) -> None:
        """Something between what can be changed and what is known."""
        self._column.insertWidget(self._column.indexOf(self._facts), widget)

    def box(self, name: str) -> QComboBox:
        return self._boxes[name]

    def _box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(tr(f"column.{name}"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.activated.connect(lambda _place: self.changed.emit(name, box.currentData()))
        self._boxes[name] = box
        return box

    def _show_facts(self, view: PropertiesView) -> None:
        """The lower half is made anew: there are few words in it, and their number differs."""
        facts = QWidget()
        column = QVBoxLayout(facts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        if view.owner:
            column.addWidget(self._caption(tr("ticket.owner")))
            column.addWidget(_words(view.owner))
        if view.requester:
            column.addWidget(self._caption(tr("ticket.requester"), above=10))
            column.addWidget(self._card(view))
        if view.tags:
            column.addWidget(self._caption(tr("ticket.tags"), above=10))
            column.addWidget(_words(view.tags))
        self._numbers(column, tr("ticket.links"), view.links)
        recent = [(f"#{number}  {subject}", number) for number, subject in view.recent]
        self._numbers(column, tr("ticket.recent"), recent)
        if view.reasons:
            column.addWidget(self._caption(tr("ticket.why"), above=10))
            for each in view.reasons:
                column.addWidget(_words(f"•  {_breakable(each)}", role="caption"))
        self._column.replaceWidget(self._facts, facts)
        self._facts.deleteLater()
        self._facts = facts

    def _card(self, view: PropertiesView) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(5)
        column.addWidget(_words(view.requester, role="heading"))
        lines = ([("organisation", view.organisation)] if view.organisation else []) + list(view.ways)
        for icon, words in lines:
            row = QHBoxLayout()
            row.setSpacing(7)
            picture = QLabel()
            picture.setPixmap(self._appearance.icon(icon, "muted").pixmap(16, 16))
            row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
            line = ElidedLabel(words)
            line.setProperty("role", "caption")
            row.addWidget(line, 1)
            column.addLayout(row)
        if view.notes:
            column.addWidget(_words(view.notes, role="caption"))
        return card

    def _numbers(self, column: QVBoxLayout, heading: str, lines: Sequence[tuple[str, int]]) -> None:
        if not lines:
            return
        column.addWidget(self._caption(heading, above=10))
        for words, number in lines:
            room = self.viewport().width() - _BESIDE_LINK
            button = QPushButton(self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room))
            button.setProperty("role", "link")
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.clicked.connect(lambda _checked=False, number=number: self.number_clicked.emit(number))
            column.addWidget(button)

    @staticmethod
    def _caption(words: str, above: int = 0) -> QLabel:
        label = QLabel(words)
        label.setProperty("role", "section")
        label.setContentsMargins(0, above, 0, 0)
        return label


def _fill(box: QComboBox, choices: Sequence[Choice], value: Any) -> None:
    box.clear()
    for place, each in enumerate(choices):
        box.addItem(each.words, each.value)
        if each.value is value or (each.value is not None and each.value == value):
            box.setCurrentIndex(place)


def _words(words: str, role: str = "") -> QLabel:
    label = QLabel(words)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(
        QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
    )  # a long word must not widen the panel
    if role:
        label.setProperty("role", role)
    return label


def _breakable(words: str) -> str:
    """A Message-ID is one endless word: let it break behind its signs."""
    return re.sub(r"([@._-])(?=\w)", "\\1\u200b", words)
