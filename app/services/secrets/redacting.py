"""Masking what must not be written down, wherever it turns up in a log or a report."""

import logging
import re

_MASKED = (
    (re.compile(r"(?i)(authorization[\"']?\s{0,4}[=:]\s{0,4}[\"']?)(?:[a-z]+ +)?[^\s\"',]+"), r"\1***"),
    (
        re.compile(
            r"(?i)(pass(?:word|wd|phrase)?|secret|token|api[_-]?key)"
            r"([\w.-]{0,80}[\"']?\s{0,4}[=:]\s{0,4})(\"[^\"]*\"|'[^']*'|[^\s&]+)"
        ),
        r"\1\2***",
    ),
    (re.compile(r"(?i)\b(basic|bearer|negotiate|ntlm)\s+[a-z0-9+/=._~-]{8,}"), r"\1 ***"),
    (re.compile(r"(://[^\s:/@]{0,255}):\S{1,255}@"), r"\1:***@"),
)
"""What a secret looks like, and what is left of it. Rather a word too many is masked than one too few; repeats are
bounded, so that a log line of a megabyte costs no more than its length."""


def redact(text: str) -> str:
    """The text with passwords, tokens and credentials in addresses replaced by stars."""
    for pattern, mask in _MASKED:
        text = pattern.sub(mask, text)
    return text


class Redacting(logging.Formatter):
    """A log format that masks the whole line, the traceback too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
