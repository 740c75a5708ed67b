"""The keys of the tree's window, by what they do; its words are `tree_view.do`."""

KEYS = {
    "zoom_out": "Ctrl+-",
    "zoom_in": "Ctrl++",
    "fit": "Ctrl+0",
    "simulate": "Ctrl+M",
    "edit": "Ctrl+E",
    "export_svg": "Ctrl+Shift+S",
    "add": "Ins",
    "add_manager": "Ctrl+Ins",
    "connect": "Ctrl+L",
    "remove": "Del",
    "undo": "Ctrl+Z",
    "redo": "Ctrl+Y",
    "lay_out": "Ctrl+Shift+L",
    "save": "Ctrl+S",
    "keys": "F1",
}

PICTURE = {
    "walk": "Left, Right, Up, Down",
    "first_last": "Home, End",
    "details": "Return",
    "actual_size": "1",
    "let_go": "Esc",
}
"""Those of the picture itself, to be told; commas part keys that do alike."""
