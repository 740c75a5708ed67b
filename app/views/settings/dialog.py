"""The settings dialog: a form, and what of it waits for the next start."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.services.settings import Settings
from app.services.wording import tr
from app.views.kit.forms import ModelForm
from app.views.settings.settings_model import ASKED, asked_model, changed


class SettingsDialog(QDialog):
    """`stored` brings what was changed, by name; nothing is written here."""

    stored = Signal(dict)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("settings.title"))
        self._settings = settings
        self.form = ModelForm(asked_model(), area="desk")
        self.form.fill({name: getattr(settings, name) for name in ASKED})
        self.save, self.cancel = QPushButton(tr("settings.save")), QPushButton(tr("settings.cancel"))
        self.save.clicked.connect(self._store)
        self.cancel.clicked.connect(self.reject)
        self._build()

    def _store(self) -> None:
        entered = self.form.settings()
        if entered is not None:
            self.stored.emit(changed(self._settings, entered))
            self.accept()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(8)
        heading, words = QLabel(tr("settings.title")), QLabel(tr("settings.words"))
        heading.setProperty("role", "title")
        words.setProperty("role", "caption")
        words.setWordWrap(True)
        area = QScrollArea(widgetResizable=True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QFrame.Shape.NoFrame)
        self.form.setProperty("role", "plain")
        self.form.setContentsMargins(2, 2, 14, 2)
        area.setWidget(self.form)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.save.setProperty("role", "primary")
        self.save.setDefault(True)
        for button in (self.save, self.cancel):
            buttons.addWidget(button)
        for label in (heading, words):
            column.addWidget(label)
        column.addWidget(area, 1)
        column.addLayout(buttons)
        self.resize(620, 560)
