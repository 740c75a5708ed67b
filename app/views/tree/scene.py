"""The picture of a tree: its cards, lines and levels, and which of them is chosen."""

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QGraphicsSceneMouseEvent

from app.models.records.trees import Edge, EdgeKind, Node, TreeView
from app.views.kit.appearance import Appearance
from app.views.tree.edge_words import edge_label, edge_spoken
from app.views.tree.hand import Hand
from app.views.tree.items import HANDLE, LEVEL_TINTS, BandItem, CardItem, LineItem, Mark
from app.views.tree.layout import CARD, Box, Layout, arrange
from app.views.tree.words import card_words, level_words

_MARGIN = 28.0
Chosen = str | Edge | None
"""What is chosen: a step by its key, an edge, or nothing."""


class TreeScene(QGraphicsScene):
    """`chosen` brings what a person chose, however they did."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._quiet = False
        self.layout = Layout({}, (), (), Box(0.0, 0.0, *CARD))
        self.view: TreeView | None = None
        self.cards: dict[str, CardItem] = {}
        self.lines: dict[Edge, LineItem] = {}
        self._bands: list[BandItem] = []
        self.hand = Hand(self, appearance)
        self._is_edited = False
        self._waiting: TreeView | None = None
        self.selectionChanged.connect(self._selected)
        appearance.follow(self, _repaint)

    @property
    def current(self) -> Chosen:
        """What is chosen now."""
        for item in self.selectedItems():
            if isinstance(item, CardItem):
                return item.key
            if isinstance(item, LineItem):
                return item.edge
        return None

    def show_tree(self, view: TreeView) -> None:
        """Draw it; what was chosen stays so where it is still there. What is under somebody's hand is not drawn anew
        until they let go of it."""
        if self.hand.is_busy:
            self._waiting = view
            return
        chosen = self.current
        self._quiet, self._waiting = True, None
        self.clear()
        self.view, self.layout = view, arrange(view.tree)
        nodes = {each.node.key: each for each in view.nodes}
        self._bands = [BandItem(level, level_words(level), box, self._appearance) for level, box in self.layout.bands]
        self.cards = {
            key: CardItem(key, self._tint(nodes[key].node), box, card_words(nodes[key], view), self._appearance)
            for key, box in self.layout.cards.items()
            if key in nodes
        }
        names = {each.key: each.name for each in view.tree.nodes}
        self.lines = {
            line.edge: LineItem(line, edge_label(line.edge), edge_spoken(line.edge, names), self._appearance)
            for line in self.layout.lines
        }
        self._add_all()
        self._mark_walked()
        self.edit(edited=self._is_edited)
        self._quiet = False
        self.choose(chosen)

    def choose(self, what: Chosen) -> None:
        """Choose a step or an edge; nothing where it is not there."""
        item: QGraphicsItem | None = None
        if isinstance(what, str):
            item = self.cards.get(what)
        elif isinstance(what, Edge):
            item = self.lines.get(what)
        self._quiet = True
        self.clearSelection()
        if item is not None:
            item.setSelected(True)
        self._quiet = False
        self._selected()

    def edit(self, *, edited: bool) -> None:
        """From now on the mouse moves cards and draws lines, or does not."""
        self._is_edited = edited
        for card in self.cards.values():
            card.show_handles(shown=edited)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if self._is_edited and event.button() == Qt.MouseButton.LeftButton:
            card = self._card_at(event.scenePos(), HANDLE)
            if self.hand.press(event.scenePos(), card) and card is not None:
                self.choose(card.key)
                event.accept()
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if not self._is_edited or not self.hand.move(event.scenePos()):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._is_edited:
            self.hand.release(event.scenePos(), self._card_at(event.scenePos()))
        if self._waiting is not None:
            self.show_tree(self._waiting)

    def _card_at(self, at: QPointF, margin: float = 0.0) -> CardItem | None:
        around = (each for each in self.cards.values() if each.box.adjusted(-2, -margin, margin, 2).contains(at))
        return next(around, None)

    def show_plan(self, badges: Mapping[str, str], edges: frozenset[tuple[str, str]] = frozenset()) -> None:
        """Mark what a simulation goes through; nothing with no badges."""
        for key, card in self.cards.items():
            card.set_badge(badges.get(key, ""))
        walked = self._walked_edges()
        for edge, line in self.lines.items():
            ends = (edge.source, edge.target)
            line.set_mark(Mark.PLANNED if ends in edges else Mark.WALKED if edge in walked else Mark.NONE)

    def whole(self) -> QRectF:
        """All of the picture, with a margin."""
        box = self.layout.whole
        return QRectF(box.x, box.y, box.width, box.height).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)

    def _add_all(self) -> None:
        for item in (*self._bands, *self.lines.values(), *self.cards.values()):
            self.addItem(item)
        around = self.whole()
        for line in self.lines.values():
            around = around.united(line.boundingRect())
        self.setSceneRect(around)

    def _tint(self, node: Node) -> str:
        return "control_border" if node.key in self.layout.managers else LEVEL_TINTS[node.level]

    def _mark_walked(self) -> None:
        for edge in self._walked_edges():
            self.lines[edge].set_mark(Mark.WALKED)

    def _walked_edges(self) -> frozenset[Edge]:
        way = self.view.way if self.view is not None else ()
        steps = set(pairwise(way))
        return frozenset(
            each for each in self.lines if (each.source, each.target) in steps and each.kind is EdgeKind.FUNCTIONAL
        )

    def _selected(self) -> None:
        if not self._quiet:
            self.chosen.emit(self.current)


def _repaint(scene: QObject) -> None:
    assert isinstance(scene, TreeScene)
    scene.setBackgroundBrush(scene._appearance.theme.colour("window"))  # noqa: SLF001 - it is its own
    scene.update()
