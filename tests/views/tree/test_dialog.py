"""The tree's window: opened from a ticket, walked, edited, saved and tried out by keyboard, and drawn by mouse."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from uuid import UUID

import pytest
from PySide6.QtCore import QByteArray, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.records.desk import Role
from app.models.records.trees import Edge, EdgeKind, Tree
from app.services import staff
from app.services.desk import Desk
from app.services.trees import drafts, store
from app.views.kit.appearance import Appearance
from app.views.kit.change_bus import Changes
from app.views.main_window import MainWindow
from app.views.screens.trees_seen import climbing, large
from app.views.tree.dialog import TreeDialog
from app.views.tree.exporting import drawn
from app.views.tree.offers import Offers
from app.views.tree.outline import TreeOutline
from app.views.tree.part import TreePart
from app.views.tree.scene import TreeScene
from tests.views.conftest import until

Opened = Callable[[], TreeDialog]
CTRL = Qt.KeyboardModifier.ControlModifier


def press(qtbot: QtBot, dialog: TreeDialog, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    """A key, to whatever has the focus in the tree's window."""
    target = dialog.focusWidget() or dialog.layout_.picture
    qtbot.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)


def editing(qtbot: QtBot, dialog: TreeDialog) -> None:
    press(qtbot, dialog, Qt.Key.Key_E, CTRL)
    assert dialog.is_editing


def tree_of(dialog: TreeDialog) -> Tree:
    assert dialog.view is not None
    return dialog.view.tree


def banner(dialog: TreeDialog) -> str:
    return dialog.layout_.told.words if dialog.layout_.told.isVisible() else ""


def test_a_key_shows_the_tree_of_the_tickets_application_with_the_ticket_in_it(
    window: MainWindow, qtbot: QtBot
) -> None:
    ticket = window.ticket.ticket
    assert ticket is not None
    window.commands.run("tree")
    part = window.shell.part(TreePart)
    until(qtbot, lambda: part.dialog is not None and bool(part.dialog.layout_.scene.cards))
    assert part.dialog is not None
    assert part.dialog.control.application_id == ticket.application_id
    assert part.dialog.layout_.chooser.currentText() in part.dialog.windowTitle()


def test_arrows_walk_the_picture_and_outline_and_details_follow(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    view = dialog.view
    assert view is not None
    assert dialog.chosen == view.tree.start
    press(qtbot, dialog, Qt.Key.Key_Right)
    second = dialog.chosen
    assert isinstance(second, str)
    assert second in [each.target for each in view.tree.leaving(view.tree.start, EdgeKind.FUNCTIONAL)]
    assert dialog.layout_.outline.current == second
    node = view.tree.node(second)
    assert node is not None
    assert node.name in dialog.layout_.side.details.accessibleDescription()


def test_a_narrow_outline_keeps_the_names_of_the_steps_and_a_width_that_was_chosen(
    opened: Opened, appearance: Appearance, qtbot: QtBot
) -> None:
    view = opened().view
    assert view is not None
    outline = TreeOutline(appearance)
    qtbot.addWidget(outline)
    outline.resize(180, 300)
    outline.show()
    outline.show_tree(view)
    assert outline.columnWidth(0) > 150
    outline.resize(400, 300)
    assert outline.columnWidth(1) > 100
    outline.header().resizeSection(1, 160)
    outline.show_tree(view)
    assert outline.columnWidth(1) == 160


def test_the_outline_leads_the_picture(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    dialog.layout_.outline.setFocus()
    first = dialog.chosen
    qtbot.keyClick(dialog.layout_.outline, Qt.Key.Key_Down)
    assert dialog.chosen == dialog.layout_.outline.current != first


def test_return_goes_on_to_the_details(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    press(qtbot, dialog, Qt.Key.Key_Return)
    assert dialog.focusWidget() is dialog.layout_.side.details


def test_keys_zoom_and_show_all_again(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    picture = dialog.layout_.picture
    whole = picture.zoom
    press(qtbot, dialog, Qt.Key.Key_Plus)
    assert picture.zoom > whole
    press(qtbot, dialog, Qt.Key.Key_Minus)
    press(qtbot, dialog, Qt.Key.Key_Minus)
    assert picture.zoom < whole
    press(qtbot, dialog, Qt.Key.Key_1)
    assert picture.zoom == pytest.approx(1.0)
    press(qtbot, dialog, Qt.Key.Key_0)
    assert picture.zoom == pytest.approx(whole)


def test_the_wheel_zooms_with_ctrl_and_scrolls_without(opened: Opened, qtbot: QtBot) -> None:
    picture = opened().layout_.picture
    before = picture.zoom
    for modifier in (Qt.KeyboardModifier.NoModifier, CTRL):
        middle = QPointF(picture.viewport().rect().center())
        event = QWheelEvent(
            middle,
            QPointF(picture.mapToGlobal(middle.toPoint())),
            QPoint(),
            QPoint(0, 240),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(picture.viewport(), event)
        assert (picture.zoom > before) == (modifier is CTRL)


def test_a_double_click_leads_to_the_details(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    other = next(each for each in dialog.layout_.scene.cards if each != dialog.chosen)
    place = dialog.layout_.picture.mapFromScene(dialog.layout_.scene.cards[other].box.center())
    qtbot.mouseClick(dialog.layout_.picture.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.chosen == other
    qtbot.mouseDClick(dialog.layout_.picture.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.focusWidget() is dialog.layout_.side.details


def test_what_is_folded_stays_folded(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    outline = dialog.layout_.outline
    outline.setFocus()
    qtbot.keyClick(outline, Qt.Key.Key_Left)
    assert not outline.isExpanded(outline.currentIndex())
    assert dialog.view is not None
    outline.show_tree(dialog.view)
    assert not outline.isExpanded(outline.currentIndex())


def test_a_desk_without_applications_says_so(opened: Opened) -> None:
    dialog = opened()
    dialog.control.application_id = None
    dialog.control.offered.emit(Offers())
    assert "No application yet" in dialog.layout_.state.words


def test_a_tree_that_cannot_be_read_says_why_and_is_read_again(
    window: MainWindow, application: UUID, qtbot: QtBot
) -> None:
    dialog = window.shell.part(TreePart).open(UUID(int=404))
    until(qtbot, lambda: dialog.layout_.state.isVisible() and "There is no application" in dialog.layout_.state.words)
    dialog.control.look(application)
    until(qtbot, dialog.layout_.picture.isVisible)


def test_a_step_is_added_named_and_saved_by_keyboard(
    opened: Opened, desk: Desk, application: UUID, qtbot: QtBot
) -> None:
    dialog = opened()
    start = dialog.chosen
    editing(qtbot, dialog)
    press(qtbot, dialog, Qt.Key.Key_Insert)
    key = dialog.chosen
    assert isinstance(key, str)
    press(qtbot, dialog, Qt.Key.Key_Return)
    name = dialog.layout_.side.node_form.name
    assert dialog.focusWidget() is name
    name.selectAll()
    qtbot.keyClicks(name, "Night watch")
    qtbot.keyClick(name, Qt.Key.Key_Tab)
    press(qtbot, dialog, Qt.Key.Key_S, CTRL)
    until(qtbot, lambda: banner(dialog).startswith("The tree is saved"))
    tree, inherited = store.of_application(desk.database, application)
    node = tree.node(key)
    assert node is not None
    assert (node.name, inherited) == ("Night watch", False)
    assert Edge(str(start), key) in tree.edges
    assert not dialog.editor.is_changed


def test_undo_and_redo_are_keys(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    editing(qtbot, dialog)
    before = set(dialog.layout_.scene.cards)
    press(qtbot, dialog, Qt.Key.Key_Insert)
    with_new = set(dialog.layout_.scene.cards)
    press(qtbot, dialog, Qt.Key.Key_Z, CTRL)
    assert set(dialog.layout_.scene.cards) == before != with_new
    press(qtbot, dialog, Qt.Key.Key_Y, CTRL)
    assert set(dialog.layout_.scene.cards) == with_new


def test_a_line_is_drawn_by_keyboard_and_warned_of_where_it_leads_round(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    start = str(dialog.chosen)
    editing(qtbot, dialog)
    press(qtbot, dialog, Qt.Key.Key_Right)
    second = str(dialog.chosen)
    press(qtbot, dialog, Qt.Key.Key_L, CTRL)
    assert "press Return" in dialog.layout_.hint.text()
    press(qtbot, dialog, Qt.Key.Key_Left)
    press(qtbot, dialog, Qt.Key.Key_Return)
    edge = dialog.chosen
    assert edge == Edge(second, start)
    assert dialog.layout_.hint.text() == ""
    assert dialog.layout_.scene.cards[second].words.warning
    press(qtbot, dialog, Qt.Key.Key_Delete)
    assert edge not in dialog.layout_.scene.lines


def test_escape_lets_go_of_a_line_before_it_ends_the_editing(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    editing(qtbot, dialog)
    press(qtbot, dialog, Qt.Key.Key_L, CTRL)
    press(qtbot, dialog, Qt.Key.Key_Escape)
    assert dialog.layout_.hint.text() == ""
    assert dialog.is_editing
    press(qtbot, dialog, Qt.Key.Key_Escape)
    assert not dialog.is_editing
    assert dialog.isVisible()


def test_a_line_is_drawn_and_a_card_is_moved_by_mouse(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    editing(qtbot, dialog)
    press(qtbot, dialog, Qt.Key.Key_Insert)
    new = str(dialog.chosen)
    scene, picture = dialog.layout_.scene, dialog.layout_.picture
    last = next(key for key in scene.cards if key not in (new, tree_of(dialog).start))
    box = scene.cards[new].box
    drag(qtbot, dialog, QPointF(box.right(), box.center().y()), scene.cards[last].box.center())
    assert Edge(new, last) in tree_of(dialog).edges
    place = scene.cards[new].box.topLeft()
    middle = scene.cards[new].box.center()
    drag(qtbot, dialog, middle + QPointF(-60, 30), middle + QPointF(-60, 330))
    moved = tree_of(dialog).node(new)
    assert moved is not None
    assert moved.y == pytest.approx(place.y() + 300, abs=4)
    assert picture.isVisible()


def drag(qtbot: QtBot, dialog: TreeDialog, start: QPointF, end: QPointF) -> None:
    """With the left button, from one place of the scene to another."""
    picture = dialog.layout_.picture
    viewport = picture.viewport()
    began, ended = picture.mapFromScene(start), picture.mapFromScene(end)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=began)
    for share in (0.3, 0.7, 1.0):
        way = ended - began
        qtbot.mouseMove(viewport, began + QPoint(round(way.x() * share), round(way.y() * share)))
        QApplication.sendPostedEvents()
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=ended)


def test_who_saves_second_is_told_and_can_save_all_the_same(
    opened: Opened, desk: Desk, application: UUID, qtbot: QtBot
) -> None:
    dialog = opened()
    editing(qtbot, dialog)
    press(qtbot, dialog, Qt.Key.Key_Insert)
    theirs, _ = store.of_application(desk.database, application)
    store.save(desk.database, desk.actor, replace(theirs, start=theirs.start))
    press(qtbot, dialog, Qt.Key.Key_S, CTRL)
    until(qtbot, lambda: "Somebody else saved" in banner(dialog))
    dialog.layout_.told._act()
    until(qtbot, lambda: banner(dialog).startswith("The tree is saved"))
    assert store.of_application(desk.database, application)[0].node(str(dialog.chosen)) is not None


def test_a_tree_of_its_own_is_given_up_for_the_template(
    opened: Opened, desk: Desk, application: UUID, qtbot: QtBot
) -> None:
    assert desk.actor is not None
    dialog = opened()
    editing(qtbot, dialog)
    press(qtbot, dialog, Qt.Key.Key_Insert)
    press(qtbot, dialog, Qt.Key.Key_S, CTRL)
    until(qtbot, lambda: not store.of_application(desk.database, application)[1])
    until(qtbot, lambda: not dialog.editor.is_changed)
    dialog.layout_.actions["by_template"].trigger()
    assert not store.of_application(desk.database, application)[1]
    dialog.layout_.told._act()
    until(qtbot, lambda: store.of_application(desk.database, application)[1])
    until(qtbot, lambda: dialog.view is not None and dialog.view.inherited)


def test_the_picture_follows_who_is_on_duty_and_stays_where_it_is(
    opened: Opened, window: MainWindow, qtbot: QtBot
) -> None:
    dialog = opened()
    press(qtbot, dialog, Qt.Key.Key_Right)
    press(qtbot, dialog, Qt.Key.Key_Plus)
    chosen, zoom, seen = dialog.chosen, dialog.layout_.picture.zoom, dialog.view
    window.bus.changed.emit(Changes(frozenset({"tree"}), frozenset()))
    until(qtbot, lambda: dialog.view is not seen)
    assert (dialog.chosen, dialog.layout_.picture.zoom) == (chosen, zoom)


def test_what_was_drawn_outlives_the_window_that_it_was_drawn_in(
    opened: Opened, window: MainWindow, desk: Desk, application: UUID, qtbot: QtBot
) -> None:
    dialog = opened()
    editing(qtbot, dialog)
    press(qtbot, dialog, Qt.Key.Key_Insert)
    new = str(dialog.chosen)
    until(qtbot, lambda: drafts.load(desk.journal, application) is not None)
    dialog.destroy()
    window.shell.part(TreePart).dialog = None
    again = opened()
    assert new not in again.layout_.scene.cards
    editing(qtbot, again)
    until(qtbot, lambda: "did not save" in banner(again))
    again.layout_.told._act()
    assert new in again.layout_.scene.cards
    press(qtbot, again, Qt.Key.Key_S, CTRL)
    until(qtbot, lambda: banner(again).startswith("The tree is saved"))
    until(qtbot, lambda: drafts.load(desk.journal, application) is None)


def test_what_is_not_saved_is_asked_for_before_it_is_left(
    opened: Opened, window: MainWindow, desk: Desk, application: UUID, qtbot: QtBot
) -> None:
    dialog = opened()
    editing(qtbot, dialog)
    press(qtbot, dialog, Qt.Key.Key_Insert)
    dialog.close()
    assert dialog.isVisible()
    assert "not saved yet" in banner(dialog)
    dialog.layout_.told._act()
    until(qtbot, lambda: window.shell.part(TreePart).dialog is None)
    until(qtbot, lambda: drafts.load(desk.journal, application) is None)


def test_an_entry_that_is_wrong_is_told_and_changes_nothing(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    editing(qtbot, dialog)
    form = dialog.layout_.side.node_form
    form.accept.setFocus()
    form.accept.selectAll()
    qtbot.keyClicks(form.accept, "soon")
    qtbot.keyClick(form.accept, Qt.Key.Key_Tab)
    assert "soon" in form.problem(form.accept)
    assert not dialog.editor.is_changed


def test_a_simulation_tells_who_is_asked_when_and_marks_it(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    press(qtbot, dialog, Qt.Key.Key_M, CTRL)
    panel = dialog.layout_.side.simulation
    assert dialog.focusWidget() is panel.priority
    qtbot.keyClick(panel.priority, Qt.Key.Key_Down)
    panel.run.setFocus()
    qtbot.keyClick(panel.run, Qt.Key.Key_Space)
    until(qtbot, lambda: panel.calls.topLevelItemCount() > 0)
    assert panel.words.text()
    marked = {key for key, each in dialog.layout_.scene.cards.items() if each.badge}
    assert marked
    panel.calls.setFocus()
    qtbot.keyClick(panel.calls, Qt.Key.Key_Down)
    assert dialog.chosen in marked
    press(qtbot, dialog, Qt.Key.Key_Escape)
    assert not any(each.badge for each in dialog.layout_.scene.cards.values())
    assert dialog.isVisible()


def test_a_simulation_is_asked_for_in_years_that_can_be_reckoned(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    press(qtbot, dialog, Qt.Key.Key_M, CTRL)
    panel = dialog.layout_.side.simulation
    panel.when.setDateTime(panel.when.maximumDateTime())
    panel.run.setFocus()
    qtbot.keyClick(panel.run, Qt.Key.Key_Space)
    until(qtbot, lambda: panel.calls.topLevelItemCount() > 0)
    assert panel.instant().year < 2200


def test_an_agent_looks_but_does_not_edit(window: MainWindow, desk: Desk, application: UUID, qtbot: QtBot) -> None:
    assert desk.actor is not None
    desk.actor = replace(desk.actor, role=Role.AGENT)
    dialog = window.shell.part(TreePart).open(application)
    until(qtbot, lambda: bool(dialog.layout_.scene.cards))
    assert not dialog.layout_.actions["edit"].isEnabled()
    assert dialog.layout_.actions["simulate"].isEnabled()


def test_another_application_is_chosen_by_keyboard(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened()
    chooser = dialog.layout_.chooser
    chooser.setFocus()
    before, row = dialog.control.application_id, chooser.currentIndex()
    qtbot.keyClick(chooser, Qt.Key.Key_Down if row + 1 < chooser.count() else Qt.Key.Key_Up)
    until(qtbot, lambda: dialog.view is not None and dialog.view.application == chooser.currentText())
    assert dialog.control.application_id != before


def test_another_tickets_tree_is_shown_in_the_window_that_is_open(
    opened: Opened, window: MainWindow, desk: Desk, application: UUID, qtbot: QtBot
) -> None:
    dialog = opened()
    other = next(each for each in staff.applications(desk.database) if each.id != application)
    assert window.shell.part(TreePart).open(other.id) is dialog
    until(qtbot, lambda: dialog.view is not None and dialog.view.application == other.name)
    assert dialog.layout_.chooser.currentText() == other.name


@pytest.fixture
def scene(appearance: Appearance) -> TreeScene:
    made = TreeScene(appearance)
    made.show_tree(climbing())
    return made


def test_the_picture_is_a_drawing_of_lines_and_letters(scene: TreeScene) -> None:
    content = drawn(scene, "svg", "Payments")()
    drawing = QSvgRenderer(QByteArray(content))
    assert drawing.isValid()
    assert drawing.viewBoxF().width() == pytest.approx(scene.whole().width(), abs=1)
    assert b"Payments support" in content
    assert b"<image" not in content


def test_the_picture_is_dots_twice_as_fine(scene: TreeScene) -> None:
    image = QImage.fromData(QByteArray(drawn(scene, "png", "Payments")()))
    assert image.width() == pytest.approx(scene.whole().width() * 2, abs=2)
    assert len({image.pixel(x, image.height() // 2) for x in range(0, image.width(), 7)}) > 4


def test_the_picture_is_one_page(scene: TreeScene) -> None:
    content = drawn(scene, "pdf", "Payments")()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") == 1


def test_the_picture_is_written_without_what_is_chosen_in_it(scene: TreeScene) -> None:
    plain = drawn(scene, "svg", "Payments")()
    scene.choose("payments")
    assert drawn(scene, "svg", "Payments")() == plain
    assert scene.current == "payments"


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_the_picture_is_written_to_a_file(opened: Opened, tmp_path: Path, qtbot: QtBot, kind: str) -> None:
    dialog, file = opened(), tmp_path / f"tree.{kind}"
    dialog.export_to(file)
    until(qtbot, lambda: str(file) in banner(dialog))
    assert file.stat().st_size > 1000


def test_why_a_picture_was_not_written_is_told(opened: Opened, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = opened()
    dialog.export_to(tmp_path / "tree.doc")
    assert "cannot be written as doc" in banner(dialog)
    dialog.export_to(tmp_path / "nowhere" / "tree.svg")
    until(qtbot, lambda: "nowhere" in banner(dialog))


def test_sixty_steps_are_drawn_in_a_blink(appearance: Appearance) -> None:
    made, began = TreeScene(appearance), perf_counter()
    made.show_tree(large())
    assert perf_counter() - began < 0.5
    assert len(made.cards) == 60
