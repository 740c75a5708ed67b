"""Beside the picture: the details of what is chosen, its form while the tree is edited, or the simulation."""

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.models.records.trees import Edge, Node, TreeView
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.tree.details import TreeDetails
from app.views.tree.details_model import edge_sections, step_sections, tree_sections
from app.views.tree.edge_form import EdgeForm
from app.views.tree.edge_words import edge_spoken
from app.views.tree.node_form import NodeForm
from app.views.tree.offers import Offers
from app.views.tree.scene import Chosen
from app.views.tree.simulation import SimulationPanel


class SidePanel(QStackedWidget):
    """One panel at a time; see `show_chosen`."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers = Offers()
        self.details, self.node_form, self.edge_form = TreeDetails(), NodeForm(appearance), EdgeForm()
        self.simulation = SimulationPanel()
        for panel in (self.details, self.node_form, self.edge_form, self.simulation):
            self.addWidget(panel)

    def offer(self, offers: Offers) -> None:
        self._offers = offers
        self.node_form.offer(offers)

    def enter(self) -> None:
        """The focus goes to what there is to read or to fill."""
        panel = self.currentWidget()
        if panel is self.node_form:
            self.node_form.name.setFocus()
        elif panel is self.edge_form:
            self.edge_form.kind.setFocus()
        else:
            self.details.setFocus()

    def show_simulation(self) -> None:
        self.setCurrentWidget(self.simulation)

    def show_chosen(self, view: TreeView, what: Chosen, *, editing: bool) -> None:
        """What is known of a step or an edge, or of the whole tree where neither is chosen."""
        node = view.tree.node(what) if isinstance(what, str) else None
        if editing and node is not None:
            self.node_form.show_node(node, is_start=node.key == view.tree.start)
            self.setCurrentWidget(self.node_form)
        elif editing and isinstance(what, Edge):
            names = {each.key: each.name for each in view.tree.nodes}
            self.edge_form.show_edge(what, edge_spoken(Edge(what.source, what.target, what.kind), names))
            self.setCurrentWidget(self.edge_form)
        else:
            self._show_details(view, node, what)
            self.setCurrentWidget(self.details)

    def _show_details(self, view: TreeView, node: Node | None, what: Chosen) -> None:
        if node is not None:
            self.details.show_sections(node.name, step_sections(view, node.key, self._offers))
        elif isinstance(what, Edge):
            self.details.show_sections(tr("tree_view.edge"), edge_sections(view, what))
        else:
            self.details.show_sections("", tree_sections(view), tr("tree_view.details_hint"))
