"""Rich text as small, clean HTML, and any HTML as rich text.

A blank line between two paragraphs is their distance and not an element of its own; each further one is `<p><br></p>`.
Reading what was written gives the same paragraphs again, with a blank line around lists, quotes and code.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby

from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.models.records.rich_text import PLAIN, Kind, Paragraph, Run, Style
from app.services.mail.html.cleaning import clean
from app.services.mail.html.elements import named

_MARKS = (("code", "code"), ("bold", "b"), ("italic", "i"), ("underline", "u"), ("strike", "s"))
_BOLD, _ITALIC = named("b strong h1 h2 h3 h4 h5 h6 th"), named("i em cite var dfn")
_UNDERLINE, _STRIKE, _CODE = named("u ins"), named("s strike del"), named("code tt kbd samp")
_SPACED = named("p h1 h2 h3 h4 h5 h6 ul ol dl pre blockquote table")
_BLOCKS = _SPACED | named("div tr li dt dd hr section article header footer main nav aside center figure form body")
_WEIGHTS = named("bold bolder 600 700 800 900")
_DEEPEST = 6
_LEVELS = 100


def write_rich(paragraphs: Sequence[Paragraph]) -> str:
    """HTML of nothing but paragraphs, lists, quotes, code, links, pictures and four ways to stress a word."""
    return _quoted(list(paragraphs), 0)


def read_rich(html: str) -> list[Paragraph]:
    """The words of any HTML with what formatting we have; scripts, remote pictures and tricks are left out."""
    body = LexborHTMLParser(clean(html).html).body
    reader = _Reader()
    if body is not None:
        reader.read(body, _Place())
    return reader.paragraphs


def from_plain(text: str) -> list[Paragraph]:
    """Plain text, line by line."""
    return [Paragraph((Run(line),) if line else ()) for line in text.split("\n")]


def is_plain(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether plain text says all of it."""
    return all(each.is_plain for each in paragraphs)


def pictures_in(paragraphs: Sequence[Paragraph]) -> set[str]:
    """The content ids of the pictures between the words."""
    return {run.picture for each in paragraphs for run in each.runs if run.picture}


def _quoted(paragraphs: list[Paragraph], level: int) -> str:
    parts = []
    for deeper, group in groupby(paragraphs, lambda each: each.quote > level):
        inside = list(group)
        parts.append(f"<blockquote>{_quoted(inside, level + 1)}</blockquote>" if deeper else _blocks(inside))
    return "".join(parts)


def _blocks(paragraphs: list[Paragraph]) -> str:
    parts = []
    for kind, group in groupby(paragraphs, _group):
        inside = list(group)
        if kind == "list":
            parts.append(_list(inside, 1))
        elif kind == "code":
            parts.append(f"<pre>{escape(chr(10).join(each.text for each in inside), quote=False)}</pre>")
        elif kind == "text":
            parts.append(f"<p>{'<br>'.join(_words(each.runs) for each in inside)}</p>")
        else:
            parts.append("<p><br></p>" * (len(inside) - 1))
    return "".join(parts)


def _group(paragraph: Paragraph) -> str:
    if paragraph.is_empty:
        return "blank"
    return "list" if paragraph.depth else paragraph.kind.value


def _list(lines: list[Paragraph], depth: int) -> str:
    """Lines of one list; those that lie deeper are lists in the line above them."""
    tag = "ol" if lines[0].kind is Kind.NUMBER else "ul"
    parts, at = [], 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and lines[end].depth > depth:
            end += 1
        inner = _list(lines[at + 1 : end], depth + 1) if end > at + 1 else ""
        parts.append(f"<li>{_words(lines[at].runs)}{inner}</li>")
        at = end
    return f"<{tag}>{''.join(parts)}</{tag}>"


def _words(runs: Sequence[Run]) -> str:
    return "".join(_run(each) for each in runs)


def _run(run: Run) -> str:
    if run.picture:
        return f'<img src="cid:{escape(run.picture)}" alt="{escape(run.text)}">'
    html = escape(run.text, quote=False).replace("  ", " \xa0")
    for name, tag in _MARKS:
        if getattr(run.style, name):
            html = f"<{tag}>{html}</{tag}>"
    return f'<a href="{escape(run.style.href)}">{html}</a>' if run.style.href else html


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree one reads."""

    style: Style = PLAIN
    kind: Kind = Kind.TEXT
    depth: int = 0
    quote: int = 0


@dataclass
class _Reader:
    paragraphs: list[Paragraph] = field(default_factory=list)
    _runs: list[Run] = field(default_factory=list)
    _wants_gap: bool = False
    _level: int = 0

    def read(self, parent: LexborNode, place: _Place) -> None:
        """The children of `parent`; what lies too deep is read as words alone."""
        self._level += 1
        if self._level > _LEVELS:
            self._text(parent.text(deep=True), place)
        else:
            for node in _children(parent):
                self._node(node, node.tag or "", place)
        self._level -= 1
        if parent.tag == "body":
            self._end(place)

    def _node(self, node: LexborNode, tag: str, place: _Place) -> None:
        if tag == "-text":
            self._text(node.text_content or "", place)
        elif tag == "br":
            self._end(place, force=True)
        elif tag == "img":
            self._picture(node, place)
        elif tag in _BLOCKS:
            self._block(node, tag, place)
        else:
            if tag in ("td", "th") and self._runs:
                self._runs.append(Run(" ", place.style))
            self.read(node, replace(place, style=_styled(node, tag, place.style)))

    def _block(self, node: LexborNode, tag: str, place: _Place) -> None:
        self._end(place)
        inside = replace(_entered(tag, place), style=_styled(node, tag, place.style))
        spaced = tag in _SPACED and not place.depth
        self._wants_gap |= spaced
        self.read(node, inside)
        self._end(inside)
        self._wants_gap |= spaced

    def _text(self, text: str, place: _Place) -> None:
        if place.kind is Kind.CODE:
            first, *rest = text.strip("\n").split("\n")
            self._add(Run(first))
            for each in rest:
                self._end(place, force=True)
                self._add(Run(each))
            return
        words = _collapsed(text)
        if words.strip(" ") or self._runs:
            self._add(Run(words if self._runs else words.lstrip(" "), place.style))

    def _picture(self, node: LexborNode, place: _Place) -> None:
        source = node.attributes.get("src") or ""
        words = node.attributes.get("alt") or ""
        if source.startswith("cid:"):
            self._runs.append(Run(words, place.style, source.removeprefix("cid:")))
        elif words:
            self._add(Run(words, place.style))

    def _add(self, run: Run) -> None:
        last = self._runs[-1] if self._runs else None
        if last is not None and last.style == run.style and not last.picture:
            self._runs[-1] = Run(last.text + run.text, run.style)
        elif run.text:
            self._runs.append(run)

    def _end(self, place: _Place, *, force: bool = False) -> None:
        if not self._runs and not force:
            return
        if self._wants_gap and self.paragraphs and not self.paragraphs[-1].is_empty:
            self.paragraphs.append(Paragraph(quote=min(place.quote, self.paragraphs[-1].quote)))
        self._wants_gap = False
        self.paragraphs.append(Paragraph(_trimmed(self._runs), place.kind, place.depth, place.quote))
        self._runs = []


def _children(parent: LexborNode) -> Iterator[LexborNode]:
    node = parent.first_child
    while node is not None:
        yield node
        node = node.next


def _entered(tag: str, place: _Place) -> _Place:
    if tag in ("ul", "ol"):
        kind = Kind.BULLET if tag == "ul" else Kind.NUMBER
        return replace(place, kind=kind, depth=min(place.depth + 1, _DEEPEST))
    if tag == "blockquote":
        return replace(place, quote=min(place.quote + 1, _DEEPEST))
    return replace(place, kind=Kind.CODE, depth=0) if tag == "pre" else place


def _styled(node: LexborNode, tag: str, style: Style) -> Style:
    css = (node.attributes.get("style") or "").lower().replace(" ", "")
    told = dict(each.split(":", 1) for each in css.split(";") if ":" in each)
    changed: dict[str, bool | str] = {}
    if tag in _BOLD or told.get("font-weight") in _WEIGHTS:
        changed["bold"] = True
    if tag in _ITALIC or told.get("font-style") == "italic":
        changed["italic"] = True
    if tag in _UNDERLINE or "underline" in told.get("text-decoration", ""):
        changed["underline"] = True
    if tag in _STRIKE or "line-through" in told.get("text-decoration", ""):
        changed["strike"] = True
    if tag in _CODE:
        changed["code"] = True
    if tag == "a" and (node.attributes.get("href") or "").startswith(("http:", "https:", "mailto:", "tel:")):
        changed |= {"href": node.attributes["href"] or "", "underline": False}
    return replace(style, **changed) if changed else style  # type: ignore[arg-type]


def _collapsed(words: str) -> str:
    """White space as a browser shows it: any amount is one space, and those that do not break stay."""
    kept = "".join(" " if each in "\t\r\n\f" else each for each in words)
    while "  " in kept:
        kept = kept.replace("  ", " ")
    return kept.replace("\xa0", " ")


def _trimmed(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Without the white space at the end, which nobody sees."""
    kept = list(runs)
    while kept and not kept[-1].picture and not kept[-1].text.rstrip(" "):
        kept.pop()
    if kept and not kept[-1].picture:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(" "))
    return tuple(kept)
