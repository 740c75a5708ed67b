"""A plain body apart: the author's lines, and what is folded away."""

from collections.abc import Sequence

from app.models.records.mail import Reply
from app.services.mail.quoting.headers import announces_original, begins_block, is_rule, label_of
from app.services.mail.quoting.introductions import introduction_start, may_end
from app.services.mail.quoting.phrases import phrases
from app.services.mail.quoting.signatures import signature_start

_LONGEST_MARK = 1000
_WRAPPED_AT = 76
_MARKS = "-_=*~#—─"
# A quote begins in the first pages of a mail or not at all; a log that looks like headers must not take all day.
_MOST_TRIES = 5000


def split_reply(text: str) -> Reply:
    """What the author wrote, apart from quotes and signature; no line is lost.

    A mail that only passes another one on stays visible as it is.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    folding = Folding(lines)
    folding.find_quotes()
    folding.find_signatures()
    if folding.cut is not None and not folding.has_text:
        return Reply(text)
    if not any(folding.folded):
        return Reply(text.strip("\n"))
    visible = "\n".join(line for line, folded in zip(lines, folding.folded, strict=True) if not folded)
    folded = "\n".join(line for line, folded in zip(lines, folding.folded, strict=True) if folded)
    return Reply(visible.rstrip().lstrip("\n"), folded.strip("\n"))


class Folding:
    """Goes down the lines and marks those that are not the author's.

    `cut` is the line from which all is quoted up to the end, None where there is no such line.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.folded = bytearray(len(lines))
        self.cut: int | None = None
        self._tries = 0

    @property
    def has_text(self) -> bool:
        """Whether anything is left for the reader."""
        return any(not folded and line.strip() for line, folded in zip(self.lines, self.folded, strict=True))

    def find_quotes(self) -> None:
        own = at = 0
        count = len(self.lines)
        while at < count:
            line = self.lines[at].strip()
            if not line:
                at += 1
                continue
            if line[0] == ">" and not self._closes_address(at, own):
                if self._is_quoted(at, line):
                    self.folded[at] = 1
                    own = at + 1
            elif len(line) <= _LONGEST_MARK:
                if self._is_continuation(at, line):
                    self.folded[at] = 1
                    own = at + 1
                elif self._cuts(at, line):
                    self._fold_from(at)
                    return
                else:
                    introduced = self._introduced(at, own)
                    if introduced is None:
                        return
                    own = introduced or own
            at += 1

    def find_signatures(self) -> None:
        """In each run of the author's lines between two quotes."""
        at, count, written = 0, len(self.lines), False
        while at < count:
            if self.folded[at]:
                at = self.folded.find(0, at)
                if at < 0:
                    return
            end = self.folded.find(1, at)
            end = count if end < 0 else end
            start = signature_start(self.lines, at, end, written)
            written = written or any(each.strip() for each in self.lines[at:start])
            self.folded[start:end] = b"\1" * (end - start)
            at = end

    def _introduced(self, at: int, own: int) -> int | None:
        """Fold an introduction that ends here: the line after it, 0 where there is none, None where all is done."""
        if self._tries > _MOST_TRIES or not may_end(self.lines[at].strip()):
            return 0
        quoted = self._quote_follows(at)
        self._tries += 1
        start = introduction_start(self.lines, at, own, quoted)
        if start is None:
            return 0
        if not quoted:
            self._fold_from(start)
            return None
        self._fold_back(start)
        self.folded[start : at + 1] = b"\1" * (at + 1 - start)
        return at + 1

    def _fold_from(self, at: int) -> None:
        self.cut = at
        self._fold_back(at)
        self.folded[at:] = b"\1" * (len(self.lines) - at)

    def _fold_back(self, at: int) -> None:
        """A rule above the quote belongs to it."""
        above = at - 1
        while above >= 0 and not self.folded[above] and not self.lines[above].strip():
            above -= 1
        if above >= 0 and not self.folded[above] and is_rule(self.lines[above]):
            self.folded[above:at] = b"\1" * (at - above)

    def _cuts(self, at: int, line: str) -> bool:
        if self._tries <= _MOST_TRIES and label_of(line):
            self._tries += 1
            above = next((each for each in reversed(self.lines[max(at - 3, 0) : at]) if each.strip()), "")
            if begins_block(self.lines, at, is_rule(above)):
                return True
        if (line[0] in _MARKS or len(line) < 60) and announces_original(self.lines, at):
            return True
        return self._is_reply_mark(line)

    @staticmethod
    def _is_reply_mark(line: str) -> bool:
        """`##- Please type your reply above this line -##`."""
        if len(line) > 120 or not (line[0] in "#-_=*~—<[(" or line[-1] in "#-_=*~—>])"):
            return False
        folded = line.casefold()
        return any(each in folded for each in phrases().above)

    def _quote_follows(self, at: int) -> bool:
        for line in self.lines[at + 1 : at + 7]:
            bare = line.strip()
            if bare:
                return bare[0] == ">"
        return False

    def _is_quoted(self, at: int, line: str) -> bool:
        """`>>> ` out of nowhere is a Python prompt, and `>From` what mbox made of a sentence."""
        if line.startswith((">>>", ">From ")):
            around = (*self.lines[max(at - 1, 0) : at], *self.lines[at + 1 : at + 2])
            shallow = any(each.lstrip().startswith(">") and not each.lstrip().startswith(">>>") for each in around)
            return shallow or (at > 0 and bool(self.folded[at - 1]))
        return True

    def _closes_address(self, at: int, own: int) -> bool:
        """An introduction wrapped inside its address: `Anna <anna@acme.example` and `>:` below it."""
        if at <= own or len(self.lines[at]) > 60:
            return False
        above = self.lines[at - 1][-_LONGEST_MARK:]
        if above.rfind("<") <= above.rfind(">") or not may_end(self.lines[at].strip()):
            return False
        return introduction_start(self.lines, at, own, self._quote_follows(at)) is not None

    def _is_continuation(self, at: int, line: str) -> bool:
        """The rest of a quoted line that was too long for the program that wrapped it."""
        if at == 0 or at + 1 >= len(self.lines) or not self.folded[at - 1]:
            return False
        above, below = self.lines[at - 1].rstrip(), self.lines[at + 1].lstrip()
        if not above.lstrip().startswith(">") or not below.startswith(">"):
            return False
        return len(above) + 1 + len(line.split(None, 1)[0]) > _WRAPPED_AT and above[-1] not in "?:"
