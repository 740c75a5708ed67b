"""The on-call window by keyboard: a rotation is made, a span handed on and taken back."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from app.models.identifiers import new_id
from app.models.records.desk import Role
from app.models.records.on_call import Override, Rotation, ShiftUnit
from app.services import staff
from app.services.desk import Desk
from app.services.oncall import arranging, reading
from app.views.main_window import MainWindow
from app.views.oncall.dialog import OnCallDialog
from app.views.oncall.override_form import OverrideForm
from app.views.oncall.part import OnCallPart
from app.views.oncall.rotation_form import RotationForm
from app.views.oncall.swap_form import SwapForm
from tests.fixtures.databases import SYSTEM
from tests.views.conftest import until

AWAY = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//test//EN\r
BEGIN:VEVENT\r
UID:leave@desk.example\r
DTSTAMP:20260301T000000Z\r
DTSTART;VALUE=DATE:20991201\r
DTEND;VALUE=DATE:20991215\r
SUMMARY:Leave\r
END:VEVENT\r
END:VCALENDAR\r
"""
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def team(desk: Desk, name: str = "Service Desk") -> UUID:
    return next(each.id for each in staff.teams(desk.database) if each.name == name)


def person(desk: Desk, name: str) -> UUID:
    return next(each.id for each in staff.agents(desk.database) if each.name == name)


def add_rotation(desk: Desk) -> Rotation:
    """Lena and Sam, a day each."""
    members = (person(desk, "Lena Vogt"), person(desk, "Sam Okafor"))
    made = Rotation(new_id(), team(desk), "Days", "UTC", ShiftUnit.DAY, date(2026, 1, 5), 9 * 3600, members=members)
    return arranging.save_rotation(desk.database, SYSTEM, made)


def opened(window: MainWindow, qtbot: QtBot, team_id: UUID) -> OnCallDialog:
    dialog = window.shell.part(OnCallPart).open(team_id)
    until(qtbot, lambda: dialog.board is not None and dialog.board.team_id == team_id)
    return dialog


def whose(dialog: OnCallDialog) -> list[str]:
    return [dialog.list.topLevelItem(row).text(2) for row in range(dialog.list.topLevelItemCount())]


def accept(dialog: OnCallDialog, qtbot: QtBot) -> None:
    assert dialog.form is not None
    box = dialog.form.findChild(QDialogButtonBox)
    qtbot.keyClick(box.button(QDialogButtonBox.StandardButton.Save), Qt.Key.Key_Space)


def test_a_key_opens_it_for_ones_own_team(window: MainWindow, qtbot: QtBot, desk: Desk) -> None:
    window.commands.run("oncall")
    dialog = window.shell.part(OnCallPart).dialog
    assert dialog is not None
    until(qtbot, lambda: dialog.board is not None)
    assert dialog.board is not None
    assert desk.actor is not None
    assert dialog.board.team_id in desk.actor.teams
    assert "Nobody takes turns" in dialog.state.words
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.shell.part(OnCallPart).dialog is None


def test_a_rotation_is_made_by_keyboard_and_shown(window: MainWindow, qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(window, qtbot, team(desk))
    dialog.actions_["rotation"].trigger()
    form = dialog.form
    assert isinstance(form, RotationForm)
    accept(dialog, qtbot)
    assert "name" in form.problem.text()
    qtbot.keyClicks(form.name, "Desk by week")
    accept(dialog, qtbot)
    assert "nobody in it" in form.problem.text()
    qtbot.keyClick(form.members, Qt.Key.Key_Down)
    qtbot.keyClick(form.members, Qt.Key.Key_Space)
    qtbot.keyClick(form.members, Qt.Key.Key_Up, CTRL)
    qtbot.keyClick(form.members, Qt.Key.Key_Down)
    qtbot.keyClick(form.members, Qt.Key.Key_Space)
    members = form.members.chosen()
    assert len(members) == 2
    accept(dialog, qtbot)
    until(qtbot, lambda: dialog.board is not None and len(dialog.board.rows) == 2)
    (kept,) = reading.rotations(desk.database, team(desk))
    assert (kept.name, kept.members, kept.unit) == ("Desk by week", members, ShiftUnit.WEEK)
    assert dialog.headline.text().startswith("Now: ")


def test_hours_that_cannot_be_read_are_told(window: MainWindow, qtbot: QtBot, desk: Desk) -> None:
    add_rotation(desk)
    dialog = opened(window, qtbot, team(desk))
    dialog.actions_["edit"].trigger()
    form = dialog.form
    assert isinstance(form, RotationForm)
    qtbot.keyClicks(form.hours[0], "nine to five")
    accept(dialog, qtbot)
    assert "nine to five" in form.problem.text()
    form.hours[0].clear()
    qtbot.keyClicks(form.hours[0], "09:00-17:00")
    accept(dialog, qtbot)
    until(qtbot, lambda: "Nobody" in whose(dialog))


def test_turns_that_cannot_be_reckoned_are_told_before_the_form_is_closed(
    window: MainWindow, qtbot: QtBot, desk: Desk
) -> None:
    add_rotation(desk)
    dialog = opened(window, qtbot, team(desk))
    dialog.actions_["edit"].trigger()
    form = dialog.form
    assert isinstance(form, RotationForm)
    form.every.selectAll()
    qtbot.keyClicks(form.every, "999")
    accept(dialog, qtbot)
    assert "about a year long" in form.problem.text()
    assert form.isVisible()


def test_a_rotation_is_removed_from_its_form(window: MainWindow, qtbot: QtBot, desk: Desk) -> None:
    add_rotation(desk)
    dialog = opened(window, qtbot, team(desk))
    dialog.actions_["edit"].trigger()
    assert dialog.form is not None
    box = dialog.form.findChild(QDialogButtonBox)
    (remove,) = (each for each in box.buttons() if box.buttonRole(each) is QDialogButtonBox.ButtonRole.DestructiveRole)
    qtbot.keyClick(remove, Qt.Key.Key_Space)
    until(qtbot, lambda: dialog.board is not None and len(dialog.board.rows) == 1)
    assert reading.rotations(desk.database, team(desk)) == []


def test_a_span_is_chosen_handed_on_and_taken_back_by_keyboard(window: MainWindow, qtbot: QtBot, desk: Desk) -> None:
    add_rotation(desk)
    dialog = opened(window, qtbot, team(desk))
    picture, board = dialog.picture, dialog.board
    assert board is not None
    qtbot.keyClick(picture, Qt.Key.Key_Home)
    qtbot.keyClick(picture, Qt.Key.Key_Right, CTRL)
    for _ in range(4):
        qtbot.keyClick(picture, Qt.Key.Key_Right, SHIFT)
    hours = timedelta(hours=1)
    assert picture.selection() == (board.since + 24 * hours, board.since + 28 * hours)
    assert dialog.pointed.text().endswith("04:00")
    qtbot.keyClick(picture, Qt.Key.Key_Return)
    assert isinstance(dialog.form, OverrideForm)
    dialog.form.person.setCurrentText("Tomasz Zieliński")
    accept(dialog, qtbot)
    until(qtbot, lambda: "Tomasz Zieliński" in whose(dialog))
    (kept,) = reading.overrides(desk.database, team(desk), board.since)
    assert (kept.since, kept.until) == (board.since + 24 * hours, board.since + 28 * hours)
    qtbot.keyClick(picture, Qt.Key.Key_Left)
    assert dialog.actions_["remove"].isEnabled()
    dialog.actions_["remove"].trigger()
    until(qtbot, lambda: "Tomasz Zieliński" not in whose(dialog))
    assert reading.overrides(desk.database, team(desk), board.since) == []


def test_two_shifts_are_swapped_at_once_and_swapped_back(window: MainWindow, qtbot: QtBot, desk: Desk) -> None:
    add_rotation(desk)
    dialog = opened(window, qtbot, team(desk))
    dialog.actions_["next"].trigger()
    until(qtbot, lambda: dialog.board is not None and dialog.board.since > dialog.board.now)
    board = dialog.board
    assert board is not None
    before = whose(dialog)
    qtbot.keyClick(dialog.picture, Qt.Key.Key_Home)
    qtbot.keyClick(dialog.picture, Qt.Key.Key_Right, CTRL)
    bar = dialog.picture.bar()
    assert bar is not None
    until(qtbot, dialog.isActiveWindow)
    qtbot.keyClick(dialog, Qt.Key.Key_W, CTRL | SHIFT)
    until(qtbot, lambda: dialog.form is not None)
    form = dialog.form
    assert isinstance(form, SwapForm)
    assert bar.who in form.becomes.text()
    given, taken = form.wanted()
    assert (given.since, given.until, given.instead_of) == (bar.shift.since, bar.shift.until, bar.shift.agent_id)
    assert (taken.agent_id, taken.instead_of) == (given.instead_of, given.agent_id)
    accept(dialog, qtbot)
    until(qtbot, lambda: len(reading.overrides(desk.database, board.team_id, board.now)) == 2)
    assert reading.duty_of(desk.database, board.team_id, given.since).agent_id == given.agent_id
    assert reading.duty_of(desk.database, board.team_id, taken.since).agent_id == taken.agent_id
    until(qtbot, dialog.actions_["undo"].isEnabled)
    dialog.actions_["undo"].trigger()
    until(qtbot, lambda: whose(dialog) == before and not dialog.actions_["undo"].isEnabled())
    assert reading.overrides(desk.database, board.team_id, board.now) == []


def test_what_was_taken_back_is_put_on_duty_again(window: MainWindow, qtbot: QtBot, desk: Desk) -> None:
    add_rotation(desk)
    dialog = opened(window, qtbot, team(desk))
    board = dialog.board
    assert board is not None
    tomasz = person(desk, "Tomasz Zieliński")
    arranging.override(desk.database, SYSTEM, Override(new_id(), board.team_id, tomasz, board.since, board.until))
    dialog.control.look()
    until(qtbot, lambda: set(whose(dialog)) == {"Tomasz Zieliński"})
    dialog.picture.setFocus()
    qtbot.keyClick(dialog.picture, Qt.Key.Key_Home)
    dialog.actions_["remove"].trigger()
    until(qtbot, lambda: "Tomasz Zieliński" not in whose(dialog) and dialog.actions_["undo"].isEnabled())
    dialog.actions_["undo"].trigger()
    until(qtbot, lambda: set(whose(dialog)) == {"Tomasz Zieliński"})


def test_a_span_is_dragged_by_mouse(window: MainWindow, qtbot: QtBot, desk: Desk) -> None:
    add_rotation(desk)
    dialog = opened(window, qtbot, team(desk))
    picture = dialog.picture
    first, last = QPoint(picture.width() // 3, 60), QPoint(picture.width() // 2, 60)
    qtbot.mousePress(picture, Qt.MouseButton.LeftButton, pos=first)
    qtbot.mouseMove(picture, last)
    qtbot.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=last)
    chosen = picture.selection()
    assert chosen is not None
    assert chosen[1] - chosen[0] > timedelta(hours=12)
    assert isinstance(dialog.form, OverrideForm)


def test_a_month_and_other_weeks_are_shown(window: MainWindow, qtbot: QtBot, desk: Desk) -> None:
    add_rotation(desk)
    dialog = opened(window, qtbot, team(desk))
    before = dialog.board
    assert before is not None
    dialog.actions_["next"].trigger()
    until(qtbot, lambda: dialog.board is not None and dialog.board.since == before.until)
    dialog.actions_["month"].trigger()
    until(qtbot, lambda: dialog.board is not None and len(dialog.board.midnights) > 28)
    assert dialog.board is not None
    assert dialog.board.local(dialog.board.since).day == 1


def test_what_another_desk_changes_is_seen(window: MainWindow, qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(window, qtbot, team(desk))
    add_rotation(desk)
    until(qtbot, lambda: dialog.board is not None and len(dialog.board.rows) == 2)


def test_shifts_go_out_and_absences_come_in_as_icalendar(
    window: MainWindow, qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_rotation(desk)
    dialog = opened(window, qtbot, team(desk))
    file = tmp_path / "shifts.ics"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    dialog.actions_["export"].trigger()
    until(qtbot, file.exists)
    assert b"SUMMARY" in file.read_bytes()
    file.write_bytes(AWAY)
    dialog.actions_["import"].trigger()
    sam = person(desk, "Sam Okafor")
    until(qtbot, lambda: len(reading.absences(desk.database, [sam])) == 1)
    file.write_bytes(b"no calendar at all")
    dialog.actions_["import"].trigger()
    until(qtbot, lambda: dialog.told.property("level") == "error")


@pytest.mark.parametrize(("role", "may"), [(Role.AGENT, False), (Role.SUPERVISOR, True)])
def test_only_who_leads_arranges_rotations(window: MainWindow, qtbot: QtBot, desk: Desk, role: Role, may: bool) -> None:
    assert desk.actor is not None
    desk.actor = replace(desk.actor, role=role)
    add_rotation(desk)
    dialog = opened(window, qtbot, team(desk))
    assert dialog.actions_["rotation"].isEnabled() is may
    assert dialog.actions_["edit"].isEnabled() is may
