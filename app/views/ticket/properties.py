"""What a ticket is, beside its conversation, and changing it in place."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from app.models.records.desk import Agent, Application, Team
from app.models.records.people import PersonCard
from app.models.records.tickets import Priority, Status, TicketView
from app.services.wording import tr


class Properties(QWidget):
    """`changed` brings the name of a property and the value that was chosen for it."""

    changed = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._boxes: dict[str, QComboBox] = {}
        self._heading = QLabel()
        self._heading.setProperty("heading", True)
        self._heading.setWordWrap(True)
        self._card = QLabel()
        self._card.setWordWrap(True)
        self._card.setTextFormat(Qt.TextFormat.PlainText)
        self._card.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._links = QLabel()
        self._links.setWordWrap(True)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for name in ("status", "priority", "assignee", "team", "application"):
            box = QComboBox()
            box.setAccessibleName(tr(f"column.{name}"))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.activated.connect(lambda _place, name=name: self._chose(name))
            self._boxes[name] = box
            form.addRow(tr(f"column.{name}"), box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addWidget(self._heading)
        layout.addLayout(form)
        layout.addSpacing(8)
        layout.addWidget(self._card)
        layout.addWidget(self._links)
        layout.addStretch(1)
        self._fill("status", [(tr(f"status.{each.value}"), each) for each in Status])
        self._fill("priority", [(each.name, each) for each in Priority])
        self.setEnabled(False)

    def offer(self, agents: Sequence[Agent], teams: Sequence[Team], applications: Sequence[Application]) -> None:
        """Who and what there is to choose from."""
        self._fill("assignee", [(tr("ticket.nobody"), None), *((each.name, each.id) for each in agents if each.active)])
        self._fill("team", [(tr("ticket.no_team"), None), *((each.name, each.id) for each in teams)])
        self._fill(
            "application", [(tr("ticket.no_application"), None), *((each.name, each.id) for each in applications)]
        )

    def show_ticket(self, ticket: TicketView | None) -> None:
        self.setEnabled(ticket is not None)
        if ticket is None:
            for each in (self._heading, self._card, self._links):
                each.clear()
            return
        self._heading.setText(f"#{ticket.row.number}  {ticket.row.subject or tr('ticket.no_subject')}")
        values = {
            "status": ticket.row.status,
            "priority": ticket.row.priority,
            "assignee": ticket.assignee_id,
            "team": ticket.team_id,
            "application": ticket.application_id,
        }
        for name, value in values.items():
            self._select(self._boxes[name], value)
        self._card.setText(card_words(ticket.requester))
        self._links.setText(links_words(ticket))

    def focus(self, name: str) -> None:
        """Put the keyboard on a property and open its choices."""
        self._boxes[name].setFocus()
        self._boxes[name].showPopup()

    def _fill(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        box = self._boxes[name]
        current = box.currentData()
        box.clear()
        for words, value in choices:
            box.addItem(words, value)
        self._select(box, current)

    def _select(self, box: QComboBox, value: Any) -> None:
        plain = value.value if isinstance(value, Enum) else value
        for place in range(box.count()):
            data = box.itemData(place)
            if (data.value if isinstance(data, Enum) else data) == plain:
                box.setCurrentIndex(place)

    def _chose(self, name: str) -> None:
        self.changed.emit(name, self._boxes[name].currentData())


def card_words(card: PersonCard | None) -> str:
    """Who asks, how to reach them, what else they asked."""
    if card is None:
        return ""
    lines = [card.name, *([card.organisation] if card.organisation else [])]
    lines += [each.value for each in card.identities if each.value != card.name]
    if card.recent:
        lines += ["", tr("ticket.recent"), *(f"#{number}  {subject}" for number, subject in card.recent)]
    return "\n".join(lines)


def links_words(ticket: TicketView) -> str:
    """Tickets tied to this one."""
    lines = [f"{tr(f'link.{each.kind.value}')} #{each.number}  {each.subject}" for each in ticket.links]
    if ticket.merged_into is not None:
        lines.insert(0, tr("ticket.merged_into", number=ticket.merged_into))
    return "\n".join(lines)
