"""Both sides of a conflict, field by field."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from app.models.records.history import Difference
from app.services.wording import tr
from app.views.conflict.words import theirs_words
from app.views.history.words import field_words, value_words

_COLUMNS = ("field", "saw", "theirs", "mine")


class ConflictDialog(QDialog):
    """What others set is kept unless a person chooses theirs instead: `mine` tells the fields of which they did."""

    def __init__(self, number: int, differences: Sequence[Difference], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("conflict.title", number=number))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.mine: dict[str, QRadioButton] = {}
        hint = QLabel(tr("conflict.hint"))
        hint.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(10)
        for column, name in enumerate(_COLUMNS):
            head = _plain(tr(f"conflict.{name}"))
            head.setProperty("role", "caption")
            self._grid.addWidget(head, 0, column)
        for row, each in enumerate(differences, 1):
            self._add(row, each)
        buttons = QDialogButtonBox()
        self.ok = buttons.addButton(tr("conflict.apply"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(tr("button.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(20, 18, 20, 16)
        column_.setSpacing(16)
        column_.addWidget(hint)
        column_.addLayout(self._grid)
        column_.addStretch()
        column_.addWidget(buttons)
        self.setMinimumWidth(560)

    @property
    def chosen(self) -> frozenset[str]:
        """The fields that are to be set as the person wanted."""
        return frozenset(name for name, button in self.mine.items() if button.isChecked())

    def _add(self, row: int, told: Difference) -> None:
        name = field_words(told.field)
        self._grid.addWidget(_plain(name), row, 0)
        self._grid.addWidget(_plain(value_words(told.field, told.saw)), row, 1)
        if not told.is_wanted:
            self._grid.addWidget(_plain(theirs_words(told)), row, 2)
            return
        sides = QWidget()  # what is within one widget is chosen of
        theirs = QRadioButton(theirs_words(told), sides)
        mine = QRadioButton(value_words(told.field, told.wanted), sides)
        theirs.setAccessibleName(tr("conflict.keep", field=name, value=theirs.text()))
        mine.setAccessibleName(tr("conflict.set", field=name, value=mine.text()))
        theirs.setChecked(True)
        within = QGridLayout(sides)
        within.setContentsMargins(0, 0, 0, 0)
        within.setHorizontalSpacing(18)
        within.addWidget(theirs, 0, 0)
        within.addWidget(mine, 0, 1)
        self._grid.addWidget(sides, row, 2, 1, 2)
        self.mine[told.field] = mine


def _plain(words: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
