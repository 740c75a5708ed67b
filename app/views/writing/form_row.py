"""What is being written: an answer, a forward or a note; and the way to throw it away."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.writing.answering import Form

_FORMS = ((Form.ANSWER, "reply"), (Form.FORWARD, "forward"), (Form.NOTE, "note"))
_HINTS = {Form.NOTE: "composer.note_hint", Form.FORWARD: "writing.passed_with"}


class FormRow(QWidget):
    """`wanted` brings the form that was clicked."""

    wanted = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._forms: dict[Form, QToolButton] = {}
        for form, icon in _FORMS:
            self._forms[form] = self._button(form, icon, appearance)
            row.addWidget(self._forms[form])
        self._hint = QLabel()
        self._hint.setProperty("role", "caption")
        row.addWidget(self._hint, 1)
        self.discard = QToolButton()
        self.discard.setProperty("role", "flat")
        self.discard.setToolTip(tr("composer.discard"))
        self.discard.setAccessibleName(tr("composer.discard"))
        appearance.dress(self.discard, "trash", "muted")
        row.addWidget(self.discard)

    def show_form(self, form: Form) -> None:
        self._forms[form].setChecked(True)
        self._hint.setText(f"  {tr(_HINTS[form])}" if form in _HINTS else "")

    def _button(self, form: Form, icon: str, appearance: Appearance) -> QToolButton:
        button = QToolButton()
        button.setText(tr(f"composer.{form.value}"))
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("role", "flat")
        button.clicked.connect(lambda _checked=False: self.wanted.emit(form.value))
        appearance.dress(button, icon, "text")
        return button
