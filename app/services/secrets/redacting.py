"""Masking what must not be written down, wherever it turns up in a log or a report."""

import logging
import re

_MASKED = (
    (
        re.compile(
            r"(?i)\b(pass(?:word|wd)?|secret|token|api[_-]?key|authorization)(\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|\S+)"
        ),
        r"\1\2***",
    ),
    (re.compile(r"(?i)\b(basic|bearer|negotiate|ntlm)\s+[a-z0-9+/=._~-]{8,}"), r"\1 ***"),
    (re.compile(r"(\w+://[^\s:/@]+):[^\s@]+@"), r"\1:***@"),
)


def redact(text: str) -> str:
    """The text with passwords, tokens and credentials in addresses replaced by stars."""
    for pattern, mask in _MASKED:
        text = pattern.sub(mask, text)
    return text


class Redacting(logging.Formatter):
    """A log format that masks the whole line, the traceback too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
