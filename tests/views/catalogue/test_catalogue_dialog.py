"""The pages at work, by keyboard, on a real database."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.applications import ApplicationCard, ApplicationKind, Duty, Vendor
from app.models.records.clocks import ClockKind, Target
from app.models.records.desk import Role
from app.models.records.tickets import Priority
from app.services import applications
from app.services.desk import Desk
from app.services.sla import calendars, targets
from app.services.trees import store
from app.views.catalogue import control
from app.views.catalogue.calendar_form import CalendarForm
from app.views.catalogue.calendar_model import weekday_field
from app.views.catalogue.card_form import CardForm
from app.views.catalogue.dialog import PAGES, CatalogueDialog
from app.views.catalogue.part import CataloguePart
from app.views.catalogue.vendor_form import VendorForm
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from app.views.tree.part import TreePart
from tests.views.conftest import until

Open = Callable[[Role], CatalogueDialog]
Form = TypeVar("Form", bound=QWidget)


@pytest.fixture
def open_as(desk: Desk, runner: TaskRunner, appearance: Appearance, qtbot: QtBot) -> Iterator[Open]:
    opened: list[CatalogueDialog] = []

    def opening(role: Role) -> CatalogueDialog:
        assert desk.actor is not None
        desk.actor = replace(desk.actor, role=role)
        dialog = CatalogueDialog(desk, runner, appearance)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(dialog)
        dialog.show()
        opened.append(dialog)
        until(qtbot, lambda: runner.is_idle and dialog.applications.form is not None)
        return dialog

    yield opening
    for each in opened:
        each.close()


def shown(form: QWidget | None, kind: type[Form]) -> Form:
    assert isinstance(form, kind)
    return form


def enter(line: QLineEdit, words: str, qtbot: QtBot) -> None:
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, words)


def pick(box: QComboBox, words: str, qtbot: QtBot) -> None:
    for _ in range(box.count()):
        qtbot.keyClick(box, Qt.Key.Key_Home) if box.currentIndex() > box.findText(words) else None
        if box.currentText() == words:
            return
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == words


def press(dialog: CatalogueDialog, form: VendorForm | CalendarForm | CardForm, qtbot: QtBot) -> None:
    """Save, and wait until the page shows what is stored."""
    qtbot.keyClick(form.ending.save, Qt.Key.Key_Space)
    until(qtbot, dialog.told.isVisible)


def card_of(desk: Desk, name: str) -> ApplicationCard:
    return next(each for each in applications.listed(desk.database) if each.name == name)


def test_a_supervisor_says_what_an_application_is(desk: Desk, open_as: Open, qtbot: QtBot) -> None:
    dialog = open_as(Role.SUPERVISOR)
    form = shown(dialog.applications.form, CardForm)
    name = form.name.text()
    assert not form.name.isEnabled()
    assert not dialog.applications.new.isVisible()
    pick(form.kind, "Spark ETL", qtbot)
    assert "Spark ETL" in form.template.text() or "swarms" in form.template.text()
    enter(form.runbook, "https://wiki.example/loads", qtbot)
    someone, action = next(iter(form.people[Duty.DBA].actions_by_value.items()))
    action.trigger()
    press(dialog, form, qtbot)
    stored = card_of(desk, name)
    assert (stored.kind, stored.runbook) == (ApplicationKind.SPARK_ETL, "https://wiki.example/loads")
    assert stored.people == ((someone, Duty.DBA),)


def test_an_administrator_adds_an_application_and_it_is_shown(desk: Desk, open_as: Open, qtbot: QtBot) -> None:
    dialog = open_as(Role.ADMINISTRATOR)
    qtbot.keyClick(dialog.applications.new, Qt.Key.Key_Space)
    form = shown(dialog.applications.form, CardForm)
    qtbot.keyClick(form.ending.save, Qt.Key.Key_Space)
    assert form.lines.problem("name") == "An application needs a name."
    enter(form.name, "Zebra Billing", qtbot)
    press(dialog, form, qtbot)
    until(qtbot, lambda: [each.text() for each in dialog.applications.list.selectedItems()] == ["Zebra Billing"])
    assert card_of(desk, "Zebra Billing").name == "Zebra Billing"


def test_what_was_refused_is_told_and_what_was_typed_stays(open_as: Open, qtbot: QtBot) -> None:
    dialog = open_as(Role.ADMINISTRATOR)
    form = shown(dialog.applications.form, CardForm)
    enter(form.runbook, "wiki", qtbot)
    press(dialog, form, qtbot)
    assert "is no link to a runbook" in dialog.told.words
    assert shown(dialog.applications.form, CardForm).runbook.text() == "wiki"


def test_what_was_typed_for_one_is_there_after_a_look_at_another(open_as: Open, qtbot: QtBot) -> None:
    dialog = open_as(Role.ADMINISTRATOR)
    enter(shown(dialog.applications.form, CardForm).runbook, "https://half", qtbot)
    qtbot.keyClick(dialog.applications.list, Qt.Key.Key_Down)
    assert shown(dialog.applications.form, CardForm).runbook.text() == ""
    qtbot.keyClick(dialog.applications.list, Qt.Key.Key_Up)
    assert shown(dialog.applications.form, CardForm).runbook.text() == "https://half"


def test_an_agent_looks_and_changes_nothing(open_as: Open) -> None:
    dialog = open_as(Role.AGENT)
    form = shown(dialog.applications.form, CardForm)
    assert not form.ending.save.isVisible()
    assert not form.kind.isEnabled()
    assert form.runbook.isReadOnly()
    assert not dialog.targets.ending.save.isVisibleTo(dialog.targets)
    assert all(line.isReadOnly() for line in dialog.targets.cells.values())


def test_a_vendor_is_added_and_removed(desk: Desk, open_as: Open, qtbot: QtBot) -> None:
    dialog = open_as(Role.SUPERVISOR)
    dialog.show_page("vendors")
    assert dialog.vendors.form is None
    qtbot.keyClick(dialog.vendors.new, Qt.Key.Key_Space)
    form = shown(dialog.vendors.form, VendorForm)
    enter(form.entries["name"], "Ledgerline", qtbot)
    enter(form.entries["mail"], "help@ledgerline.example", qtbot)
    press(dialog, form, qtbot)
    until(qtbot, lambda: dialog.vendors.list.count() == 1 and dialog.vendors.form is not form)
    assert applications.vendors(desk.database)[0].mail == "help@ledgerline.example"
    qtbot.keyClick(shown(dialog.vendors.form, VendorForm).ending.remove, Qt.Key.Key_Space)
    until(qtbot, lambda: dialog.vendors.list.count() == 0)
    assert dialog.vendors.form is None


def test_a_calendar_shows_its_week_while_it_is_typed(desk: Desk, open_as: Open, qtbot: QtBot) -> None:
    dialog = open_as(Role.SUPERVISOR)
    dialog.show_page("calendars")
    qtbot.keyClick(dialog.calendars.new, Qt.Key.Key_Space)
    form = shown(dialog.calendars.form, CalendarForm)
    until(qtbot, lambda: "09:00-17:00" in form.strip.accessibleDescription())
    for line in form.week:
        enter(line, "08:00-12:00, 12:30-16:00", qtbot)
    until(qtbot, lambda: form.strip.accessibleDescription().count("08:00-12:00, 12:30-16:00") == 7)
    enter(form.week[0], "08:00-12:00, 11:00-16:00", qtbot)
    until(qtbot, lambda: form.lines.problem(weekday_field(0)) != "")
    assert not form.strip.isVisibleTo(form)
    enter(form.week[0], "08:00-12:00", qtbot)
    until(qtbot, lambda: form.lines.problem(weekday_field(0)) == "" and form.strip.isVisibleTo(form))
    enter(form.name, "Works", qtbot)
    press(dialog, form, qtbot)
    assert [each.name for each in calendars.listed(desk.database)] == ["Works"]


def test_closed_days_come_out_of_a_calendar_file_besides_those_that_stand_there(
    open_as: Open, runner: TaskRunner, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "closed.ics"
    file.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Stocktaking\nDTSTART;VALUE=DATE:20261227\n"
        "DTEND;VALUE=DATE:20270101\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    dialog = open_as(Role.SUPERVISOR)
    dialog.show_page("calendars")
    qtbot.keyClick(dialog.calendars.new, Qt.Key.Key_Space)
    form = shown(dialog.calendars.form, CalendarForm)
    form.days.setPlainText("2026-12-24 Christmas Eve")
    for _ in range(2):
        qtbot.keyClick(form.take, Qt.Key.Key_Space)
        until(qtbot, lambda: runner.is_idle)
        assert form.days.toPlainText() == "2026-12-24 Christmas Eve\n2026-12-27..2026-12-31 Stocktaking"
    file.unlink()
    qtbot.keyClick(form.take, Qt.Key.Key_Space)
    until(qtbot, lambda: str(file) in dialog.told.words)


def test_a_calendar_that_an_application_goes_by_stays(desk: Desk, open_as: Open, qtbot: QtBot) -> None:
    dialog = open_as(Role.SUPERVISOR)
    dialog.show_page("calendars")
    qtbot.keyClick(dialog.calendars.new, Qt.Key.Key_Space)
    form = shown(dialog.calendars.form, CalendarForm)
    enter(form.name, "Works", qtbot)
    press(dialog, form, qtbot)
    until(qtbot, lambda: dialog.calendars.list.count() == 1)
    card = applications.listed(desk.database)[0]
    hours = calendars.listed(desk.database)[0]
    applications.save(desk.database, desk.system, replace(card, calendar_id=hours.id))
    qtbot.keyClick(shown(dialog.calendars.form, CalendarForm).ending.remove, Qt.Key.Key_Space)
    until(qtbot, lambda: "is in use" in dialog.told.words)
    assert calendars.listed(desk.database) == [hours]


def test_a_calendar_that_somebody_changed_meanwhile_is_not_overwritten(desk: Desk, open_as: Open, qtbot: QtBot) -> None:
    dialog = open_as(Role.SUPERVISOR)
    dialog.show_page("calendars")
    qtbot.keyClick(dialog.calendars.new, Qt.Key.Key_Space)
    form = shown(dialog.calendars.form, CalendarForm)
    enter(form.name, "Works", qtbot)
    press(dialog, form, qtbot)
    until(qtbot, lambda: dialog.calendars.form is not form and dialog.calendars.list.count() == 1)
    hours = calendars.listed(desk.database)[0]
    control.arranging.save_calendar(desk.database, desk.system, replace(hours, zone="Asia/Tokyo"))
    again = shown(dialog.calendars.form, CalendarForm)
    enter(again.name, "Mine", qtbot)
    qtbot.keyClick(again.ending.save, Qt.Key.Key_Space)
    until(qtbot, lambda: "meanwhile" in dialog.told.words)
    assert calendars.listed(desk.database)[0].zone == "Asia/Tokyo"


def test_targets_are_typed_for_all_and_shown_where_one_has_none(
    desk: Desk, runner: TaskRunner, open_as: Open, qtbot: QtBot
) -> None:
    dialog = open_as(Role.SUPERVISOR)
    dialog.show_page("targets")
    page = dialog.targets
    cell = (ClockKind.FIRST_RESPONSE, Priority.P1)
    enter(page.cells[cell], "soon", qtbot)
    qtbot.keyClick(page.cells[cell], Qt.Key.Key_Return)
    assert "“soon” is no time" in page.problem.text()
    enter(page.cells[cell], "30m", qtbot)
    qtbot.keyClick(page.cells[cell], Qt.Key.Key_Return)
    until(qtbot, lambda: dialog.told.isVisible() and runner.is_idle)
    assert targets.listed(desk.database)[0].within == timedelta(minutes=30)
    page.application.setFocus()
    qtbot.keyClick(page.application, Qt.Key.Key_Down)
    page.application.activated.emit(page.application.currentIndex())
    assert (page.cells[cell].text(), page.cells[cell].placeholderText()) == ("", "30m")


def test_an_application_goes_by_its_template_again(desk: Desk, open_as: Open, qtbot: QtBot) -> None:
    card = applications.listed(desk.database)[0]
    tree, _inherited = store.of_application(desk.database, card.id)
    store.save(desk.database, desk.system, tree)
    dialog = open_as(Role.SUPERVISOR)
    form = shown(dialog.applications.form, CardForm)
    assert "of its own" in form.template.text()
    qtbot.keyClick(form.take_template, Qt.Key.Key_Space)
    until(qtbot, lambda: store.of_application(desk.database, card.id)[1] and dialog.applications.form is not form)
    until(qtbot, lambda: dialog.applications.form is not None)
    assert "template" in shown(dialog.applications.form, CardForm).template.text()


def test_what_cannot_be_read_is_told_with_a_way_to_try_again(
    desk: Desk, runner: TaskRunner, appearance: Appearance, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_database: object) -> None:
        raise KnownError("tree.broken", reason="it is no tree", place="")

    with monkeypatch.context() as patched:
        patched.setattr(control, "look", broken)
        dialog = CatalogueDialog(desk, runner, appearance)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(dialog)
        dialog.show()
        until(qtbot, lambda: runner.is_idle)
    assert dialog.applications.form is None
    dialog.control.look()
    until(qtbot, lambda: dialog.applications.form is not None)


def test_the_window_opens_it_by_key_once_and_shows_the_way_up(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    part = window.shell.part(CataloguePart)
    until(qtbot, lambda: part.dialog is not None and part.dialog.applications.form is not None)
    dialog = part.dialog
    assert dialog is not None
    assert part.open(PAGES[3]) is dialog
    part.open(PAGES[0])
    qtbot.keyClick(shown(dialog.applications.form, CardForm).show_tree, Qt.Key.Key_Space)
    tree = window.shell.part(TreePart)
    until(qtbot, lambda: tree.dialog is not None and tree.dialog.isVisible() and window.is_idle)
    assert tree.dialog is not None
    tree.dialog.close()
    dialog.close()
    until(qtbot, lambda: part.dialog is None)


def test_an_application_that_another_desk_adds_appears(window: MainWindow, qtbot: QtBot) -> None:
    part, desk = window.shell.part(CataloguePart), window.shell.desk
    dialog = part.open()
    until(qtbot, lambda: dialog.applications.form is not None and window.is_idle)
    count = dialog.applications.list.count()
    known = applications.listed(desk.database)[0]
    applications.save(desk.database, desk.system, replace(known, id=new_id(), name="Zebra Billing"))
    window.shell.bus.look()
    until(qtbot, lambda: dialog.applications.list.count() == count + 1)
    dialog.close()


def test_what_others_change_is_shown_where_nobody_typed(
    desk: Desk, runner: TaskRunner, open_as: Open, qtbot: QtBot
) -> None:
    dialog = open_as(Role.SUPERVISOR)
    first, second = applications.listed(desk.database)[:2]
    mine = shown(dialog.applications.form, CardForm)
    enter(mine.runbook, "https://mine.example", qtbot)
    qtbot.keyClick(dialog.applications.list, Qt.Key.Key_Down)
    for each in (first, second):
        applications.save(desk.database, desk.system, replace(each, kind=ApplicationKind.MOBILE))
    applications.save_vendor(desk.database, desk.system, Vendor(new_id(), "Ledgerline"))
    dialog.control.look()
    until(qtbot, lambda: runner.is_idle)
    theirs = shown(dialog.applications.form, CardForm)
    assert theirs.kind.currentText() == "Mobile app"
    assert theirs.vendor.findText("Ledgerline") > 0
    qtbot.keyClick(dialog.applications.list, Qt.Key.Key_Up)
    assert shown(dialog.applications.form, CardForm) is mine
    press(dialog, mine, qtbot)
    stored = card_of(desk, first.name)
    assert (stored.kind, stored.runbook) == (ApplicationKind.MOBILE, "https://mine.example")


def test_a_target_that_is_being_typed_stays_when_others_change_theirs(
    desk: Desk, runner: TaskRunner, open_as: Open, qtbot: QtBot
) -> None:
    dialog = open_as(Role.SUPERVISOR)
    dialog.show_page("targets")
    mine, theirs = (ClockKind.RESOLUTION, Priority.P1), (ClockKind.FIRST_RESPONSE, Priority.P1)
    enter(dialog.targets.cells[mine], "4h", qtbot)
    told = Target(new_id(), *theirs, timedelta(minutes=15))
    control.arranging.replace_targets(desk.database, desk.system, [told])
    dialog.control.look()
    until(qtbot, lambda: runner.is_idle)
    assert [dialog.targets.cells[each].text() for each in (mine, theirs)] == ["4h", "15m"]
    qtbot.keyClick(dialog.targets.ending.save, Qt.Key.Key_Space)
    until(qtbot, lambda: dialog.told.isVisible() and runner.is_idle)
    assert {each.kind for each in targets.listed(desk.database)} == {ClockKind.RESOLUTION, ClockKind.FIRST_RESPONSE}
