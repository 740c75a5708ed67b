"""People in From, To and their like: RFC 5322 address lists as mail really has them.

A scanner that looks at each character once. Encoded words are decoded after the list is cut, so that a comma inside
a name never cuts it; what is in an address is never taken from a decoded name (`=?utf-8?b?YUBi?=` is a name only).
"""

import re
from dataclasses import dataclass, field

from app.models.records.mail import Address
from app.services.mail.parsing.headers import WORD, decode_words
from app.services.mail.parsing.limits import MAX_ADDRESSES

_STOP = re.compile(r'[",;:<()\\]|=\?')
_QUOTE_STOP = re.compile(r'["\\]')
_COMMENT_STOP = re.compile(r"[()\\]")
_SPACE = re.compile(r"\s+")
_UNUSABLE = re.compile(r"[<>(),;\"\\]|:(?![0-9A-Fa-f:.]*\])")
_AROUND_SIGNS = re.compile(r"\s*([.@])\s*")
_PAIR = re.compile(r"\\(.)")
_IN_ANGLE = re.compile(r"\(((?:[^()\\]|\\.)*)\)")
_WORD = r"[A-Za-z0-9._'-]{1,60}"
_SIMPLE = re.compile(rf"({_WORD}(?: {_WORD}){{0,9}})? ?<([A-Za-z0-9._+%'-]{{1,100}}@[A-Za-z0-9.-]{{1,200}})>$")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(slots=True)
class _Mailbox:
    """What was seen of one mailbox so far. `words` and `comments` still hold encoded words."""

    words: list[str] = field(default_factory=list)
    angle: str | None = None
    comments: list[str] = field(default_factory=list)
    quoted_at: str = ""

    def blank(self) -> bool:
        return self.angle is None and not any(word.strip() for word in self.words) and not self.comments


def read_addresses(text: str) -> tuple[Address, ...]:
    """All mailboxes of an unfolded header value, groups flattened. One without a usable address has an empty one."""
    simple = _SIMPLE.match(text) if len(text) < 300 else None
    if simple:
        return (Address(_domain_lower(simple[2]), simple[1] or ""),)
    found: list[Address] = []
    for mailbox in _Scanner(text).mailboxes():
        address = _address(mailbox)
        if address is not None:
            found.append(address)
        if len(found) >= MAX_ADDRESSES:
            break
    return tuple(found)


class _Scanner:
    """Cuts a list at the commas and semicolons that separate mailboxes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.mailbox = _Mailbox()
        self.found: list[_Mailbox] = []
        # A closing sign that was sought once in vain is not sought again: that keeps the whole linear.
        self.open_ended: set[str] = set()

    def mailboxes(self) -> list[_Mailbox]:
        text = self.text
        while self.at < len(text):
            stop = _STOP.search(text, self.at)
            end = stop.start() if stop else len(text)
            if end > self.at:
                self.mailbox.words.append(text[self.at : end])
            self.at = end
            if stop:
                self._special(stop[0])
        self._close()
        return self.found

    def _special(self, sign: str) -> None:
        if sign in ",;":
            self._close()
            self.at += 1
        elif sign == '"':
            self._quoted()
        elif sign == "<":
            self._angle()
        elif sign == "(":
            self._comment()
        elif sign == ":":
            self._colon()
        elif sign == "=?":
            self._word()
        else:
            self._literal(1 if sign == ")" else 0)

    def _close(self) -> None:
        if not self.mailbox.blank():
            self.found.append(self.mailbox)
        self.mailbox = _Mailbox()

    def _literal(self, skip: int = 0) -> None:
        if not skip:
            self.mailbox.words.append(self.text[self.at])
        self.at += 1

    def _quoted(self) -> None:
        told: list[str] = []
        at = self.at + 1
        while '"' not in self.open_ended:
            stop = _QUOTE_STOP.search(self.text, at)
            if stop is None:
                self.open_ended.add('"')
                break
            told.append(self.text[at : stop.start()])
            if stop[0] == '"':
                self.at = stop.end()
                self._take_quoted("".join(told))
                return
            told.append(self.text[stop.end() : stop.end() + 1])
            at = stop.end() + 1
        self.at += 1

    def _take_quoted(self, inside: str) -> None:
        if self.text.startswith("@", self.at):
            self.mailbox.quoted_at = inside
        self.mailbox.words.append(inside if not self.mailbox.quoted_at else f'"{inside}"')

    def _angle(self) -> None:
        end = self.text.find(">", self.at) if ">" not in self.open_ended else -1
        if end < 0:
            # `Name <a@b.c` without its end: up to the next comma.
            self.open_ended.add(">")
            comma = self.text.find(",", self.at)
            end = comma if comma >= 0 else len(self.text)
            inside, self.at = self.text[self.at + 1 : end], end
        else:
            again = self.text.find("<", self.at + 2, end)
            comma = self.text.find(",", self.at, again) if again > 0 else -1
            # The next one begins before this one ended.
            stop = comma if comma > 0 else end
            inside, self.at = self.text[self.at + 1 : stop], stop if comma > 0 else end + 1
        if "(" in inside:
            self.mailbox.comments.extend(_IN_ANGLE.findall(inside))
            inside = _IN_ANGLE.sub("", inside)
        inside = inside.strip("<> ")
        if self.mailbox.angle and self.mailbox.angle != inside and "@" in inside:
            # Two addresses and no comma between.
            self._close()
        self.mailbox.angle = inside or self.mailbox.angle or ""

    def _comment(self) -> None:
        depth, at = 1, self.at + 1
        while "(" not in self.open_ended:
            stop = _COMMENT_STOP.search(self.text, at)
            if stop is None:
                self.open_ended.add("(")
                break
            at = stop.end() + (1 if stop[0] == "\\" else 0)
            depth += {"(": 1, ")": -1}.get(stop[0], 0)
            if depth == 0:
                self.mailbox.comments.append(_PAIR.sub(r"\1", self.text[self.at + 1 : stop.start()]))
                self.at = stop.end()
                return
        self._literal()

    def _colon(self) -> None:
        """The name of a group ends here, and `mailto:`; else it is a sign like another."""
        words = "".join(self.mailbox.words)
        if self.mailbox.angle is None and "@" not in words and "[" not in words:
            self.mailbox = _Mailbox()
            self.at += 1
        else:
            self._literal()

    def _word(self) -> None:
        """An encoded word is one piece: its commas, quotes and colons separate nothing."""
        match = WORD.match(self.text, self.at)
        end = match.end() if match else self.at + 2
        self.mailbox.words.append(self.text[self.at : end])
        self.at = end


def _address(mailbox: _Mailbox) -> Address | None:
    told = "".join(mailbox.words)
    comments = " ".join(filter(None, (_name(comment) for comment in mailbox.comments)))
    if mailbox.angle is not None:
        name = _name(told)
        name = f"{name} ({comments})" if name and comments else name or comments
        address = _spec(mailbox.angle)
        return (
            Address(address, name or ("" if address else mailbox.angle)) if address or name or mailbox.angle else None
        )
    if mailbox.quoted_at:
        return Address(_spec(told), comments)
    if "@" in told:
        told = _SPACE.sub(" ", told).strip()
        tight = _AROUND_SIGNS.sub(r"\1", told)
        words = [tight] if " " not in tight else told.split(" ")
        address = next(filter(None, (_spec(word) for word in words if "@" in word)), "")
        if address:
            rest = _name(" ".join(word for word in words if "@" not in word or _spec(word) != address))
            return Address(address, rest.removeprefix("mailto").strip() or comments)
    name = _name(told) or comments
    return Address("", name) if name else None


def _spec(text: str) -> str:
    """An address as it is used: `mailto:` and a route gone, encoded words decoded if that leaves one `@`; or empty."""
    text = _INVISIBLE.sub("", text).strip().strip("'\"" if text.count('"') < 2 else "'").strip()
    text = text[7:] if text[:7].lower() == "mailto:" else text
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    if "=?" in text:
        before = text.count("@")
        text = decode_words(text)
        if text.count("@") != before:
            return ""
    local, _, domain = text.rpartition("@")
    quoted = len(local) > 1 and local[0] == local[-1] == '"'
    if not quoted:
        local = _SPACE.sub("", local)
    domain = _SPACE.sub("", domain)
    if not local or not domain or _UNUSABLE.search(domain) or (not quoted and _UNUSABLE.search(local)):
        return ""
    return _domain_lower(f"{local}@{domain}")


def _domain_lower(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower().rstrip('.')}"


def _name(text: str) -> str:
    """A display name to be read: decoded, without signs that hide or reorder, on one line."""
    text = decode_words(text)
    text = _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()
    for _ in range(3):
        if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
            text = text[1:-1].strip()
    return text.strip('"').strip() if text.count('"') == 1 else text
