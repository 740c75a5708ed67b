"""Pictures of applications, vendors, calendars and targets."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.models.records.desk import Role
from app.views.catalogue.calendar_form import CalendarForm
from app.views.catalogue.dialog import CatalogueDialog
from app.views.catalogue.part import CataloguePart
from app.views.changing.concern_part import ConcernPart
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle


def _opened(window: MainWindow, page: str) -> CatalogueDialog:
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


def _concern(window: MainWindow) -> QWidget:
    dialog = window.shell.part(ConcernPart).say()
    settle(window)
    assert dialog is not None
    return dialog


def _urgency(window: MainWindow) -> QWidget:
    picker = window.shell.part(ConcernPart).rate()
    settle(window)
    return picker


SCREENS = (
    Screen("applications-light", _page("applications"), role=Role.ADMINISTRATOR),
    Screen("applications-german", _page("applications"), "dark", "de"),
    Screen("vendors-light", _page("vendors")),
    Screen("calendars-light", _page("calendars")),
    Screen("calendars-german", _page("calendars"), "dark", "de"),
    Screen("calendar-wrong", _wrong_calendar),
    Screen("targets-light", _page("targets")),
    Screen("targets-german", _page("targets"), "dark", "de"),
    Screen("concern-light", _concern),
    Screen("concern-german", _concern, "dark", "de"),
    Screen("urgency-german", _urgency, "dark", "de"),
    Screen("targets-look-only", _page("targets"), role=Role.AGENT),
)
