"""Which CSS a mail may bring along: what changes the look of its own words, and nothing that moves, loads or runs."""

import re

from app.services.mail.html.elements import named

_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_HARMLESS = re.compile(r"[\w\s#%.,'\"!+-]*\Z")
_COLOUR = re.compile(r"(?:rgb|hsl)a?\([\d\s.,%/]{1,60}\)", re.IGNORECASE)
_URL = re.compile(r"url\(", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?:^|\s)-\s*[\d.]")
_BOX = ("top", "right", "bottom", "left")
_SIDES = ("", *(f"-{side}" for side in _BOX))
_ALLOWED = named(
    "color background background-color direction letter-spacing line-height list-style list-style-type text-align "
    "text-decoration text-indent text-transform vertical-align white-space word-break word-spacing word-wrap "
    "overflow-wrap unicode-bidi table-layout caption-side empty-cells width height min-width max-width min-height "
    "max-height display visibility float clear font font-family font-size font-style font-variant font-weight "
    "border-collapse border-spacing border-radius"
) | frozenset(
    (
        *(f"{edge}{side}" for edge in ("margin", "padding") for side in _SIDES),
        *(f"border{side}{what}" for side in _SIDES for what in ("", "-color", "-style", "-width")),
    )
)


def filter_style(style: str) -> tuple[str, int]:
    """The harmless declarations of a style attribute, and how many would have loaded something."""
    kept: list[str] = []
    loads = len(_URL.findall(style))
    for declaration in _COMMENT.sub("", style).split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), " ".join(value.split())
        if name in _ALLOWED and value and _is_harmless(name, value):
            kept.append(f"{name}:{value}")
    return ";".join(kept), loads


def _is_harmless(name: str, value: str) -> bool:
    """No function but a colour, no escape, nothing that pulls words over others."""
    if not _HARMLESS.match(_COLOUR.sub("", value)):
        return False
    return not (name.startswith(("margin", "text-indent", "letter", "word-s", "line")) and _NEGATIVE.search(value))
