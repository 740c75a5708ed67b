"""What a subject is about, without the marks that mail programs put before it."""

import re

_MARKS = (
    "re|aw|antw\\.?|antwort|sv|vs|vl|ref|rif|rép\\.?|odp|ynt|回复|答复|回覆|转发|轉寄|"  # an answer
    "fw|fwd|wg|tr|rv|enc|i|inoltro|doorst|pd|vb|ilt|továbbítás|encaminhado"  # passed on
)
_PREFIX = re.compile(rf"^\s*(?:(?:{_MARKS})(?:\[\d+\]|\(\d+\))?\s*[:\uff1a]\s*)+", re.IGNORECASE)
_TAG = re.compile(r"\s*\[#\d{1,12}\]")
_LONGEST = 500


def bare_subject(subject: str) -> str:
    """The subject without `Re:`, `AW:`, `WG:`, `TR:`, `RV:` and their like in other languages, and without our tag."""
    return _TAG.sub("", _PREFIX.sub("", subject)).strip()


def ticket_subject(subject: str) -> str:
    """What a ticket that this mail opens is called; cut at 500 characters."""
    bare = " ".join(bare_subject(subject).split())
    return bare if len(bare) <= _LONGEST else f"{bare[: _LONGEST - 1]}…"
