"""Editing the tree that is shown: what a person does to the picture and the forms becomes steps of the draft."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.models.records.trees import Edge, EdgeKind, Node, Tree, TreeView
from app.services.wording import tr
from app.views.tree.control import TreeControl
from app.views.tree.draft import Draft, draft_view
from app.views.tree.offers import Offers
from app.views.tree.scene import Chosen


class Editor(QObject):
    """`drawn` brings how the draft looks, at once and again when the database was asked; `wants` what to choose then.

    `connecting` tells from where a line is being drawn by keyboard; empty when that is over.
    """

    drawn = Signal(TreeView)
    wants = Signal(object)
    connecting = Signal(str)

    def __init__(self, control: TreeControl, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._control = control
        self._seen: TreeView | None = None
        self._offers = Offers()
        self.draft: Draft | None = None
        self.connecting_from = ""
        control.drafted.connect(self._drafted)
        control.offered.connect(self._offered)
        control.stored.connect(self._stored)

    @property
    def is_changed(self) -> bool:
        return self.draft is not None and self.draft.is_changed

    def begin(self, view: TreeView) -> None:
        """What was begun here before and neither saved nor given up is told by the control."""
        self._seen, self.draft = view, Draft(view.tree)
        self._control.look_for_draft()
        self._draw()

    def end(self) -> None:
        """What was not saved is given up."""
        self._stop_connecting()
        if self.draft is not None and self.draft.can_undo:
            self._control.keep_draft(None)
        self.draft = None
        self._control.forget_drafts()

    def take_up(self, tree: Tree) -> None:
        """Go on with what was begun before."""
        if self.draft is not None:
            self.draft.take_up(tree)
            self._changed()

    def add(self, after: Chosen) -> None:
        """A new step after the chosen one; its form is what to fill next."""
        if self.draft is not None:
            source = after.target if isinstance(after, Edge) else after or ""
            self._did(self.draft.add(tr("tree_view.new_step"), source))

    def add_manager(self, told_by: Chosen) -> None:
        if self.draft is not None and isinstance(told_by, str):
            self._did(self.draft.add_manager(tr("tree_view.new_manager"), told_by))

    def remove(self, what: Chosen) -> None:
        if self.draft is not None and what:
            self.draft.remove(what)
            self._did(None)

    def connect_steps(self, source: str, target: str, kind: EdgeKind = EdgeKind.FUNCTIONAL) -> None:
        self._stop_connecting()
        if self.draft is not None:
            edge = self.draft.connect(source, target, kind)
            self._did(edge or target)

    def start_connecting(self, source: Chosen) -> None:
        """By keyboard: from here; then to where Return is pressed."""
        if isinstance(source, str):
            self.connecting_from = source
            self.connecting.emit(source)

    def finish_connecting(self, target: Chosen) -> bool:
        """Whether a line was being drawn."""
        source = self.connecting_from
        if not source:
            return False
        if isinstance(target, str) and target != source:
            self.connect_steps(source, target)
        return True

    def stop_connecting(self) -> bool:
        """Whether a line was being drawn."""
        was = bool(self.connecting_from)
        self._stop_connecting()
        return was

    def change(self, node: Node) -> None:
        if self.draft is not None:
            self.draft.change(node)
            self._changed()

    def change_edge(self, before: Edge, after: Edge) -> None:
        if self.draft is not None:
            self.draft.change_edge(before, after)
            self._did(after)

    def move_edge(self, edge: Edge, by: int) -> None:
        if self.draft is not None:
            self.draft.move_edge(edge, by)
            self._did(edge)

    def place(self, key: str, x: float, y: float) -> None:
        if self.draft is not None:
            self.draft.place(key, x, y)
            self._changed()

    def start_at(self, key: str) -> None:
        if self.draft is not None:
            self.draft.start_at(key)
            self._changed()

    def lay_out(self) -> None:
        if self.draft is not None:
            self.draft.lay_out()
            self._changed()

    def undo(self) -> None:
        if self.draft is not None:
            self.draft.undo()
            self._changed()

    def redo(self) -> None:
        if self.draft is not None:
            self.draft.redo()
            self._changed()

    def save(self) -> None:
        if self.draft is not None and self.draft.is_changed:
            self._control.save(self.draft.tree)

    def save_over(self, theirs: Tree) -> None:
        """Mine takes the place of what somebody else stored."""
        if self.draft is not None:
            self.draft.build_on(theirs)
            self._control.save(self.draft.tree)

    def _did(self, wanted: Chosen) -> None:
        self._changed()
        self.wants.emit(wanted)

    def _changed(self) -> None:
        if self.draft is not None:
            self._control.keep_draft(self.draft.tree if self.draft.is_changed else None)
        self._draw()

    def _draw(self) -> None:
        """By shape at once; the rest as soon as the database was asked."""
        if self.draft is not None and self._seen is not None:
            self.drawn.emit(draft_view(self.draft.tree, self._seen, self._offers.names, self._control.now))
            self._control.try_draft(self.draft.tree)

    def _drafted(self, view: TreeView) -> None:
        if self.draft is not None and view.tree == self.draft.tree:
            self._seen = view
            self.drawn.emit(view)

    def _offered(self, offers: Offers) -> None:
        self._offers = offers

    def _stored(self, tree: Tree) -> None:
        if self.draft is not None:
            self.draft.stored(tree)
            self._control.keep_draft(self.draft.tree if self.draft.is_changed else None)
            if self._seen is not None:
                self._seen = replace(self._seen, inherited=False)
            self._draw()

    def _stop_connecting(self) -> None:
        if self.connecting_from:
            self.connecting_from = ""
            self.connecting.emit("")
