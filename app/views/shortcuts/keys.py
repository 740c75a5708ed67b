"""Single keys, for those whose hands stay on the keyboard: they work where tickets are read, never where one types."""

SINGLE = {
    "next": "J",
    "previous": "K",
    "reply": "R",
    "reply_all": "Shift+R",
    "forward": "F",
    "note": "N",
    "take": "T",
    "solve": "E",
    "assignee": "A",
    "priority": "P",
    "status": "S",
    "merge": "M",
    "undo": "Z",
    "search": "/",
    "view_1": "G, O",
    "view_2": "G, M",
    "view_3": "G, T",
    "view_4": "G, U",
    "view_5": "G, B",
}
"""Of commands, by their ids. `G` waits for a second key and goes to a view."""
