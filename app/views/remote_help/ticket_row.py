"""Below a ticket's heading: the scripts that are proposed for it, each a click away, and how many ran."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy

from app.services.remote_help.offering import Offer, Offered
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.remote_help.chooser_model import proposed
from app.views.remote_help.model import RISK_LOOKS, name_of, reason_words, risk_words

_MOST = 3


class TicketRow(QFrame):
    """Hidden where nothing is proposed and nothing ran. `wanted` brings the script, `runs_wanted` asks what ran."""

    wanted = Signal(Offered)
    runs_wanted = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("role", "toolbar")
        self.words, self.runs = QLabel(tr("remote_view.proposed")), QPushButton()
        self.words.setProperty("role", "caption")
        self.runs.setProperty("role", "link")
        self.runs.clicked.connect(self.runs_wanted)
        self.buttons: list[QPushButton] = []
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(16, 4, 12, 4)
        self._line.setSpacing(6)
        self._line.addWidget(self.words)
        self._line.addWidget(self.runs)
        self._line.addStretch(1)
        self.hide()

    def show_offer(self, offer: Offer, runs: int) -> None:
        for each in self.buttons:
            self._line.removeWidget(each)
            each.deleteLater()
        found = proposed(offer, _MOST)
        self.buttons = [self._button(each) for each in found]
        for place, button in enumerate(self.buttons, 1):
            self._line.insertWidget(place, button)
        self.words.setVisible(bool(found))
        self.runs.setText(tr("remote_view.ran", count=runs))
        self.runs.setVisible(bool(runs))
        self.setVisible(bool(found or runs))

    def _button(self, offered: Offered) -> QPushButton:
        button = QPushButton(name_of(offered.manifest))
        why = reason_words(offered.proposal)
        told = ". ".join((name_of(offered.manifest), risk_words(offered.manifest), why))
        button.setToolTip(told)
        button.setAccessibleName(told)
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._appearance.dress(button, *RISK_LOOKS[offered.manifest.risk])
        button.clicked.connect(lambda: self.wanted.emit(offered))
        return button
