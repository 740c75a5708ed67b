"""Mail, cleaned already, made fit for one calm column of rich text. Pure: it needs no widget.

What a mail says stays; what it does to the page goes: grounds that swallow text, widths that push the window apart.
"""

import re
from html import escape

WIDEST = 520
"""Of a picture, in pixels."""
LONGEST = 60_000
"""Characters of a message that are laid out before the reader asks for the rest."""

_STYLE = re.compile(r' style="([^"]*)"')
_DROPPED = re.compile(
    r"^(background|width|min-width|max-width|height|min-height|max-height|line-height|margin|padding|position|float"
    r"|white-space|font$|font-family)"
)
_TAG = re.compile(r"<([a-z][a-z0-9]*)\b[^<>]*>")
_SPOILS = re.compile(r' (?:bgcolor|background|width|height|nowrap)="[^"]*"')
_SIZE = re.compile(r' (width|height)="(\d+)[^"]*"')
_ADDRESS = re.compile(
    r"(https?://[^\s<>\"'\u00a0]+[^\s<>\"'\u00a0.,;:!?)\]])"
    r"|((?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9})"  # bounded: a mail may be one endless word
)


def for_reading(html: str) -> str:
    """HTML without grounds, widths and heights of its own; pictures no wider than the column."""
    return _TAG.sub(_calm, html)


def from_text(text: str) -> str:
    """Plain text with its lines and indents kept, and addresses that can be clicked."""
    parts = []
    end = 0
    for found in _ADDRESS.finditer(text):
        target = found[0] if found[1] else f"mailto:{found[0]}"
        parts += [escape(text[end : found.start()]), f'<a href="{escape(target)}">{escape(found[0])}</a>']
        end = found.end()
    parts.append(escape(text[end:]))
    return f'<div style="white-space:pre-wrap">{"".join(parts)}</div>'


def _calm(match: re.Match[str]) -> str:
    tag = _STYLE.sub(_kept_style, match[0])
    return _fitting(tag) if match[1] == "img" else _SPOILS.sub("", tag)


def _kept_style(match: re.Match[str]) -> str:
    kept = [each for each in match[1].split(";") if each.strip() and not _DROPPED.match(each.strip().lower())]
    return f' style="{";".join(kept)}"' if kept else ""


def _fitting(image: str) -> str:
    sizes = {name: int(value) for name, value in _SIZE.findall(image)}
    if sizes.get("width", 0) <= WIDEST:
        return image
    return _SIZE.sub("", image).replace("<img", f'<img width="{WIDEST}"', 1)
