"""Applications, vendors, calendars and targets: a page each, in one dialog."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimeZone, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout, QWidget

from app.models.errors import KnownError
from app.models.records.applications import ApplicationCard, Vendor
from app.models.records.calendars import Calendar
from app.models.rules.opening_hours import is_zone
from app.models.rules.permissions import Action, may
from app.services.desk import Desk
from app.services.wording import tr, tr_error
from app.views.catalogue.calendar_form import CalendarForm
from app.views.catalogue.card_form import CardForm
from app.views.catalogue.control import CatalogueControl
from app.views.catalogue.known import Known
from app.views.catalogue.targets_page import TargetsPage
from app.views.catalogue.vendor_form import VendorForm
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner
from app.views.kit.pages import Pages
from app.views.kit.sided import SidedPage, SidedWords
from app.views.kit.task_runner import TaskRunner

PAGES = ("applications", "vendors", "calendars", "targets")
_ICONS = {"applications": "application", "vendors": "organisation", "calendars": "clock"}
_GOOD_NEWS_MS = 8_000


class CatalogueDialog(QDialog):
    """Everybody may look; who arranges may change. `tree_wanted` brings the application whose tree is to be shown."""

    tree_wanted = Signal(UUID)

    def __init__(self, desk: Desk, runner: TaskRunner, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("catalogue_page.title"))
        self._appearance = appearance
        self._arranges = desk.actor is not None and may(desk.actor, Action.ARRANGE)
        self._administers = desk.actor is not None and may(desk.actor, Action.ADMINISTER)
        self._known = Known()
        self.control = CatalogueControl(desk, runner, self)
        self.told = Banner(appearance)
        self.applications = self._sided("applications", self._card_form, may_add=self._administers)
        self.vendors = self._sided("vendors", self._vendor_form, may_add=self._arranges)
        self.calendars = self._sided("calendars", self._calendar_form, may_add=self._arranges)
        self.targets = TargetsPage(arranges=self._arranges)
        self._pages = Pages(tr("catalogue_page.title"), self.told)
        self._build()
        self._connect()
        self.control.look()

    def show_page(self, name: str) -> None:
        """One of `PAGES`."""
        page: SidedPage | TargetsPage = getattr(self, name)
        self._pages.show_page(page)
        (page.list if isinstance(page, SidedPage) else page.application).setFocus()

    def _connect(self) -> None:
        self.control.listed.connect(self._show)
        self.control.unread.connect(self._unread)
        self.control.stored.connect(self._stored)
        self.control.removed.connect(self._removed)
        self.control.failed.connect(lambda error: self.told.tell("error", tr_error(error)))
        self.targets.stored.connect(
            lambda found, scope: self.control.store_targets(found, scope, tr("catalogue_page.targets"))
        )

    def _sided(self, name: str, make: Callable[[Any], QWidget], *, may_add: bool) -> SidedPage:
        words = SidedWords(
            tr(f"catalogue_page.{name}"),
            tr(f"catalogue_new.{name}"),
            tr(f"catalogue_none.{name}"),
            tr(f"catalogue_none_hint.{name}"),
            _ICONS[name],
            "" if may_add else tr("catalogue_page.add_by_administrators" if self._arranges else "catalogue_page.look"),
        )
        return SidedPage(words, self._appearance, make)

    def _show(self, known: Known) -> None:
        before, self._known = self._known, known
        self.applications.show_items(known.cards, anew=_offered(known) != _offered(before))
        self.vendors.show_items(known.vendors, anew=known.calendars != before.calendars)
        self.calendars.show_items(known.calendars)
        self.targets.show_known(known)

    def _unread(self, error: KnownError) -> None:
        for page in (self.applications, self.vendors, self.calendars):
            page.fail(tr_error(error), self.control.look)

    def _stored(self, identity: UUID, name: str) -> None:
        self.told.tell("success", tr("catalogue_page.stored", name=name), milliseconds=_GOOD_NEWS_MS)
        page = self._pages.current
        if isinstance(page, SidedPage):
            page.saved(identity)
        self.control.look()

    def _removed(self, name: str) -> None:
        self.told.tell("success", tr("catalogue_page.removed", name=name), milliseconds=_GOOD_NEWS_MS)
        self.control.look()

    def _card_form(self, card: ApplicationCard | None) -> CardForm:
        form = CardForm(card, self._known, arranges=self._arranges, administers=self._administers)
        form.stored.connect(self.control.store_card)
        form.tree_wanted.connect(self.tree_wanted)
        name = card.name if card is not None else ""
        form.template_wanted.connect(lambda identity: self.control.take_template(identity, name))
        return form

    def _vendor_form(self, vendor: Vendor | None) -> VendorForm:
        form = VendorForm(vendor, self._known, arranges=self._arranges)
        form.stored.connect(self.control.store_vendor)
        form.removed.connect(self.control.remove_vendor)
        return form

    def _calendar_form(self, calendar: Calendar | None) -> CalendarForm:
        countries, zone = self._known.countries, self._zone()
        form = CalendarForm(calendar, countries, self._appearance, zone=zone, arranges=self._arranges)
        form.stored.connect(self.control.store_calendar)
        form.removed.connect(self.control.remove_calendar)
        form.looked.connect(partial(self._foresee, form))
        form.file_wanted.connect(partial(self._take_days, form))
        return form

    def _take_days(self, form: CalendarForm) -> None:
        file, _ = QFileDialog.getOpenFileName(self, tr("catalogue_page.take_days"), "", "iCalendar (*.ics)")
        if file:
            zone = form.entered().zone
            self.control.read_closures(form, Path(file), zone if is_zone(zone) else "UTC", form.add_closures)

    def _foresee(self, form: CalendarForm, calendar: Calendar) -> None:
        self.control.foresee(form, calendar, form.show_coming, form.refuse)

    def _zone(self) -> str:
        """Where a new calendar begins: in the zone of those there are, else in this machine's."""
        if self._known.calendars:
            return self._known.calendars[0].zone
        here = QTimeZone.systemTimeZoneId().toStdString()
        return here if is_zone(here) else "UTC"

    def _build(self) -> None:
        for name in PAGES:
            self._pages.add(tr(f"catalogue_page.{name}"), getattr(self, name))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self.resize(980, 800)


def _offered(known: Known) -> tuple[object, ...]:
    """What a card is chosen from, and what is said beside it."""
    return known.vendors, known.calendars, known.teams, known.agents, known.own_trees
