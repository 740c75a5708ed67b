"""The keys of the window of turns, by what they do; its words are `oncall_view.do`."""

KEYS = {
    "previous": "Alt+Left",
    "today": "Alt+Home",
    "next": "Alt+Right",
    "month": "Ctrl+M",
    "override": "Ins",
    "swap": "Ctrl+Shift+W",
    "remove": "Del",
    "undo": "Ctrl+Z",
    "rotation": "Ctrl+N",
    "edit": "Ctrl+E",
    "export": "Ctrl+Shift+S",
    "import": "Ctrl+Shift+I",
    "keys": "F1",
}

PICTURE = {
    "hour": "Left, Right",
    "day": "Ctrl+Left, Ctrl+Right",
    "span": "Shift+Left, Shift+Right",
    "first_last": "Home, End",
    "choose": "Return",
}
"""Those of the picture itself, to be told; commas part keys that do alike."""
