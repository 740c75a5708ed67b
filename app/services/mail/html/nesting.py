"""Markup that would make a parser slow, tamed before one sees it.

A tree builder looks through its open elements at almost every tag, and reopens unclosed formatting in every block, so
that 100,000 nested tags cost minutes and a few hundred unclosed `<font>` fill the memory. Browsers stop nesting at 512.
"""

import re

from app.services.mail.html.elements import named

_FEW_TAGS = 3000
_DEEPEST = 400
_MOST_REOPENED = 2_000_000
_MOST_ATTRIBUTES = 2000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VALUE = re.compile(r"""[\s/"'][^\s/=>"'<]+=\s*(?:"[^"<>]*"|'[^'<>]*')""")
_LONG_TAG = re.compile(rf"<[a-zA-Z/][^>]{{{2 * _MOST_ATTRIBUTES},}}")
_SEPARATOR = re.compile(r"""[\s/"']+""")
_ANY_TAG = re.compile(r"<[^>]*>?")
# Never hold children, or are closed by their next sibling.
_FLAT = named(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr "
    "p li dd dt td th tr tbody thead tfoot caption colgroup option body html head"
)
_FORMATTING = named("a b big code em font i nobr s small strike strong tt u")
# Their children obey other rules of nesting; `wbr` holds none and shows nothing.
_FOREIGN = frozenset(("svg", "math"))


def tamed(html: str) -> str:
    """The same words in markup that any parser reads in linear time. Ordinary mail passes through untouched.

    NUL bytes and lone surrogates, which no parser takes, are dropped or replaced.
    """
    if "\0" in html:
        html = html.replace("\0", "")
    if not html.isascii():
        html = html.encode("utf-8", "replace").decode("utf-8")
    if len(html) > _MOST_ATTRIBUTES * 2 and _is_crowded(html):
        return _ANY_TAG.sub(" ", html)
    if html.count("<") < _FEW_TAGS:
        return html
    flattened = _flattened(html, frozenset())
    return _flattened(html, _FORMATTING)[0] if flattened[1] > _MOST_REOPENED else flattened[0]


def _is_crowded(html: str) -> bool:
    """Whether a tag has thousands of attributes: parsers compare each with all the others. No mail has that."""
    if not any(_count(tag[0]) > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(html)):
        return False
    without_values = _VALUE.sub(" x", html)
    return any(_count(tag[0]) > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(without_values))


def _count(tag: str) -> int:
    return sum(1 for _ in _SEPARATOR.finditer(tag))


def _flattened(html: str, dropped: frozenset[str]) -> tuple[str, int]:
    """Turn what nests too deep into `wbr`, and what is dropped; tell how often formatting may be reopened."""
    pieces: list[str] = []
    stack: list[str] = []
    at = beyond = reopened = formats = 0
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        reopened += formats
        replace = name in _FOREIGN or name in dropped
        if not replace and name in _FLAT:
            continue
        if not replace and tag[1]:
            if beyond:
                beyond, replace = beyond - 1, True
            elif stack and stack[-1] == name:
                stack.pop()
                formats -= name in _FORMATTING
        elif not replace and len(stack) >= _DEEPEST:
            beyond, replace = beyond + 1, True
        elif not replace:
            stack.append(name)
            formats += name in _FORMATTING
        if replace:
            pieces += (html[at : tag.start()], "<", tag[1], "wbr")
            at = tag.end()
    return "".join((*pieces, html[at:])), reopened
