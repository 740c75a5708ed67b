"""How much a script can do, by picture and word."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from app.models.records.scripts import Manifest
from app.views.kit.appearance import Appearance
from app.views.remote_help.model import RISK_LOOKS, risk_words

_LEVELS = {"success": "success", "info": "info", "warning": "warning"}


class RiskBadge(QFrame):
    """Never told by its colour alone."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance, self._look = appearance, ("search", "success")
        self.setProperty("role", "banner")
        self.words, self._picture = QLabel(), QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 10, 3)
        row.setSpacing(6)
        row.addWidget(self._picture)
        row.addWidget(self.words)
        appearance.follow(self, _paint)

    def show_risk(self, manifest: Manifest) -> None:
        self._look = RISK_LOOKS[manifest.risk]
        self.words.setText(risk_words(manifest))
        self.setAccessibleName(self.words.text())
        self.setProperty("level", _LEVELS[self._look[1]])
        for each in (self, self.words):
            each.style().unpolish(each)
            each.style().polish(each)
        self.paint_icon()

    def paint_icon(self) -> None:
        self._picture.setPixmap(self._appearance.icon(*self._look).pixmap(15, 15))


def _paint(badge: QObject) -> None:
    assert isinstance(badge, RiskBadge)
    badge.paint_icon()
