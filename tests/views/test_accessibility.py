"""Every window and dialog of the pictures: reachable by keyboard, named for those who listen, and nothing cut off."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.services.desk import Desk
from app.views.kit.elided import ElidedLabel
from app.views.screens import SCREENS
from app.views.screens.screen import Screen
from app.views.screens.setting import brought_about

_CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QAbstractScrollArea, QAbstractSpinBox, QTabBar)
WALKED = [each for each in SCREENS if each.theme == "light" or each.language != "en"]
"""What differs in colours alone is walked once; colours have tests of their own."""


def controls(shown: QWidget) -> Iterator[QWidget]:
    """What a person can act upon, and sees."""
    for widget in [shown, *shown.findChildren(QWidget)]:
        own = not widget.objectName().startswith("qt_") and not isinstance(widget.parent(), QComboBox)
        if own and isinstance(widget, _CONTROLS) and widget.isVisibleTo(shown) and widget.isEnabled():
            yield widget


def told(widget: QWidget) -> str:
    """Where it is, for the message of a test."""
    path, here = [], widget
    while here is not None and len(path) < 4:
        words = here.accessibleName() or here.objectName() or getattr(here, "text", str)()
        path.append(f"{type(here).__name__}({words!s:.30})")
        here = here.parentWidget()
    return " < ".join(path)


def name_of(widget: QWidget) -> str:
    """What a screen reader says: its accessible name, its words, or those of its label."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton):
        return widget.text() or widget.toolTip()
    labels = widget.window().findChildren(QLabel)
    return next((each.text() for each in labels if each.buddy() is widget), "")


def is_cut(widget: QWidget) -> bool:
    """Whether its words have less room than they need; what is cut on purpose says all of it in its tooltip."""
    if isinstance(widget, ElidedLabel) or widget.visibleRegion().isEmpty():
        return False
    if isinstance(widget, QLabel) and widget.text() and not widget.wordWrap():
        return widget.width() + 1 < widget.sizeHint().width()
    if isinstance(widget, (QPushButton, QCheckBox)) and widget.property("role") != "link":
        return widget.width() + 1 < widget.minimumSizeHint().width()
    return False


def reached(shown: QWidget) -> set[QWidget]:
    """What Tab goes through, from the first to the first again."""
    window = shown.window()
    start = window.focusWidget() or window
    found, here = set[QWidget](), start
    for _ in range(600):
        here = here.nextInFocusChain()
        found.add(here)
        if here is start:
            break
    return found


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("screen", WALKED, ids=lambda screen: screen.name)
def test_every_control_has_a_name_is_reached_and_is_not_cut_off_when_it_is_drawn(
    desk: Desk, screen: Screen, qtbot: QtBot
) -> None:
    with brought_about(desk, screen) as shown:
        found = list(controls(shown))
        assert found
        by_key = [each for each in found if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert [told(each) for each in by_key if not name_of(each)] == []
        around = reached(shown)
        assert [told(each) for each in by_key if each not in around and each.focusProxy() not in around] == []
        assert [told(each) for each in shown.findChildren(QWidget) if each.isVisibleTo(shown) and is_cut(each)] == []
        assert not shown.grab().isNull()
    QApplication.processEvents()


@pytest.mark.parametrize("screen", [each for each in SCREENS if each.name in ("main-light", "reply-german")],
                         ids=lambda screen: screen.name)  # fmt: skip
def test_the_focus_can_be_seen(desk: Desk, screen: Screen, qtbot: QtBot) -> None:
    """A control with the focus looks different from one without."""
    with brought_about(desk, screen) as shown:
        shown.window().activateWindow()
        unseen = []
        for each in controls(shown):
            if (
                isinstance(each, (QLineEdit, QComboBox, QPushButton, QToolButton))
                and each.focusPolicy() & Qt.FocusPolicy.TabFocus
            ):
                shown.window().setFocus()
                QApplication.processEvents()
                before = each.grab().toImage()
                each.setFocus(Qt.FocusReason.TabFocusReason)
                QApplication.processEvents()
                if each.hasFocus() and before == each.grab().toImage():
                    unseen.append(told(each))
        assert unseen == []
