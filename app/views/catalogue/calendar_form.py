"""One calendar, there already or to be added, with the week that comes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from zoneinfo import available_timezones

from PySide6.QtCore import QLocale, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.calendars import Calendar, Closure
from app.models.rules.closure_days import write_days
from app.services.wording import language, tr, tr_error
from app.views.catalogue.calendar_model import (
    DAYS,
    HOLIDAYS,
    NAME,
    ZONE,
    CalendarText,
    new_text,
    read_calendar,
    text_of,
    weekday_field,
)
from app.views.catalogue.coming_days import Coming
from app.views.catalogue.lines import Lines
from app.views.catalogue.week_strip import WeekStrip, day_words, shift_words
from app.views.kit.appearance import Appearance
from app.views.kit.boxes import choose
from app.views.kit.sided import Ending, heading

_PAUSE_MS = 250


class CalendarForm(QWidget):
    """`stored` brings the calendar as it is entered, `removed` the one that is to go, `looked` one whose coming week is
    to be shown with `show_coming`. `file_wanted` asks for closed days out of a file, for `add_closures`."""

    stored = Signal(Calendar)
    removed = Signal(Calendar)
    looked = Signal(Calendar)
    file_wanted = Signal()

    def __init__(
        self,
        calendar: Calendar | None,
        countries: Mapping[str, Sequence[str]],
        appearance: Appearance,
        *,
        zone: str,
        arranges: bool,
    ) -> None:
        super().__init__()
        self._known, self._countries = calendar, countries
        self._id = calendar.id if calendar is not None else new_id()
        text = self._began = text_of(calendar) if calendar is not None else new_text(zone)
        self.name, self.zone = QLineEdit(text.name), _zones(text.zone)
        self.week = [QLineEdit(each) for each in text.week]
        self.country, self.region = QComboBox(), QComboBox()
        self.days = QPlainTextEdit(text.days)
        self.take = QPushButton(tr("catalogue_page.take_days"))
        self.strip = WeekStrip(appearance)
        self.told = QLabel()
        self.lines = Lines()
        self.ending = Ending(may_change=arranges, is_new=calendar is None)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self._fill_places(text)
        self._build(arranges=arranges)
        self._connect()
        self._pause.start(0)

    @property
    def is_touched(self) -> bool:
        """Whether something stands there that is not stored."""
        return self.entered() != self._began

    def entered(self) -> CalendarText:
        return CalendarText(
            self.name.text(),
            self.zone.currentText(),
            tuple(each.text() for each in self.week),
            str(self.country.currentData()),
            str(self.region.currentData() or ""),
            self.days.toPlainText(),
        )

    def show_coming(self, coming: Coming) -> None:
        """What comes of the calendar as it is entered."""
        self.strip.show_days(coming.days)
        self.strip.show()
        lines = [tr("catalogue_page.open_now" if coming.is_open else "catalogue_page.closed_now")]
        if coming.holidays:
            told = ", ".join(f"{day_words(day)} {name}" for day, name in coming.holidays)
            lines.append(tr("catalogue_page.next_holidays", days=told))
        if coming.change is not None:
            day, shift = coming.change
            lines.append(tr("catalogue_page.next_change", day=day_words(day), change=shift_words(shift)))
        self.told.setText("\n".join(lines))

    def add_closures(self, closures: Sequence[Closure]) -> None:
        """Days out of a file, besides those that stand there; they are stored with the rest."""
        lines = [*filter(None, map(str.strip, self.days.toPlainText().splitlines()))]
        lines += [each for each in write_days(closures, {}).splitlines() if each not in lines]
        self.days.setPlainText("\n".join(lines))
        self.days.setFocus()

    def refuse(self, error: KnownError) -> None:
        """The coming week cannot be told."""
        self.lines.tell({HOLIDAYS: tr_error(error)})

    def _look(self) -> None:
        """Tell what is wrong as it is typed, and have the week shown where nothing is."""
        text = self.entered()
        if not text.name.strip():
            text = replace(text, name=tr("catalogue_page.new_calendar"))
        read, wrong = read_calendar(text, self._id, self._known)
        self.lines.mark({name: tr_error(error) for name, error in wrong.items()})
        if read is not None:
            self.looked.emit(read)
        else:
            self.told.setText(tr("catalogue_page.mend_first"))
            self.strip.hide()

    def _store(self) -> None:
        read, wrong = read_calendar(self.entered(), self._id, self._known)
        self.lines.tell({name: tr_error(error) for name, error in wrong.items()})
        if read is not None:
            self.stored.emit(read)

    def _fill_places(self, text: CalendarText) -> None:
        self.country.addItem(tr("catalogue_page.no_holidays"), "")
        for code in sorted(self._countries, key=_country):
            self.country.addItem(_country(code), code)
        choose(self.country, text.country)
        self._fill_regions()
        choose(self.region, text.region)

    def _fill_regions(self) -> None:
        regions = self._countries.get(str(self.country.currentData()), ())
        self.region.clear()
        self.region.addItem(tr("catalogue_page.whole_country"), "")
        for each in regions:
            self.region.addItem(each, each)
        self.region.setEnabled(bool(regions) and self.country.isEnabled())

    def _connect(self) -> None:
        later: Callable[..., None] = lambda *_: self._pause.start()  # noqa: E731
        for line in (self.name, *self.week):
            line.textEdited.connect(later)
        self.days.textChanged.connect(later)
        self.zone.currentTextChanged.connect(later)
        self.country.activated.connect(lambda _place: self._fill_regions())
        for box in (self.country, self.region):
            box.currentIndexChanged.connect(later)
        self.take.clicked.connect(self.file_wanted)
        self.ending.save.clicked.connect(self._store)
        self.ending.remove.clicked.connect(lambda: self.removed.emit(self._known))

    def _build(self, *, arranges: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(heading(self._known.name if self._known else tr("catalogue_page.new_calendar")))
        self.lines.add(NAME, tr("calendar_line.name"), self.name)
        self.lines.add(ZONE, tr("calendar_line.zone"), self.zone)
        locale = QLocale(language())
        for place, entry in enumerate(self.week):
            told = {"hint": tr("catalogue_page.day_hint")} if place == len(self.week) - 1 else {"gap": 0}
            entry.setPlaceholderText(tr("catalogue_page.closed"))
            self.lines.add(weekday_field(place), locale.dayName(place + 1), entry, **told)
        self.lines.add(HOLIDAYS, tr("calendar_line.country"), self.country)
        self.lines.add("region", tr("calendar_line.region"), self.region)
        self.days.setTabChangesFocus(True)
        self.days.setProperty("role", "said")
        self.days.setFixedHeight(86)
        self.lines.add(DAYS, tr("calendar_line.days"), self.days, tr("catalogue_page.days_hint"))
        self.take.setVisible(arranges)
        self.lines.add("file", "", self.take, gap=0)
        column.addWidget(self.lines, 1)
        column.addWidget(self._preview())
        column.addWidget(self.ending)
        self.setFocusProxy(self.name)
        self.days.setReadOnly(not arranges)
        for line in (self.name, *self.week):
            line.setReadOnly(not arranges)
        for box in (self.zone, self.country, self.region):
            box.setEnabled(arranges and box.isEnabled())

    def _preview(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "card")
        column = QVBoxLayout(frame)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        title = QLabel(tr("catalogue_page.coming"))
        title.setProperty("role", "section")
        self.told.setProperty("role", "caption")
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        for each in (title, self.strip, self.told):
            column.addWidget(each)
        return frame


def _zones(chosen: str) -> QComboBox:
    """All time zones; what is typed finds those that have it anywhere in their name."""
    box = QComboBox(editable=True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    names = sorted(available_timezones())
    box.addItems(names)
    completer = QCompleter(names, box)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    box.setCompleter(completer)
    box.setCurrentText(chosen)
    box.setMinimumSize(QSize(120, 0))
    return box


def _country(code: str) -> str:
    """A country as its people call it, with its code."""
    territory = QLocale.codeToTerritory(code)
    if territory == QLocale.Country.AnyCountry:
        return code
    name = QLocale(QLocale.Language.AnyLanguage, territory).nativeTerritoryName()
    return f"{name} ({code})" if name else code
