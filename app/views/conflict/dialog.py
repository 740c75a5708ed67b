"""Both sides of a conflict, field by field."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.models.records.history import Difference
from app.services.wording import tr
from app.views.conflict.words import by_words
from app.views.history.words import field_words, value_words

_COLUMNS = ("field", "saw", "theirs", "by", "mine")


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

    @property
    def chosen(self) -> frozenset[str]:
        """The fields that are to be set as the person wanted."""
        return frozenset(name for name, button in self.mine.items() if button.isChecked())

    def _add(self, row: int, told: Difference) -> None:
        name = field_words(told.field)
        now = value_words(told.field, told.now)
        self._grid.addWidget(_plain(name), row, 0)
        self._grid.addWidget(_plain(value_words(told.field, told.saw)), row, 1)
        by = _plain(by_words(told))
        by.setProperty("role", "caption")
        self._grid.addWidget(by, row, 3)
        if not told.is_wanted:
            self._grid.addWidget(_plain(now), row, 2)
            return
        wanted = value_words(told.field, told.wanted)
        theirs, mine = QRadioButton(now), QRadioButton(wanted)
        theirs.setAccessibleName(tr("conflict.keep", field=name, value=now))
        mine.setAccessibleName(tr("conflict.set", field=name, value=wanted))
        theirs.setChecked(True)
        sides = QButtonGroup(self)
        for button, column in ((theirs, 2), (mine, 4)):
            sides.addButton(button)
            self._grid.addWidget(button, row, column)
        self.mine[told.field] = mine


def _plain(words: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
