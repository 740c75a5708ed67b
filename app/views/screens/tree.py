"""Pictures of escalation trees: small and large, edited and tried out."""

from PySide6.QtWidgets import QWidget

from app.models.records.trees import EdgeKind, TreeView
from app.services.trees import store
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle
from app.views.screens.trees_seen import climbing, large
from app.views.tree.dialog import TreeDialog
from app.views.tree.part import TreePart


def _opened(window: MainWindow) -> TreeDialog:
    """The tree that the demo drew itself, or else one that is its template's."""
    trees = sorted(store.listed(window.shell.desk.database), key=lambda each: each.inherited)
    wanted = next((each.application_id for each in trees), None)
    dialog = window.shell.part(TreePart).open(wanted)
    settle(window)
    return dialog


def _with(window: MainWindow, view: TreeView) -> TreeDialog:
    """A tree that no database has, as it would be seen."""
    dialog = _opened(window)
    dialog.control.shown.emit(view)
    dialog.layout_.scene.choose(next(each.node.key for each in view.nodes if each.current))
    return dialog


def _own(window: MainWindow) -> QWidget:
    return _opened(window)


def _climbing(window: MainWindow) -> QWidget:
    return _with(window, climbing())


def _large(window: MainWindow) -> QWidget:
    dialog = _with(window, large())
    dialog.showNormal()
    dialog.resize(1800, 1000)
    return dialog


def _edited(window: MainWindow) -> TreeDialog:
    dialog = _opened(window)
    dialog.layout_.actions["edit"].trigger()
    dialog.layout_.actions["add"].trigger()
    settle(window)
    return dialog


def _edge(window: MainWindow) -> QWidget:
    dialog = _edited(window)
    assert dialog.view is not None
    dialog.layout_.scene.choose(dialog.view.tree.leaving(dialog.view.tree.start, EdgeKind.FUNCTIONAL)[0])
    return dialog


def _connecting(window: MainWindow) -> QWidget:
    dialog = _edited(window)
    dialog.layout_.actions["connect"].trigger()
    return dialog


def _unsaved(window: MainWindow) -> QWidget:
    dialog = _edited(window)
    dialog.reject()
    return dialog


def _tried(window: MainWindow) -> QWidget:
    dialog = _opened(window)
    dialog.layout_.actions["simulate"].trigger()
    dialog.layout_.side.simulation.run.click()
    settle(window)
    return dialog


SCREENS = (
    Screen("tree-own", _own),
    Screen("tree-climbing", _climbing),
    Screen("tree-climbing-dark", _climbing, "dark"),
    Screen("tree-german", _climbing, "dark", "de"),
    Screen("tree-large", _large),
    Screen("tree-large-dark", _large, "dark"),
    Screen("tree-edit", _edited),
    Screen("tree-edit-german", _edited, "dark", "de"),
    Screen("tree-edge", _edge),
    Screen("tree-edge-german", _edge, language="de"),
    Screen("tree-line", _connecting),
    Screen("tree-unsaved", _unsaved),
    Screen("tree-simulate", _tried),
    Screen("tree-simulate-german", _tried, "dark", "de"),
    Screen("tree-x2", _climbing, scale=200),
    Screen("tree-small", _climbing, size=(960, 560)),
)
