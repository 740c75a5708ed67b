"""Colours and the one style sheet, from design tokens in `resources/themes`."""

import tomllib
from collections.abc import Mapping
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.services.resources import resources

Tokens = Mapping[str, str]

_SHEET = """
* {{ outline: none; }}
QMainWindow, QDialog {{ background: {window}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: 4px; }}
QListWidget, QTableView, QTextBrowser, QPlainTextEdit, QLineEdit, QComboBox {{
    background: {base}; color: {text}; border: 1px solid {line}; border-radius: 4px;
    selection-background-color: {selected}; selection-color: {text};
}}
QLineEdit, QComboBox {{ padding: 4px 6px; min-height: 18px; }}
QPlainTextEdit {{ padding: 4px; }}
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QListWidget:focus, QTableView:focus, QTextBrowser:focus {{
    border: 2px solid {accent};
}}
QListWidget#views {{ background: {window}; border: 2px solid transparent; }}
QListWidget#views:focus {{ border: 2px solid {accent}; }}
QListWidget#views::item {{ padding: 6px 8px; border-radius: 4px; color: {text}; }}
QListWidget#views::item:selected {{ background: {selected}; color: {text}; }}
QTableView {{ gridline-color: transparent; alternate-background-color: {window}; }}
QTableView::item {{ padding: 2px 6px; }}
QTableView::item:selected {{ background: {selected}; color: {text}; }}
QHeaderView::section {{
    background: {window}; color: {muted}; border: none; border-bottom: 1px solid {line}; padding: 5px 6px;
}}
QPushButton {{
    background: {raised}; color: {text}; border: 1px solid {line}; border-radius: 4px; padding: 5px 12px;
}}
QPushButton:hover {{ border-color: {accent}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 4px 11px; }}
QPushButton:disabled {{ color: {muted}; }}
QPushButton[primary="true"] {{ background: {accent}; color: {on_accent}; border-color: {accent}; }}
QPushButton[primary="true"]:focus {{ border: 2px solid {text}; }}
QToolBar {{ background: {window}; border: none; border-bottom: 1px solid {line}; spacing: 2px; padding: 4px; }}
QToolButton {{ color: {text}; padding: 4px 8px; border: 2px solid transparent; border-radius: 4px; }}
QToolButton:hover {{ background: {raised}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton:disabled {{ color: {muted}; }}
QStatusBar {{ background: {window}; color: {muted}; border-top: 1px solid {line}; }}
QSplitter::handle {{ background: {line}; }}
QLabel[muted="true"] {{ color: {muted}; }}
QLabel[heading="true"] {{ font-weight: 600; }}
QFrame[banner="info"] {{ background: {info}; }}
QFrame[banner="warning"] {{ background: {warning}; }}
QFrame[banner="error"] {{ background: {error}; }}
QFrame[banner] QLabel {{ color: {text}; }}
"""


@cache
def tokens(name: str) -> Tokens:
    """The colours of `light` or `dark`, by what they are for."""
    return tomllib.loads(resources().joinpath("themes", f"{name}.toml").read_text(encoding="utf-8"))


def use_theme(application: QApplication, wanted: str) -> Tokens:
    """Dress the application; `system` follows what the desktop prefers. Returns the colours in use."""
    dark = application.styleHints().colorScheme() is Qt.ColorScheme.Dark
    chosen = tokens(("dark" if dark else "light") if wanted == "system" else wanted)
    application.setStyle("Fusion")
    application.setPalette(_palette(chosen))
    application.setStyleSheet(_SHEET.format(**chosen))
    return chosen


def _palette(colours: Tokens) -> QPalette:
    palette = QPalette()
    for role, token in (
        (QPalette.ColorRole.Window, "window"),
        (QPalette.ColorRole.WindowText, "text"),
        (QPalette.ColorRole.Base, "base"),
        (QPalette.ColorRole.AlternateBase, "window"),
        (QPalette.ColorRole.Text, "text"),
        (QPalette.ColorRole.Button, "raised"),
        (QPalette.ColorRole.ButtonText, "text"),
        (QPalette.ColorRole.Highlight, "selected"),
        (QPalette.ColorRole.HighlightedText, "text"),
        (QPalette.ColorRole.PlaceholderText, "muted"),
        (QPalette.ColorRole.Link, "accent"),
        (QPalette.ColorRole.ToolTipBase, "raised"),
        (QPalette.ColorRole.ToolTipText, "text"),
    ):
        palette.setColor(role, QColor(colours[token]))
    return palette
