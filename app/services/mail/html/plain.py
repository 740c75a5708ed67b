"""HTML read as plain text, the way a person would copy it: one line a paragraph, quotes marked with `> `."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.services.mail.html.elements import named
from app.services.mail.html.nesting import tamed

_SILENT = named(
    "head script style title template noscript svg math iframe object audio video canvas select textarea datalist "
    "meta link"
)
_PARAGRAPHS = named("p h1 h2 h3 h4 h5 h6 ul ol dl pre blockquote table figure fieldset")
_BLOCKS = _PARAGRAPHS | named(
    "div tr li dt dd hr section article header footer main nav aside address center form caption body html tbody thead "
    "tfoot details summary figcaption hgroup dir menu legend"
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def to_text(html: str) -> str:
    """The words of a mail: lists, tables and quotes as lines, links as `text <address>` where they differ."""
    if not html.strip():
        return ""
    root = LexborHTMLParser(tamed(html)).root
    if root is None:
        return ""
    reader = _Reader()
    reader.read(root)
    return reader.text()


class _Reader:
    """Walks the tree without recursion and writes lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.preformatted = 0
        self.lists: list[int] = []
        self.links: list[tuple[str, list[str]]] = []

    def read(self, root: LexborNode) -> None:
        node: LexborNode | None = root
        open_nodes: list[tuple[LexborNode, str]] = []
        while node is not None:
            tag = node.tag or ""
            child = None
            if tag == "-text":
                self._words(node.text_content or "")
            elif tag not in _SILENT:
                self._open(tag, node)
                child = node.first_child
                if child is not None:
                    open_nodes.append((node, tag))
                    node = child
                    continue
                self._close(tag)
            while (following := node.next) is None and open_nodes:
                node, tag = open_nodes.pop()
                self._close(tag)
            node = following

    def text(self) -> str:
        self._break()
        return _BLANK_LINES.sub("\n\n", "\n".join(self.lines)).strip("\n")

    def _words(self, words: str) -> None:
        if self.preformatted:
            first, *rest = words.split("\n")
            self.line.append(first)
            for each in rest:
                self._break(force=True)
                self.line.append(each)
            return
        words = _SPACE.sub(" ", words)
        if words == " " and not self.line:
            return
        self.line.append(words)

    def _open(self, tag: str, node: LexborNode) -> None:
        if tag == "br":
            self._break(force=True)
        elif tag in _BLOCKS:
            self._break()
            self._open_block(tag)
        elif tag in {"td", "th"}:
            if any(not each.isspace() for each in self.line):
                self.line.append(" | ")
        elif tag == "a":
            self.links.append((node.attributes.get("href") or "", self.line[-1:]))
            self.line.append("\ue000")
        elif tag == "img":
            self.line.append(node.attributes.get("alt") or "")

    def _open_block(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._gap()
        if tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self.line.append(self._bullet())
        elif tag == "hr":
            self.line.append("-" * 30)

    def _close(self, tag: str) -> None:
        if tag == "a" and self.links:
            self._close_link()
        if tag not in _BLOCKS:
            return
        self._break()
        if tag == "blockquote":
            self.quotes -= 1
        elif tag == "pre":
            self.preformatted -= 1
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        if tag in _PARAGRAPHS:
            self._gap()

    def _close_link(self) -> None:
        address, _ = self.links.pop()
        start = max((at for at, each in enumerate(self.line) if each == "\ue000"), default=-1)
        shown = "".join(self.line[start + 1 :]).strip()
        if start >= 0:
            del self.line[start]
        if _tells_more(address, shown):
            self.line.append(f" <{address}>" if shown else f"<{address}>")

    def _bullet(self) -> str:
        indent = "  " * max(len(self.lists) - 1, 0)
        if not self.lists or self.lists[-1] < 0:
            return f"{indent}- "
        self.lists[-1] += 1
        return f"{indent}{self.lists[-1]}. "

    def _break(self, *, force: bool = False) -> None:
        """End the line. An empty one is only written when it was asked for."""
        line = "".join(self.line).replace("\ue000", "").replace("\xa0", " ")
        line = line.rstrip() if self.preformatted else line.strip() if not self.lists else line.rstrip()
        self.line.clear()
        if line or force:
            self.lines.append(f"{'> ' * self.quotes}{line}" if self.quotes else line)

    def _gap(self) -> None:
        mark = ("> " * self.quotes).rstrip()
        if self.lines and self.lines[-1].rstrip() != mark and self.lines[-1]:
            self.lines.append(mark)


def _tells_more(address: str, shown: str) -> bool:
    """Whether the address of a link says something that its words do not."""
    if not address.lower().startswith(("http://", "https://", "mailto:", "ftp://", "tel:")):
        return False
    bare = address.split(":", 1)[1].strip("/").lower()
    return bool(bare) and shown.strip("/ ").lower() not in {address.strip("/").lower(), bare, bare.removeprefix("www.")}
