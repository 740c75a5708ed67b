"""Buttons of a toolbar: one for an action, and one with a menu of what is needed less often."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from app.views.kit.appearance import Appearance

_SIZE = QSize(16, 16)


def action_button(action: QAction, *, words: bool = True) -> QToolButton:
    """A button for an action, with its words or with its picture alone."""
    button = _flat(action.text(), words=words)
    button.setDefaultAction(action)
    return button


def menu_button(text: str, icon: str, appearance: Appearance, *, words: bool = False) -> tuple[QToolButton, QMenu]:
    """A button that unfolds a menu, which is still empty. Its picture is the `icon` of the appearance."""
    button = _flat(text, words=words)
    button.setText(text)
    button.setToolTip(text)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    appearance.dress(button, icon, "text")
    menu = QMenu(button)
    button.setMenu(menu)
    return button, menu


def _flat(name: str, *, words: bool) -> QToolButton:
    button = QToolButton()
    style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly
    button.setToolButtonStyle(style)
    button.setIconSize(_SIZE)
    button.setProperty("role", "flat")
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
