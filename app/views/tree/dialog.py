"""The tree's window: the picture, its outline and what is known of a step; looked at, edited and tried out."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QWidget

from app.models.errors import KnownError
from app.models.records.trees import Tree, TreeView
from app.services.wording import tr, tr_error
from app.views.kit.appearance import Appearance
from app.views.kit.boxes import choose
from app.views.shortcuts.windows import show_keys
from app.views.tree.control import TreeControl
from app.views.tree.dialog_layout import TreeLayout
from app.views.tree.editor import Editor
from app.views.tree.exporting import SUFFIXES, ask_for_file, drawn
from app.views.tree.offers import Offers
from app.views.tree.scene import Chosen
from app.views.tree.trying import Trying
from app.views.tree.words import instant_words

_SIZE = (1400, 820)
_GOOD_NEWS_MS = 6_000


class TreeDialog(QDialog):
    """It stays open beside the main window. What was edited and not saved is not lost by closing: it asks first."""

    def __init__(self, control: TreeControl, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setWindowTitle(tr("tree_view.title"))
        self.control = control
        control.setParent(self)
        self.layout_ = TreeLayout(self, appearance)
        self.editor = Editor(control, self)
        self.trying = Trying(control, self.editor, self.layout_.scene, self.layout_.side.simulation)
        self.view: TreeView | None = None
        self._discards = False
        self._first_look: tuple[UUID | None, UUID | None] | None = None
        self._add_actions()
        self.layout_.build()
        self._connect()
        appearance.changed.connect(self._repaint)
        self._enable()
        room = parent.window().size() if parent is not None else QSize(*_SIZE)
        self.resize(QSize(*_SIZE).boundedTo(room))
        self.layout_.state.loading()
        self.layout_.middle.setCurrentWidget(self.layout_.state)
        control.look_for_offers()

    @property
    def chosen(self) -> Chosen:
        return self.layout_.scene.current

    @property
    def is_editing(self) -> bool:
        return self.editor.draft is not None

    def reject(self) -> None:
        """It is closed, by whatever means."""
        if not self._holds_back(self.reject):
            self.editor.end()
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape lets go of a line first, then it ends trying and editing, and at last it closes."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif not self.editor.stop_connecting():
            on = [each for each in ("simulate", "edit") if self.layout_.actions[each].isChecked()]
            (self.layout_.actions[on[0]].trigger if on else self.reject)()

    def _add_actions(self) -> None:
        action, layout, edit = self.layout_.action, self.layout_, self.editor
        action("zoom_out", "zoom-out", layout.picture.zoom_out)
        action("zoom_in", "zoom-in", layout.picture.zoom_in)
        action("fit", "fit", layout.picture.fit)
        action("simulate", "clock", self._try_or_not, checkable=True)
        action("edit", "note", self._edit_or_not, checkable=True)
        for kind in SUFFIXES:
            action(f"export_{kind}", "", partial(self._export, kind))
        action("add", "add", lambda: edit.add(self.chosen))
        action("add_manager", "person", lambda: edit.add_manager(self.chosen))
        action("connect", "link", lambda: edit.start_connecting(self.chosen))
        action("remove", "trash", lambda: edit.remove(self.chosen))
        action("undo", "undo", edit.undo)
        action("redo", "redo", edit.redo)
        action("lay_out", "columns", edit.lay_out)
        action("by_template", "archive", self._ask_for_template)
        action("save", "check", edit.save)
        action("keys", "info", partial(show_keys, "tree", self))

    def _connect(self) -> None:
        layout, control, edit = self.layout_, self.control, self.editor
        control.offered.connect(self._offer)
        control.shown.connect(self._shown)
        control.stored.connect(self._stored)
        control.overtaken.connect(self._overtaken)
        control.written.connect(self._written)
        control.left.connect(self._tell_left)
        control.failed.connect(lambda error: layout.told.tell("error", tr_error(error)))
        control.unreadable.connect(self._unreadable)
        layout.chooser.activated.connect(lambda _row: self._choose_application())
        layout.scene.chosen.connect(self._chose)
        layout.outline.chosen.connect(layout.scene.choose)
        layout.outline.opened.connect(self._open)
        layout.picture.opened.connect(self._open)
        layout.picture.zoomed.connect(lambda percent: layout.zoom.setText(tr("tree_view.percent", percent=percent)))
        layout.scene.hand.connected.connect(edit.connect_steps)
        layout.scene.hand.placed.connect(edit.place)
        layout.side.node_form.changed.connect(edit.change)
        layout.side.node_form.starts.connect(edit.start_at)
        layout.side.edge_form.changed.connect(edit.change_edge)
        layout.side.edge_form.moved.connect(edit.move_edge)
        edit.drawn.connect(self._draw)
        edit.wants.connect(self._want)
        edit.connecting.connect(self._tell_connecting)

    def _offer(self, offers: Offers) -> None:
        self.layout_.side.offer(offers)
        chooser = self.layout_.chooser
        chooser.clear()
        for each in offers.applications:
            chooser.addItem(each.name, str(each.id))
        if self.control.application_id is not None:
            choose(chooser, str(self.control.application_id))
        elif offers.applications:
            self._choose_application()
        else:
            self.layout_.state.empty("application", tr("tree_view.no_application"), tr("tree_view.no_application_hint"))
        self._show_side()

    def _choose_application(self) -> None:
        wanted = self.layout_.chooser.currentData()
        if wanted and UUID(str(wanted)) != self.control.application_id:
            if self._holds_back(self._choose_application):
                choose(self.layout_.chooser, str(self.control.application_id))
                return
            self._end_editing()
            self.control.look(UUID(str(wanted)))

    def _shown(self, view: TreeView) -> None:
        if not self.is_editing:
            is_new = self._first_look != (self.control.application_id, self.control.ticket_id)
            self._first_look = (self.control.application_id, self.control.ticket_id)
            self._draw(view)
            choose(self.layout_.chooser, str(self.control.application_id))
            if is_new:
                current = next((each.node.key for each in view.nodes if each.current), view.tree.start)
                self._want(current)
                self.layout_.picture.begin()

    def _draw(self, view: TreeView) -> None:
        """Show it, as it is stored or as it is edited."""
        layout, self.view = self.layout_, view
        layout.scene.show_tree(view)
        layout.outline.show_tree(view)
        self.trying.draw_again(view)
        is_empty = not view.tree.nodes and not self.is_editing
        if is_empty:
            hint = tr("tree_view.empty_hint") if self.control.may_change else ""
            layout.state.empty("split", tr("tree_view.empty"), hint)
        layout.middle.setCurrentWidget(layout.state if is_empty else layout.picture)
        version = 0 if view.inherited else view.tree.version
        origin = tr("tree_view.own", version=version) if version else tr("tree_view.inherited")
        asof = tr("tree_view.as_of", time=instant_words(view.at, view.at))
        layout.about.setText(f"{origin}   ·   {asof}")
        self.setWindowTitle(tr("tree_view.title_of", name=view.application))
        self._show_side()
        self._enable()

    def _repaint(self) -> None:
        """Icons in the outline are of the theme."""
        if self.view is not None:
            self.layout_.outline.show_tree(self.view)

    def _want(self, what: Chosen) -> None:
        self.layout_.scene.choose(what)
        self.layout_.picture.setFocus()

    def _chose(self, what: Chosen) -> None:
        self.layout_.outline.choose(what if isinstance(what, str) else "")
        self._show_side()
        self._enable()

    def _open(self) -> None:
        """Return: a line that is being drawn ends here, else it is on to the details."""
        if self.editor.finish_connecting(self.chosen):
            return
        self.layout_.side.enter()

    def _show_side(self) -> None:
        if self.trying.is_on:
            self.layout_.side.show_simulation()
        elif self.view is not None:
            self.layout_.side.show_chosen(self.view, self.chosen, editing=self.is_editing)

    def _edit_or_not(self) -> None:
        if self.layout_.actions["edit"].isChecked() and self.view is not None:
            self.layout_.scene.edit(edited=True)
            self.editor.begin(self.view)
        elif self._holds_back(self.layout_.actions["edit"].trigger):
            self.layout_.actions["edit"].setChecked(True)
        else:
            self._end_editing()
            self.control.look_again()
        self._enable()

    def _end_editing(self) -> None:
        self._discards = False
        self.editor.end()
        self.layout_.scene.edit(edited=False)
        self.layout_.actions["edit"].setChecked(False)
        self._enable()

    def _holds_back(self, again: Callable[[], object]) -> bool:
        """Whether something is not saved yet; then it is asked whether to leave it."""
        if not self.editor.is_changed or self._discards:
            return False

        def discard() -> None:
            self._discards = True
            again()

        self.layout_.told.tell("warning", tr("tree_view.unsaved"), (tr("tree_view.discard"), discard))
        return True

    def _stored(self, _tree: Tree) -> None:
        self.layout_.told.tell("success", tr("tree_view.stored"), milliseconds=_GOOD_NEWS_MS)
        self._enable()

    def _overtaken(self, theirs: Tree) -> None:
        again = (tr("tree_view.save_mine"), partial(self.editor.save_over, theirs))
        self.layout_.told.tell("warning", tr("tree_view.overtaken"), again)

    def _tell_left(self, tree: Tree) -> None:
        if self.is_editing and not self.editor.is_changed:
            go_on = (tr("tree_view.take_up"), partial(self.editor.take_up, tree))
            self.layout_.told.tell("info", tr("tree_view.left_over"), go_on)

    def _ask_for_template(self) -> None:
        def forget() -> None:
            tree = self.editor.draft.saved if self.editor.draft is not None else None
            self._end_editing()
            if tree is not None:
                self.control.remove(tree)

        self.layout_.told.tell("warning", tr("tree_view.forget_own"), (tr("tree_view.forget"), forget))

    def _try_or_not(self) -> None:
        if self.layout_.actions["simulate"].isChecked():
            self.layout_.side.show_simulation()
            self.trying.begin()
        else:
            self.trying.end()
            self._show_side()

    def _unreadable(self, error: KnownError) -> None:
        if self.is_editing or (self.view is not None and self.view.tree.nodes):
            self.layout_.told.tell("error", tr_error(error))
        else:
            self.layout_.state.error(tr_error(error), self.control.look_again)
            self.layout_.middle.setCurrentWidget(self.layout_.state)

    def _export(self, kind: str) -> None:
        name = self.view.application if self.view is not None else ""
        file = ask_for_file(self, name, kind)
        if file is not None:
            self.export_to(file)

    def export_to(self, file: Path) -> None:
        """Write the picture; the kind is the file's suffix."""
        try:
            content = drawn(self.layout_.scene, file.suffix.lower().removeprefix("."), self.windowTitle())
        except KnownError as error:
            self.layout_.told.tell("error", tr_error(error))
        else:
            self.control.write_file(file, content)

    def _written(self, file: Path) -> None:
        self.layout_.told.tell("success", tr("tree_view.exported", file=file), milliseconds=_GOOD_NEWS_MS)

    def _tell_connecting(self, source: str) -> None:
        node = self.view.tree.node(source) if self.view is not None and source else None
        self.layout_.hint.setText(tr("tree_view.connecting", name=node.name) if node is not None else "")

    def _enable(self) -> None:
        actions, draft, what = self.layout_.actions, self.editor.draft, self.chosen
        editing = draft is not None
        self.layout_.edit_bar.setVisible(editing)
        actions["edit"].setEnabled(self.control.may_change and self.view is not None)
        actions["simulate"].setEnabled(self.view is not None)
        for name, can in (
            ("add", editing),
            ("add_manager", isinstance(what, str)),
            ("connect", isinstance(what, str)),
            ("remove", bool(what)),
            ("undo", draft is not None and draft.can_undo),
            ("redo", draft is not None and draft.can_redo),
            ("lay_out", editing),
            ("by_template", draft is not None and draft.saved.version > 0),
            ("save", draft is not None and draft.is_changed),
        ):
            actions[name].setEnabled(editing and can)
        for kind in SUFFIXES:
            actions[f"export_{kind}"].setEnabled(self.view is not None)
