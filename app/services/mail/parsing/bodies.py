"""Which parts of a mail are its words, and which are its files.

A mail is a row of segments: a text, an HTML, or both as renditions of one thing. Everything else is a file. Nothing is
dropped but renditions for other devices (AMP, watch) of what is shown anyway.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.services.mail.html import to_text
from app.services.mail.parsing.charsets import decode, plain_lines
from app.services.mail.parsing.flowed import plain_of_enriched, unflow
from app.services.mail.parsing.headers import decode_words, text_of
from app.services.mail.parsing.parameters import split_value
from app.services.mail.parsing.structure import Part, parse
from app.services.mail.parsing.transfer import undo, uu_blocks

_PLAIN = frozenset(("text/plain", "text/markdown", "text/x-markdown", "text/text", "text/x-plain"))
_HTML = frozenset(("text/html", "text/xhtml", "application/xhtml+xml"))
_ENRICHED = frozenset(("text/enriched", "text/richtext"))
_OTHER_DEVICES = frozenset(("text/x-amp-html", "text/watch-html"))
_META = re.compile(rb"<meta\s[^>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)
_IS_HTML = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!doctype html|<html)[\s>]", re.IGNORECASE)
_FORWARDED_LEVELS = 4


@dataclass(slots=True)
class Segment:
    """Some words of the mail. `plain` or `html` is None where that rendition is missing."""

    plain: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Bodies:
    """`plain` is empty where the mail has no text of its own; then `text` is made from the HTML."""

    plain: str = ""
    html: str | None = None
    files: list[Part] = field(default_factory=list)

    @property
    def text(self) -> str:
        if self.plain.strip() or not self.html:
            return self.plain
        return to_text(self.html)


def read_bodies(root: Part, defects: list[str]) -> Bodies:
    """The words and the files of a mail. Each part that holds words is decoded once, and no other."""
    reader = _Reader(defects)
    segments = reader.segments(root)
    if not any((each.plain or "").strip() or (each.html or "").strip() for each in segments):
        segments = reader.hidden_words() or segments
    plain, markup = _joined(segments)
    return Bodies(plain, markup, reader.files)


class _Reader:
    """Goes through the tree once, gathering files on the way."""

    def __init__(self, defects: list[str], level: int = 0) -> None:
        self.defects = defects
        self.level = level
        self.files: list[Part] = []

    def segments(self, part: Part, *, rendition: bool = False) -> list[Segment]:
        if part.children:
            if part.media_type == "multipart/alternative":
                return self._alternative(part)
            if part.media_type == "multipart/related":
                return self._related(part, rendition)
            return [each for child in part.children for each in self.segments(child)]
        if _is_words(part, rendition):
            return [self._words(part)]
        if part.media_type not in _OTHER_DEVICES and not _is_nothing(part):
            self.files.append(part)
        return []

    def _alternative(self, part: Part) -> list[Segment]:
        """One thing in several renditions: the text of those that are text, the last of those that are HTML."""
        texts: list[str] = []
        markup: str | None = None
        inside: str | None = None
        for child in part.children:
            plain, found = _joined(self.segments(child, rendition=True))
            if found is not None:
                markup, inside = found, plain or inside
            elif plain.strip() and plain not in texts:
                texts.append(plain)
        if markup is None and not texts:
            return []
        return [Segment("\n".join(texts) if texts else inside or None, markup)]

    def _related(self, part: Part, rendition: bool) -> list[Segment]:
        """A root, named by `start` or the first, and what it refers to."""
        start = part.parameters.get("start", "").strip("<> ")
        root = next((each for each in part.children if start and each.get("content-id").strip("<> ") == start), None)
        root = root or part.children[0]
        told: list[Segment] = []
        for child in part.children:
            if child is root:
                told.extend(self.segments(child, rendition=rendition))
            elif not child.children and child.raw("content-id") and not _is_nothing(child):
                self.files.append(child)
            else:
                told.extend(self.segments(child))
        return told

    def _words(self, part: Part) -> Segment:
        content, defect = undo(part.body, part.get("content-transfer-encoding"))
        self._note(defect)
        label = part.parameters.get("charset", "")
        if part.media_type in _HTML:
            return Segment(html=self._markup(content, label))
        if part.media_type in _PLAIN and b"begin" in content:
            content = self._without_uu(content)
        decoded = decode(content, decode_words(label))
        if decoded.mended:
            self._note("charset")
        text = plain_lines(decoded.text)
        if part.media_type in _ENRICHED:
            return Segment(plain=plain_of_enriched(text))
        if _IS_HTML.match(text):
            return Segment(html=text)
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, part.parameters.get("delsp", "").lower() == "yes")
        return Segment(plain=text)

    def _markup(self, content: bytes, label: str) -> str:
        if not label:
            meta = _META.search(content[:4096])
            label = meta[1].decode("ascii") if meta else ""
        decoded = decode(content, label)
        if decoded.mended:
            self._note("charset")
        return plain_lines(decoded.text)

    def _without_uu(self, content: bytes) -> bytes:
        """Files that were uuencoded into the text become files; the words around them stay."""
        kept, at = [], 0
        for start, end, name, inside in uu_blocks(content):
            kept.append(content[at:start])
            named = decode(name).text
            self.files.append(Part([], inside, "application/octet-stream", {"name": named}))
            at = end
        return b"".join((*kept, content[at:])) if at else content

    def hidden_words(self) -> list[Segment]:
        """For a mail without words: a text that came as a file, a report, or the mail that was forwarded."""
        for part in self.files:
            if part.media_type in _PLAIN | _HTML | _ENRICHED and not (_is_attached(part) and _has_name(part)):
                return [self._words(part)]
        told = [each for each in self.files if each.media_type == "message/delivery-status"]
        if told:
            return [Segment(plain=plain_lines(decode(each.body).text)) for each in told]
        for part in self.files:
            if part.media_type == "message/rfc822" and self.level < _FORWARDED_LEVELS:
                return [Segment(plain=self._forwarded(part))]
        return []

    def _forwarded(self, part: Part) -> str:
        content, _ = undo(part.body, part.get("content-transfer-encoding"))
        inner: list[str] = []
        root = parse(content, inner)
        names = ("From", "To", "Date", "Subject")
        lines = [f"{name}: {text_of(root.raw(name.lower()))}" for name in names if root.raw(name.lower())]
        reader = _Reader(inner, self.level + 1)
        segments = reader.segments(root)
        if not segments:
            segments = reader.hidden_words()
        plain, markup = _joined(segments)
        return "\n".join((*lines, "", Bodies(plain, markup).text))

    def _note(self, defect: str | None) -> None:
        if defect and defect not in self.defects:
            self.defects.append(defect)


def _is_words(part: Part, rendition: bool) -> bool:
    """Whether a leaf is shown as part of the mail. A rendition is so even under a name."""
    if part.media_type not in _PLAIN | _HTML | _ENRICHED or _is_attached(part):
        return False
    return rendition or not _has_name(part)


def _is_attached(part: Part) -> bool:
    told = part.raw("content-disposition").lstrip()[:10]
    return told.lower() == b"attachment" or (
        b"=?" in told and decode_words(part.get("content-disposition")) == "attachment"
    )


def _has_name(part: Part) -> bool:
    if any(each.startswith("name") for each in part.parameters):
        return bool(part.parameters.get("name", "x"))
    told = part.raw("content-disposition")
    return b"filename" in told.lower() and bool(split_value(part.get("content-disposition"))[1].get("filename"))


def _is_nothing(part: Part) -> bool:
    """A part with neither headers nor content: what is left between two boundary lines."""
    return not part.body.strip() and not any(name.startswith("content-") for name, _ in part.headers)


def _joined(segments: Sequence[Segment]) -> tuple[str, str | None]:
    """All segments as one text and one HTML, in their order; the HTML is None where no segment has one."""
    if len(segments) == 1:
        return segments[0].plain or "", segments[0].html
    has_plain = any((each.plain or "").strip() for each in segments)
    texts = [_as_plain(each) for each in segments] if has_plain else []
    if not any(each.html is not None for each in segments):
        return _lines(texts), None
    return _lines(texts), "\n".join(_as_markup(each) for each in segments)


def _as_plain(segment: Segment) -> str:
    if segment.plain is not None and (segment.plain.strip() or not segment.html):
        return segment.plain
    return to_text(segment.html or "")


def _as_markup(segment: Segment) -> str:
    if segment.html is not None:
        return segment.html
    words = (segment.plain or "").strip("\n")
    return f'<div style="white-space: pre-wrap">{html.escape(words)}</div>' if words.strip() else ""


def _lines(texts: Iterable[str]) -> str:
    """One below the other, each from a line of its own."""
    return "".join(text if text.endswith("\n") else f"{text}\n" for text in texts if text).removesuffix("\n")
