"""Trying the tree out that is shown: asked in the panel, told there and in the picture."""

from PySide6.QtCore import QObject, Signal

from app.models.records.trees import Simulation, TreeView
from app.views.tree.control import TreeControl
from app.views.tree.editor import Editor
from app.views.tree.scene import TreeScene
from app.views.tree.simulation import SimulationPanel
from app.views.tree.simulation_model import badges, plan_lines, plan_words, planned_ways


class Trying(QObject):
    """`ended` tells that the picture is again what it was."""

    ended = Signal()

    def __init__(self, control: TreeControl, editor: Editor, scene: TreeScene, panel: SimulationPanel) -> None:
        super().__init__(panel)
        self._control, self._editor, self._scene, self._panel = control, editor, scene, panel
        self._found: Simulation | None = None
        self.is_on = False
        panel.asked.connect(self._ask)
        panel.chosen.connect(scene.choose)
        control.simulated.connect(self._show)

    def begin(self) -> None:
        self.is_on = True
        self._panel.begin(self._control.now)
        self._panel.priority.setFocus()

    def end(self) -> None:
        self.is_on, self._found = False, None
        self._scene.show_plan({})
        self.ended.emit()

    def draw_again(self, view: TreeView) -> None:
        """The picture was drawn anew: what was worked out is marked in it again."""
        if self._found is not None:
            self._scene.show_plan(badges(self._found), planned_ways(self._found, view.tree))

    def _ask(self) -> None:
        draft = self._editor.draft
        tree = draft.tree if draft is not None else None
        self._control.simulate(self._panel.facts(), self._panel.instant(), tree)

    def _show(self, found: Simulation) -> None:
        if self.is_on:
            self._found = found
            self._panel.show_plan(plan_lines(found), plan_words(found))
            if self._scene.view is not None:
                self.draw_again(self._scene.view)
