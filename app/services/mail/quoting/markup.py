"""An HTML body apart: by the elements in which programs wrap a quote, and by the words above it where none do."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.services.mail.html.elements import named
from app.services.mail.html.nesting import tamed
from app.services.mail.quoting.containers import CUTS, QUOTES, SIGNATURES
from app.services.mail.quoting.introductions import introduction_start, may_end
from app.services.mail.quoting.plain import Folding

_SILENT = frozenset(("head", "script", "style", "title", "template", "noscript", "svg", "math"))
_INLINE = named(
    "a abbr b bdo big cite code em font i ins kbd mark nobr o:p q s samp small span strike strong sub sup tt u var wbr "
    "-text"
)
_SPACE = re.compile(r"\s+")
_RECENT = 6
_QUOTED = ">"
_PICTURE = "\ufffc"


def split_html(html: str) -> tuple[str, str]:
    """The author's HTML, and the quotes and the signature. Neither is clean: `services.mail.html.clean` both.

    A mail that only passes another one on stays visible as it is, with nothing folded.
    """
    body = LexborHTMLParser(tamed(html)).body if html.strip() else None
    if body is None:
        return html, ""
    page = _Page(body)
    page.read()
    folding = Folding([line.text for line in page.lines])
    folding.find_quotes()
    folding.find_signatures()
    if not folding.has_text or not (any(folding.folded) or page.cut):
        return html, ""
    folded = page.take_out(folding)
    return body.inner_html or "", folded


@dataclass(slots=True)
class _Line:
    """What a reader sees as one line, with the nodes that make it. A quote that an element holds is the line `>`."""

    text: str = ""
    nodes: list[LexborNode] = field(default_factory=list)


class _Page:
    """Reads a body as lines and takes folded ones out. `cut` is the element that opens the quoted rest, if one does."""

    def __init__(self, body: LexborNode) -> None:
        self.body = body
        self.lines: list[_Line] = []
        self.line = _Line()
        self.written = False
        self.cut: LexborNode | None = None
        self._quotes, self._cuts, self._signatures = (
            {node.mem_id for node in body.css(selector)} for selector in (QUOTES, CUTS, SIGNATURES)
        )

    def read(self) -> None:
        node, parents = self.body.first_child, [self.body]
        while node is not None:
            if node.mem_id in self._cuts:
                self.cut = node
                break
            child = node.first_child if self._enters(node) else None
            if child is not None:
                parents.append(node)
                node = child
                continue
            following = node.next
            while following is None and len(parents) > 1:
                node = parents.pop()
                self._end_block(node)
                following = node.next
            node = following
        self._flush()

    def _enters(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content or ""
            self.line.text += _SPACE.sub(" ", text)
            self.line.nodes.append(node)
            return False
        if tag == "img":
            self.line.text += _PICTURE
            self.line.nodes.append(node)
            return False
        if tag in _SILENT:
            return False
        self._end_block(node)
        if self._is_quote(node, tag):
            self.lines.append(_Line(_QUOTED, [node]))
            return False
        return True

    def _is_quote(self, node: LexborNode, tag: str) -> bool:
        if node.mem_id in self._quotes:
            return True
        if node.mem_id in self._signatures:
            self._flush()
            return self.written
        if tag != "blockquote" or not self.lines:
            return False
        recent = [line.text for line in self.lines[-_RECENT:]]
        while recent and not recent[-1]:
            recent.pop()
        return bool(recent) and may_end(recent[-1]) and introduction_start(recent, len(recent) - 1, 0, True) is not None

    def _end_block(self, node: LexborNode) -> None:
        if node.tag not in _INLINE:
            self._flush()

    def _flush(self) -> None:
        if self.line.nodes:
            self.line.text = self.line.text.strip()
            self.written = self.written or bool(self.line.text)
            self.lines.append(self.line)
            self.line = _Line()

    def take_out(self, folding: Folding) -> str:
        """Remove what is folded from the tree; its HTML in the order it had."""
        count = len(self.lines) if folding.cut is None else folding.cut
        taken: list[str] = []
        for line, folded in zip(self.lines[:count], folding.folded, strict=False):
            if not folded:
                continue
            taken += (node.html or "" for node in line.nodes)
            taken.append("" if line.text == _QUOTED else "<br>")
            for node in line.nodes:
                node.decompose()
        start = self.cut if folding.cut is None else self.lines[folding.cut].nodes[0]
        return "".join(taken) + (self._take_rest(start) if start is not None else "")

    def _take_rest(self, start: LexborNode) -> str:
        """This node, all that follows it, and the elements around it that hold nothing before it."""
        node = start
        while (parent := node.parent) is not None and parent.mem_id != self.body.mem_id and _is_first(node):
            node = parent
        rest: list[LexborNode] = [node]
        while node.mem_id != self.body.mem_id:
            following = node.next
            while following is not None:
                rest.append(following)
                following = following.next
            if node.parent is None:
                break
            node = node.parent
        taken = "".join(each.html or "" for each in rest)
        for each in rest:
            each.decompose()
        return taken


def _is_first(node: LexborNode) -> bool:
    """Whether nothing that shows stands before this node in its parent."""
    before = node.prev
    while before is not None:
        if before.tag in {"img", "hr"} or before.text().strip():
            return False
        before = before.prev
    return True
