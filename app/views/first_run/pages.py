"""The pages of the first run. No logic: what they bring is decided elsewhere."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.records.desk import Agent
from app.services.joining import Server
from app.services.wording import tr
from app.views.channels.page import ChannelPage
from app.views.first_run.steps import Way, new_person_model, person_words
from app.views.kit.appearance import Appearance
from app.views.kit.findings import Findings
from app.views.kit.forms import TITLES, ModelForm

_ICONS = {Way.LOOK: "open", Way.HERE: "database", Way.SHARED: "team"}
_PICTURE = 26


class WayPage(QWidget):
    """Which way to begin: cards with a radio button each, that arrow keys walk."""

    def __init__(self, appearance: Appearance, ways: Sequence[Way]) -> None:
        super().__init__()
        self.buttons: dict[Way, QRadioButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for each in ways:
            column.addWidget(self._card(each, appearance))
        column.addStretch(1)
        self.buttons[ways[0]].setChecked(True)

    @property
    def way(self) -> Way:
        return next(way for way, button in self.buttons.items() if button.isChecked())

    def _card(self, way: Way, appearance: Appearance) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 14, 16, 14)
        row.setSpacing(14)
        picture = QLabel()
        picture.setPixmap(appearance.icon(_ICONS[way], "accent").pixmap(_PICTURE, _PICTURE))
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(3)
        button = QRadioButton(tr(f"first_run.way.{way}"))
        button.setAccessibleDescription(tr(f"first_run.way_hint.{way}"))
        hint = QLabel(tr(f"first_run.way_hint.{way}"))
        hint.setProperty("role", "caption")
        hint.setWordWrap(True)
        words.addWidget(button)
        words.addWidget(hint)
        row.addLayout(words, 1)
        self._group.addButton(button)
        self.buttons[way] = button
        return card


class ServerPage(QWidget):
    """Where a shared database is, with a button that looks whether it is there."""

    tried = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.form = ModelForm(Server, ("password",), "server")
        self.findings = Findings(appearance)
        self.test = QPushButton(tr("first_run.test"))
        self.test.clicked.connect(self.tried)
        self.form.changed.connect(self.findings.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(scrolled(self.form), 1)
        column.addWidget(self.findings)
        row = QHBoxLayout()
        row.addWidget(self.test)
        row.addStretch(1)
        column.addLayout(row)


class PersonPage(QWidget):
    """Who works here: one of the staff where there is one, else the first person of a new desk."""

    def __init__(self) -> None:
        super().__init__()
        self.known, self.new = QComboBox(), ModelForm(new_person_model())
        self._people: Sequence[Agent] = ()
        self.known.setAccessibleName(tr("first_run.who"))
        self._label = QLabel(tr("first_run.who"))
        self._label.setBuddy(self.known)
        self._label.setFixedWidth(TITLES)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._label)
        row.addWidget(self.known, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.new)
        column.addStretch(1)
        self.ask_of(())

    def ask_of(self, people: Sequence[Agent]) -> None:
        """Offer these; who was chosen before stays so."""
        if people != self._people:
            self._people = people
            self.known.clear()
            self.known.addItems(person_words(people))
        for widget in (self._label, self.known):
            widget.setVisible(bool(people))
        self.new.setVisible(not people)

    @property
    def person(self) -> Agent | None:
        """Who was chosen of those offered."""
        place = self.known.currentIndex()
        return self._people[place] if 0 <= place < len(self._people) else None

    def focus(self) -> None:
        (self.known if self._people else self.new.entry("name")).setFocus()


class MailboxPage(ChannelPage):
    """A channel's page whose own button to add it is the wizard's."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(None, (), appearance, may_change=True)
        self.store.hide()


def scrolled(inner: QWidget) -> QScrollArea:
    """A form is as high as its words are."""
    area = QScrollArea(widgetResizable=True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inner.setProperty("role", "plain")
    inner.setContentsMargins(2, 2, 14, 2)
    area.setWidget(inner)
    return area
