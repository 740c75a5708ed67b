"""Where things stand in the tree's window: a bar, the outline, the picture, and what is known of a step. No logic."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner
from app.views.kit.buttons import action_button, menu_button
from app.views.kit.elided import ElidedLabel
from app.views.kit.states import StateView
from app.views.tree.exporting import SUFFIXES
from app.views.tree.keys import KEYS
from app.views.tree.outline import TreeOutline
from app.views.tree.picture import TreePicture
from app.views.tree.scene import TreeScene
from app.views.tree.side import SidePanel

_WIDTHS = (290, 690, 350)
_WIDENED = (1, 4, 0)
"""Who gets how much of a window that is wider: names of many steps are long."""


class TreeLayout:
    """Builds the widgets of a tree's window and names them."""

    def __init__(self, window: QWidget, appearance: Appearance) -> None:
        self._window, self._appearance = window, appearance
        self.actions: dict[str, QAction] = {}
        self.scene = TreeScene(appearance, window)
        self.picture = TreePicture(self.scene, appearance)
        self.outline = TreeOutline(appearance)
        self.side = SidePanel(appearance)
        self.state = StateView(appearance)
        self.told = Banner(appearance)
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(tr("tree_view.application"))
        self.chooser.setMinimumWidth(210)
        self.about = ElidedLabel()
        self.about.setProperty("role", "caption")
        self.zoom = QLabel()
        self.zoom.setProperty("role", "caption")
        self.hint = QLabel()
        self.hint.setProperty("role", "caption")
        self.middle = QStackedWidget()
        self.edit_bar = QFrame()

    def action(self, name: str, icon: str, run: Callable[[], object], *, checkable: bool = False) -> QAction:
        """A command of this window, by its key wherever the focus is in it."""
        keys = KEYS.get(name, "")
        action = QAction(tr(f"tree_view.do.{name}"), self._window)
        action.setCheckable(checkable)
        if keys:
            action.setShortcut(QKeySequence(keys))
            native = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{action.text()}  ({native})")
        if icon:
            self._appearance.dress(action, icon, "text")
        action.triggered.connect(lambda *_: run())
        self._window.addAction(action)
        self.actions[name] = action
        return action

    def build(self) -> None:
        """Put everything together; the actions must be there."""
        whole = QVBoxLayout(self._window)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._bar())
        whole.addWidget(self._edit_row())
        whole.addWidget(self.told)
        for each in (self.picture, self.state):
            self.middle.addWidget(each)
        self.picture.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.picture.addActions([self.actions[each] for each in ("add", "add_manager", "connect", "remove", "fit")])
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setChildrenCollapsible(False)
        panes: tuple[QWidget, ...] = (self.outline, self.middle, self.side)
        for pane in panes:
            pane.setMinimumWidth(180)
            columns.addWidget(pane)
        columns.setSizes(list(_WIDTHS))
        for place in range(len(panes)):
            columns.setStretchFactor(place, _WIDENED[place])
        whole.addWidget(columns, 1)

    def _bar(self) -> QFrame:
        bar, row = self._row()
        row.addWidget(self.chooser)
        row.addSpacing(8)
        row.addWidget(self.about, 1)
        for name in ("zoom_out", "zoom_in", "fit"):
            row.addWidget(action_button(self.actions[name], words=False))
            if name == "zoom_out":
                row.addWidget(self.zoom)
        self.zoom.setMinimumWidth(44)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self._upright())
        row.addWidget(action_button(self.actions["simulate"]))
        row.addWidget(action_button(self.actions["edit"]))
        row.addWidget(self._exports())
        return bar

    def _edit_row(self) -> QFrame:
        self.edit_bar, row = self._row()
        for name in ("add", "add_manager", "connect", "remove", "", "undo", "redo", "lay_out", "by_template"):
            words = name not in ("undo", "redo")
            row.addWidget(action_button(self.actions[name], words=words) if name else self._upright())
        row.addWidget(self.hint, 1)
        row.addWidget(action_button(self.actions["save"]))
        self.edit_bar.hide()
        return self.edit_bar

    def _exports(self) -> QToolButton:
        button, menu = menu_button(tr("tree_view.do.export"), "save", self._appearance, words=True)
        menu.addActions([self.actions[f"export_{kind}"] for kind in SUFFIXES])
        return button

    def _row(self) -> tuple[QFrame, QHBoxLayout]:
        bar = QFrame()
        bar.setProperty("role", "toolbar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 7, 10, 7)
        row.setSpacing(4)
        return bar, row

    def _upright(self) -> QFrame:
        line = QFrame()
        line.setProperty("role", "upright")
        return line
