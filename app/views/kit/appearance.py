"""The look of the running desk: which theme it wears, its font, and icons in the theme's colours."""

from collections.abc import Callable
from typing import Literal
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.services.resources import resources
from app.views.kit.theme import Theme, theme

Choice = Literal["system", "light", "dark"]
_SIZES = (16, 20, 24, 32)
_FAMILIES = (
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    "Inter",
    "Noto Sans",
    "Cantarell",
    "Ubuntu",
    "DejaVu Sans",
)
_MONOSPACE = ("Cascadia Mono", "Consolas", "SF Mono", "Menlo", "Noto Sans Mono", "Ubuntu Mono", "DejaVu Sans Mono")
_POINTS = 10.0


class Appearance(QObject):
    """Make one for the application. Icons taken by `follow` are painted anew when the theme changes."""

    changed = Signal(Theme)

    def __init__(self, application: QApplication, choice: Choice = "system") -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._followers = WeakKeyDictionary[QObject, list[Callable[[QObject], None]]]()
        self._pictures: dict[tuple[str, str], QIcon] = {}
        self._drawings: dict[tuple[str, str], QSvgRenderer] = {}
        self.theme = theme("light")
        application.setStyle("Fusion")
        application.setFont(font())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self.choose(choice)

    def choose(self, choice: Choice) -> None:
        """Wear this theme from now on; `system` goes with what the desktop wears."""
        self._choice = choice
        self._wear(theme(self._system() if choice == "system" else choice))

    def icon(self, name: str, tint: str = "muted") -> QIcon:
        """The icon of that name in `resources/icons` in a colour of the theme, by its name."""
        key = (name, self.theme[tint])
        if key not in self._pictures:
            self._pictures[key] = _icon(name, self.theme[tint], self.theme["disabled"])
        return self._pictures[key]

    def drawing(self, name: str, tint: str = "muted") -> QSvgRenderer:
        """The same as lines, for what is painted at any size."""
        key = (name, self.theme[tint])
        if key not in self._drawings:
            self._drawings[key] = _renderer(name, self.theme[tint])
        return self._drawings[key]

    def follow(self, target: QObject, paint: Callable[[QObject], None]) -> None:
        """Call `paint(target)` now and whenever the theme changes, for as long as `target` lives.

        `paint` must not hold `target` itself.
        """
        self._followers.setdefault(target, []).append(paint)
        paint(target)

    def dress(self, target: QAction | QAbstractButton, name: str, tint: str = "muted") -> None:
        """Give an action or a button an icon that follows the theme."""
        self.follow(target, lambda living: living.setIcon(self.icon(name, tint)))  # type: ignore[attr-defined]

    def _wear(self, new: Theme) -> None:
        self.theme = new
        self._application.setPalette(new.palette())
        self._application.setStyleSheet(new.stylesheet())
        for target, paints in list(self._followers.items()):
            for paint in paints:
                if shiboken6.isValid(target):
                    paint(target)
        self.changed.emit(new)

    def _follow_system(self) -> None:
        if self._choice == "system":
            self.choose("system")

    def _system(self) -> Literal["light", "dark"]:
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return "dark" if dark else "light"


def font() -> QFont:
    """The platform's own face for reading, at a size that is dense and readable."""
    chosen = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    known = set(QFontDatabase.families())
    if chosen.family() not in _FAMILIES and not chosen.family().startswith("."):  # macOS names its own with a dot
        chosen.setFamilies([each for each in _FAMILIES if each in known] or [chosen.family()])
    chosen.setPointSizeF(max(_POINTS, chosen.pointSizeF()))
    return chosen


def monospace() -> QFont:
    """For logs, reports and what was typed with columns in mind."""
    chosen = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    known = set(QFontDatabase.families())
    chosen.setFamilies([*(each for each in _MONOSPACE if each in known), chosen.family()])
    chosen.setPointSizeF(_POINTS)
    return chosen


def _icon(name: str, colour: str, disabled: str) -> QIcon:
    icon = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        renderer = _renderer(name, tint)
        for size in _SIZES:
            for scale in (1, 2):
                icon.addPixmap(_painted(renderer, size, scale), mode)
    return icon


def _renderer(name: str, colour: str) -> QSvgRenderer:
    drawing = resources().joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(drawing.replace("#000000", colour).encode()))


def _painted(renderer: QSvgRenderer, size: int, scale: int) -> QPixmap:
    picture = QPixmap(QSize(size, size) * scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size * scale, size * scale))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture
