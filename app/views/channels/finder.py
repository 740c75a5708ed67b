"""Asks for an address, and shows which channel it needs and why."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.services.mailbox_discovery import Found
from app.services.wording import tr
from app.views.channels.accounts_model import kind_words
from app.views.kit.appearance import Appearance
from app.views.kit.findings import Findings
from app.views.kit.forms import TITLES


class Finder(QWidget):
    """`asked` brings the address whose settings are looked for."""

    asked = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.address = _Line()
        self.button = QPushButton(tr("channels.find.button"))
        self.findings = Findings(appearance)
        self.address.setPlaceholderText(tr("channels.find.example"))
        self.address.setAccessibleName(tr("channels.find.address"))
        self.address.setAccessibleDescription(tr("channels.find.hint"))
        self.address.entered.connect(self.button.click)
        self.button.clicked.connect(self._ask)
        self._build()

    def looking(self) -> None:
        self.button.setEnabled(False)
        self.findings.working(tr("channels.find.looking"))

    def found(self, found: Found) -> None:
        """Say what is proposed and what for; what was seen stands below."""
        self.button.setEnabled(True)
        seen = [tr(f"discovery.evidence.{each.code}", **each.facts) for each in found.evidence]
        proposal = found.proposal
        if proposal is None:
            self.findings.tell("info", "accent", tr("discovery.nothing", address=found.address), seen)
            return
        reason = tr(f"discovery.reason.{proposal.reason}")
        sure = tr("discovery.sure" if proposal.is_sure else "discovery.unsure")
        heading = tr("discovery.settings", kind=kind_words(proposal.kind))
        self.findings.tell("check", "success", heading, [reason, *seen, sure])

    def refused(self, words: str) -> None:
        self.button.setEnabled(True)
        self.findings.tell("error", "danger", words, [])

    def _ask(self) -> None:
        address = self.address.text().strip()
        if address:
            self.asked.emit(address)
        else:
            self.address.setFocus()

    def _build(self) -> None:
        label = QLabel(tr("channels.find.address"))
        label.setBuddy(self.address)
        label.setFixedWidth(TITLES)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(label)
        row.addWidget(self.address, 1)
        row.addWidget(self.button)
        hint = QLabel(tr("channels.find.hint"))
        hint.setProperty("role", "caption")
        hint.setWordWrap(True)
        hint.setContentsMargins(TITLES + 14, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(hint)
        column.addWidget(self.findings)


class _Line(QLineEdit):
    """Enter looks for the settings, and does not press the dialog's own button."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            event.accept()
            return
        super().keyPressEvent(event)
