"""Pictures of applications, vendors, calendars and targets."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from app.models.identifiers import new_id
from app.models.records.applications import Vendor
from app.models.records.calendars import Calendar, Closure, Span
from app.models.records.desk import Role
from app.services import applications
from app.services.sla import arranging, calendars
from app.views.catalogue.calendar_form import CalendarForm
from app.views.catalogue.dialog import CatalogueDialog
from app.views.catalogue.part import CataloguePart
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle

_MORNING, _AFTERNOON = Span(9 * 3600, 12 * 3600), Span(13 * 3600, 17 * 3600 + 1800)


def _arranged(window: MainWindow) -> None:
    """A calendar and a vendor, unless an earlier picture left them."""
    desk = window.shell.desk
    if calendars.listed(desk.database):
        return
    day = (_MORNING, _AFTERNOON)
    stocktaking = (Closure(date(2026, 12, 28), date(2026, 12, 31), "Stocktaking"),)
    office = Calendar(
        new_id(), "Office Hamburg", "Europe/Berlin", (day,) * 4 + ((_MORNING,), (), ()), "DE", "HH", stocktaking
    )
    arranging.save_calendar(desk.database, desk.system, office)
    maker = Vendor(
        new_id(), "Ledgerline GmbH", "L-2041-77", "support@ledgerline.example", "+49 40 5550 142", calendar_id=office.id
    )
    applications.save_vendor(desk.database, desk.system, maker)


def _opened(window: MainWindow, page: str) -> CatalogueDialog:
    _arranged(window)
    dialog = window.shell.part(CataloguePart).open(page)
    settle(window)
    return dialog


def _page(page: str) -> Callable[[MainWindow], QWidget]:
    return lambda window: _opened(window, page)


def _wrong_calendar(window: MainWindow) -> QWidget:
    """What is wrong stands beside it."""
    dialog = _opened(window, "calendars")
    dialog.calendars.ask_for_new()
    form = dialog.calendars.form
    assert isinstance(form, CalendarForm)
    form.name.setText("Night shift")
    form.zone.setCurrentText("Europe/Atlantis")
    form.week[0].setText("09:00-12:00, 11:00-17:30")
    form.ending.save.click()
    settle(window)
    return dialog


SCREENS = (
    Screen("applications-light", _page("applications"), role=Role.ADMINISTRATOR),
    Screen("applications-german", _page("applications"), "dark", "de"),
    Screen("vendors-light", _page("vendors")),
    Screen("calendars-light", _page("calendars")),
    Screen("calendars-german", _page("calendars"), "dark", "de"),
    Screen("calendar-wrong", _wrong_calendar),
    Screen("targets-light", _page("targets")),
    Screen("targets-german", _page("targets"), "dark", "de"),
    Screen("targets-look-only", _page("targets"), role=Role.AGENT),
)
