"""Taking secrets out of what a script says, also where one is cut between two pieces of it."""

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = b"***"
_SHORTEST = 3
"""A shorter secret is masked in no output: its letters stand in every other word."""


class Masking:
    """Masks one stream of bytes. What may be the beginning of a secret is held back until it is clear."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._held = b""
        self._pattern: re.Pattern[bytes] | None = None
        self._longest = 0
        self._begun: set[int] = set()
        self._told: set[bytes] = set()
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """From now on these as well."""
        self._told.update(form for each in secrets if len(each) >= _SHORTEST for form in _forms(each))
        if self._told:
            ordered = sorted(self._told, key=len, reverse=True)
            self._pattern = re.compile(b"|".join(map(re.escape, ordered)))
            self._longest = len(ordered[0])
            self._begun = {each[0] for each in ordered}

    def write(self, data: bytes) -> bytes:
        """What may be shown by now."""
        if self._pattern is None:
            return data
        whole = self._held + data
        cut = self._undecided(whole)
        for each in self._pattern.finditer(whole):
            if each.start() < cut < each.end():
                cut = each.end()
        self._held = whole[cut:]
        return self._pattern.sub(MASK, whole[:cut])

    def end(self) -> bytes:
        """What was held back."""
        rest, self._held = self._held, b""
        return self._pattern.sub(MASK, rest) if self._pattern else rest

    def _undecided(self, whole: bytes) -> int:
        """From where on the bytes may be the beginning of a secret."""
        for start in range(max(0, len(whole) - self._longest + 1), len(whole)):
            if whole[start] in self._begun and any(each.startswith(whole[start:]) for each in self._told):
                return start
        return len(whole)


def mask_text(text: str, secrets: Iterable[str]) -> str:
    """A text that is there whole."""
    return mask_bytes(text.encode("utf-8", "surrogatepass"), secrets).decode("utf-8", "surrogatepass")


def mask_bytes(data: bytes, secrets: Iterable[str]) -> bytes:
    """Bytes that are there whole."""
    masking = Masking(secrets)
    return masking.write(data) + masking.end()


def _forms(secret: str) -> set[bytes]:
    """A secret as programs write it: plain, UTF-16 of Windows, in JSON, in code, in an address, in base64."""
    plain = secret.encode("utf-8", "surrogatepass")
    wide = secret.encode("utf-16-le", "surrogatepass")
    in_json = json.dumps(secret)[1:-1].encode()
    in_address = (quote(plain, safe="").encode(), quote_plus(plain).encode())
    in_code = (ascii(secret)[1:-1].encode(), repr(plain)[2:-1].encode())
    return {plain, wide, in_json, *in_code, *in_address, base64.b64encode(plain), base64.b64encode(wide)}
