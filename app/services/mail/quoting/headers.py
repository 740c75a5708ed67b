"""The block of headers that Outlook and its kin put above a quote, and the line of dashes over it."""

import re
from collections.abc import Sequence

from app.services.mail.quoting.phrases import phrases

_LONGEST_LABEL = 34
_LONGEST_BLOCK = 16
_WRAPPED = 4
_RULE = re.compile(r"[\s*_=~—\u2013─#+-]*\Z")
_AROUND = " \t\xa0\u202f-_=*~#<>.:\uff1a—\u2013─|\"'"
_EVIDENCE = re.compile(r"[@\d]")


def label_of(line: str) -> str | None:
    """What the words before the colon of a line label: `from`, `sent`, `to`, `cc`, `subject` or None."""
    at = line.find(":", 0, _LONGEST_LABEL)
    if at < 0:
        at = line.find("\uff1a", 0, _LONGEST_LABEL)
    if at < 1:
        return None
    return phrases().labels.get(line[:at].strip(_AROUND).casefold())


def is_rule(line: str) -> bool:
    """A line of dashes, underscores or the like and nothing else."""
    return len(line.strip()) >= 3 and _RULE.match(line) is not None


def begins_block(lines: Sequence[str], at: int, after_rule: bool) -> bool:
    """Whether a quoted mail's headers begin with this line. Below a rule fewer of them are enough."""
    if label_of(lines[at]) is None:
        return False
    kinds: set[str] = set()
    values: list[str] = []
    wrapped = 0
    for line in lines[at : at + _LONGEST_BLOCK]:
        label = label_of(line)
        if label:
            kinds.add(label)
            wrapped = 0
        else:
            wrapped += 1
            if wrapped > _WRAPPED or (not line.strip() and wrapped > 1):
                break
        values.append(line.partition(":")[2] if label else line)
    if "from" not in kinds or not kinds & {"sent", "to", "subject"}:
        return False
    told = " ".join(values)
    if _EVIDENCE.search(told) is None:
        return False
    return after_rule or (len(kinds) >= 3 and ("subject" in kinds or "@" in told))


def announces_original(lines: Sequence[str], at: int) -> bool:
    """`-----Original Message-----`, `Begin forwarded message:` and their like in any language."""
    line = lines[at].strip()
    bare = line.strip(_AROUND).casefold()
    known = phrases()
    if bare not in known.original and bare not in known.forwarded:
        return line[0] in "-_=*~" and line[-1] in "-_=*~" and bare.startswith(known.forwarded_by)
    if line[0] in "-_=*~#—─" or (line[-1] in ":\uff1a" and bare in known.forwarded):
        return True
    following = next((each for each in lines[at + 1 : at + 4] if each.strip()), "")
    return label_of(following) is not None
