"""What a card and a line look like: each state can be told from the others, in both themes, near and far."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.models.records.trees import Edge, NodeView, TreeView
from app.views.kit.appearance import Appearance
from app.views.screens.trees_seen import climbing, seen, small_tree
from app.views.tree.items import letters, lines_in_room, ring_tint, two_lines
from app.views.tree.scene import TreeScene

Change = Callable[[NodeView], NodeView]


def drawn(scene: TreeScene, area: QRectF, scale: float = 1.0) -> QImage:
    image = QImage(round(area.width() * scale), round(area.height() * scale), QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    scene.render(painter, QRectF(image.rect()), area, Qt.AspectRatioMode.KeepAspectRatio)
    painter.end()
    return image


def card(appearance: Appearance, view: TreeView, key: str, scale: float = 1.0) -> QImage:
    scene = TreeScene(appearance)
    scene.show_tree(view)
    return drawn(scene, scene.cards[key].box.adjusted(-12, -14, 12, 12), scale)


def changed(change: Change) -> TreeView:
    view = seen(small_tree())
    return replace(view, nodes=tuple(change(each) if each.node.key == "payments" else each for each in view.nodes))


STATES: dict[str, Change] = {
    "plain": lambda each: each,
    "nobody": lambda each: replace(each, on_duty="", duty=None),
    "closed": lambda each: replace(each, is_open=False, opens_at=None),
    "gap": lambda each: replace(
        each, gap=(each.duty.until, each.duty.until) if each.duty and each.duty.until else None
    ),
    "calm": lambda each: replace(each, share=0.2),
    "soon": lambda each: replace(each, share=0.9),
    "late": lambda each: replace(each, share=1.4),
    "walked": lambda each: replace(each, walked=True),
    "current": lambda each: replace(each, current=True),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 0.45])
def test_each_state_of_a_card_looks_different(appearance: Appearance, theme: str, scale: float) -> None:
    appearance.choose("dark" if theme == "dark" else "light")
    pictures = {name: card(appearance, changed(change), "payments", scale) for name, change in STATES.items()}
    names = list(pictures)
    alike = [(one, other) for one in names for other in names if one < other and pictures[one] == pictures[other]]
    assert alike == []


def test_what_is_chosen_is_seen(appearance: Appearance) -> None:
    scene = TreeScene(appearance)
    scene.show_tree(climbing())
    area = scene.cards["vendor"].box.adjusted(-8, -8, 8, 8)
    before = drawn(scene, area)
    scene.choose("vendor")
    assert drawn(scene, area) != before


def test_a_theme_is_worn_at_once(appearance: Appearance) -> None:
    scene = TreeScene(appearance)
    scene.show_tree(climbing())
    corner = scene.whole().adjusted(0, 0, -scene.whole().width() + 20, -scene.whole().height() + 20)
    light = drawn(scene, corner).pixelColor(4, 4)
    appearance.choose("dark")
    dark = drawn(scene, corner).pixelColor(4, 4)
    assert (light, dark) == (QColor("#f1f4f8"), QColor("#161b22"))


def test_the_way_that_was_walked_is_drawn_stronger(appearance: Appearance) -> None:
    scene = TreeScene(appearance)
    scene.show_tree(climbing())
    walked = [edge for edge, line in scene.lines.items() if line.mark.value == "walked"]
    assert [(each.source, each.target) for each in walked] == [("desk", "payments")]


def test_a_planned_way_is_marked_and_taken_back_to_what_was_walked(appearance: Appearance) -> None:
    scene = TreeScene(appearance)
    scene.show_tree(climbing())
    scene.show_plan({"data": "1"}, frozenset({("desk", "data")}))
    marks = {(each.source, each.target): line.mark.value for each, line in scene.lines.items()}
    assert (marks["desk", "data"], marks["desk", "payments"]) == ("planned", "walked")
    assert scene.cards["data"].badge == "1"
    scene.show_plan({})
    assert {line.mark.value for line in scene.lines.values()} == {"none", "walked"}
    assert scene.cards["data"].badge == ""


def test_a_choice_survives_that_the_tree_is_read_again(appearance: Appearance) -> None:
    scene = TreeScene(appearance)
    scene.show_tree(climbing())
    edge = next(iter(scene.lines))
    scene.choose(edge)
    scene.show_tree(climbing())
    assert scene.current == edge
    scene.choose(Edge("no", "where"))
    assert scene.current is None


def test_hints_show_names_as_they_are_written(appearance: Appearance) -> None:
    scene = TreeScene(appearance)
    view = changed(lambda each: replace(each, on_duty="<b>Eve</b>"))
    scene.show_tree(view)
    assert "&lt;b&gt;Eve&lt;/b&gt;" in scene.cards["payments"].toolTip()


@pytest.mark.parametrize(("share", "tint"), [(0.0, "success"), (0.74, "success"), (0.75, "warning"), (1.0, "danger")])
def test_the_ring_turns_red_with_the_time(share: float, tint: str) -> None:
    assert ring_tint(share) == tint


@pytest.mark.usefixtures("appearance")
def test_a_long_name_is_broken_between_words() -> None:
    metrics = QFontMetricsF(letters(22))
    width = metrics.horizontalAdvance("Head of service")
    assert two_lines("Head of service", metrics, width) == ["Head of service"]
    assert two_lines("Head of service", metrics, width * 0.7) == ["Head of", "service"]
    assert two_lines("Unbreakable", metrics, 3) == ["Unbreakable"]


ROW, WIDE, NARROW = 24.0, 400.0, 120.0
DUTY, UNTIL = "Tomasz Zieliński", "until Mon 08:00, then Priya Nair"


@pytest.mark.parametrize(
    ("room", "width", "lines"),
    [(2 * ROW, WIDE, (1, 1)), (2 * ROW, NARROW, (1, 1)), (3 * ROW, NARROW, (2, 1)), (4 * ROW, NARROW, (2, 2))],
)
def test_a_card_tells_from_afar_as_much_as_its_height_has_room_for(
    room: float, width: float, lines: tuple[int, int], qapp: QApplication
) -> None:
    told = lines_in_room(DUTY, UNTIL, room, width)
    assert tuple(map(len, told)) == lines
    assert tuple(map(" ".join, told)) == (DUTY, UNTIL)
