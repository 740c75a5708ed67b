"""How the desk looks: tokens of a theme, and the palette and stylesheet made of them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Template

from PySide6.QtGui import QColor, QPalette

from app.services.resources import resources

THEMES = ("light", "dark")

_SURFACES = ("window", "panel", "sunken", "hover", "note_area")
TEXT_PAIRS = (
    *(("text", surface) for surface in _SURFACES),
    *(("muted", surface) for surface in _SURFACES),
    *(("link", surface) for surface in ("window", "panel", "note_area")),
    *(("danger", surface) for surface in ("window", "panel")),
    *((level, f"{level}_area") for level in ("info", "success", "warning", "danger")),
    *((level, "panel") for level in ("success", "warning")),
    ("text", "found"),
    ("on_selection", "found"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_selection", "selection"),
)
"""What is written on what: each pair has a contrast of at least 4.5."""

SHAPE_PAIRS = (
    *((shape, "panel") for shape in ("control_border", "focus", "accent", "incoming", "outgoing", "note", "event")),
    *(("focus", surface) for surface in ("window", "note_area")),
    ("control_border", "window"),
    ("note", "note_area"),
    *((shape, "sunken") for shape in ("muted", "accent", "focus", "note", "incoming", "outgoing")),
)
"""Edges that one must be able to see: each pair has a contrast of at least 3."""

_PALETTE = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "panel",
    QPalette.ColorRole.AlternateBase: "hover",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Button: "panel",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "danger",
    QPalette.ColorRole.ToolTipBase: "panel",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Link: "link",
    QPalette.ColorRole.LinkVisited: "link",
    QPalette.ColorRole.Light: "panel",
    QPalette.ColorRole.Mid: "border",
    QPalette.ColorRole.Dark: "control_border",
    QPalette.ColorRole.Shadow: "sunken",
}
_WHEN_DISABLED = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


@dataclass(frozen=True)
class Theme:
    """Colours by token, each `#rrggbb`."""

    name: str
    tokens: Mapping[str, str]

    def __getitem__(self, token: str) -> str:
        return self.tokens[token]

    def colour(self, token: str) -> QColor:
        return QColor(self.tokens[token])

    def palette(self) -> QPalette:
        palette = QPalette()
        for role, token in _PALETTE.items():
            palette.setColor(role, self.colour(token))
        for role in _WHEN_DISABLED:
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("disabled"))
        return palette

    def stylesheet(self) -> str:
        text = resources().joinpath("themes", "desk.qss").read_text(encoding="utf-8")
        folder = str(resources().joinpath("themes")).replace("\\", "/")
        return Template(text).substitute(self.tokens, folder=folder, name=self.name)


@cache
def theme(name: str) -> Theme:
    """The theme `light` or `dark`."""
    text = resources().joinpath("themes", f"{name}.toml").read_text(encoding="utf-8")
    return Theme(name, tomllib.loads(text))
