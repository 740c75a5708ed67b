"""The card of one application, there already or to be added."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.models.identifiers import new_id
from app.models.records.applications import ApplicationCard, ApplicationKind, Criticality, Duty
from app.models.records.desk import Audience, SupportModel
from app.services.wording import tr
from app.views.catalogue.card_model import card_words, people_of, template_words
from app.views.catalogue.known import Known
from app.views.catalogue.lines import Lines
from app.views.kit.boxes import choose
from app.views.kit.choice import Choice
from app.views.kit.sided import Ending, heading


class CardForm(QWidget):
    """`stored` brings the card as it is entered and as it was before (None: new).

    `tree_wanted` brings the application whose tree is to be shown, `template_wanted` the one that is to go by its
    template again.
    """

    stored = Signal(ApplicationCard, object)
    tree_wanted = Signal(UUID)
    template_wanted = Signal(UUID)

    def __init__(self, card: ApplicationCard | None, known: Known, *, arranges: bool, administers: bool) -> None:
        super().__init__()
        self._is_new = card is None
        self._own_tree = card is not None and card.id in known.own_trees
        self._card = card or ApplicationCard(new_id(), "", Audience.INTERNAL, SupportModel.TIERED)
        self.name, self.runbook = QLineEdit(self._card.name), QLineEdit(self._card.runbook)
        self.kind = _box((tr(f"application_kind.{each}"), each) for each in ApplicationKind)
        self.audience = _box((tr(f"audience.{each}"), each) for each in Audience)
        self.support_model = _box((tr(f"support_model.{each}"), each) for each in SupportModel)
        self.criticality = _box((tr(f"criticality.{each.value}"), each) for each in Criticality)
        none = tr("catalogue_page.none")
        self.team = _box([(none, None), *((each.name, each.id) for each in known.teams)])
        always = tr("catalogue_page.round_the_clock")
        self.calendar = _box([(always, None), *((each.name, each.id) for each in known.calendars)])
        self.vendor = _box([(none, None), *((each.name, each.id) for each in known.vendors)])
        self.restricted = QCheckBox()
        staff = [(each.name, each.id) for each in known.agents if each.active or each.id in dict(self._card.people)]
        self.people = {
            duty: Choice(tr(f"duty.{duty}"), staff, people_of(self._card, duty), tr("catalogue_page.nobody"))
            for duty in Duty
        }
        self.template = QLabel()
        self.open_runbook = QPushButton(tr("catalogue_page.open"))
        self.show_tree = QPushButton(tr("catalogue_page.show_tree"))
        self.take_template = QPushButton(tr("catalogue_page.take_template"))
        self.lines = Lines()
        self.ending = Ending(may_change=arranges, is_new=self._is_new)
        self._fill()
        self._build()
        self._connect()
        for entry in (self.name, self.team, self.restricted):
            entry.setEnabled(administers)
        if not arranges:
            self._only_look()
        self._tell_template()

    @property
    def is_touched(self) -> bool:
        """Whether something stands there that is not stored."""
        return self.entered() != self._card

    def entered(self) -> ApplicationCard:
        """The card as it stands there; its name may be missing."""
        people = tuple(sorted((who, duty) for duty, choice in self.people.items() for who in choice.chosen))
        return replace(
            self._card,
            name=self.name.text().strip(),
            audience=Audience(self.audience.currentData()),
            support_model=SupportModel(self.support_model.currentData()),
            kind=ApplicationKind(self.kind.currentData()),
            criticality=Criticality(self.criticality.currentData()),
            team_id=self.team.currentData(),
            calendar_id=self.calendar.currentData(),
            vendor_id=self.vendor.currentData(),
            runbook=self.runbook.text().strip(),
            restricted=self.restricted.isChecked(),
            people=people,
        )

    def _store(self) -> None:
        card = self.entered()
        self.lines.tell({} if card.name else {"name": tr("error.application.no_name")})
        if card.name:
            self.stored.emit(card, None if self._is_new else self._card)

    def _fill(self) -> None:
        card = self._card
        for box, value in (
            (self.kind, card.kind),
            (self.audience, card.audience),
            (self.support_model, card.support_model),
            (self.criticality, card.criticality),
            (self.team, card.team_id),
            (self.calendar, card.calendar_id),
            (self.vendor, card.vendor_id),
        ):
            choose(box, value)
        self.restricted.setChecked(card.restricted)

    def _connect(self) -> None:
        for box in (self.kind, self.audience, self.support_model):
            box.currentIndexChanged.connect(lambda _place: self._tell_template())
        self.ending.save.clicked.connect(self._store)
        self.show_tree.clicked.connect(lambda: self.tree_wanted.emit(self._card.id))
        self.take_template.clicked.connect(lambda: self.template_wanted.emit(self._card.id))
        self.open_runbook.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._card.runbook)))

    def _only_look(self) -> None:
        for each in (self.kind, self.audience, self.support_model, self.criticality, self.calendar, self.vendor):
            each.setEnabled(False)
        for choice in self.people.values():
            choice.setEnabled(False)
        self.runbook.setReadOnly(True)
        self.take_template.hide()

    def _tell_template(self) -> None:
        self.template.setText(template_words(self.entered(), own_tree=self._own_tree))

    def _build(self) -> None:
        title = tr("catalogue_page.new_application") if self._is_new else self._card.name
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(heading(title, "" if self._is_new else card_words(self._card)))
        add: Callable[..., None] = lambda name, entry, hint="": self.lines.add(  # noqa: E731
            name, tr(f"card.{name}"), entry, hint
        )
        add("name", self.name)
        add("kind", self.kind)
        add("audience", self.audience)
        add("support_model", self.support_model, self.template)
        add("criticality", self.criticality)
        add("calendar", self.calendar, tr("catalogue_page.hours_hint"))
        add("team", self.team, tr("catalogue_page.team_hint"))
        for duty, choice in self.people.items():
            self.lines.add(duty.value, tr(f"duty.{duty}"), choice)
        add("vendor", self.vendor)
        add("runbook", _with_button(self.runbook, self.open_runbook))
        add("restricted", self.restricted, tr("catalogue_page.restricted_words"))
        column.addWidget(self.lines, 1)
        self.runbook.setPlaceholderText("https://")
        self.open_runbook.setVisible(bool(self._card.runbook))
        self.show_tree.setVisible(not self._is_new)
        self.take_template.setVisible(self._own_tree)
        for place, each in enumerate((self.show_tree, self.take_template)):
            each.setAutoDefault(False)
            self.ending.row.insertWidget(place, each)
        self.ending.remove.hide()
        column.addWidget(self.ending)
        self.setFocusProxy(self.name)


def _box(choices: Iterable[tuple[str, object]]) -> QComboBox:
    box = QComboBox()
    for words, value in choices:
        box.addItem(words, value)
    return box


def _with_button(line: QLineEdit, button: QPushButton) -> QWidget:
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(line, 1)
    row.addWidget(button)
    line.setAccessibleName(tr("card.runbook"))
    button.setAutoDefault(False)
    whole.setFocusProxy(line)
    return whole
