"""What one target says: masked, shown line by line, kept as a head and as a whole up to a limit."""

import codecs
import math
import re
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from app.models.errors import KnownError
from app.models.records.runs import Ended, Line, Stream, Table
from app.models.records.tickets import NewAttachment
from app.services.remote_help.masking import Masking, mask_bytes, mask_text

HEAD, WHOLE, IN_MEMORY = 8_000, 10_000_000, 200_000
"""Bytes that stand with the run, bytes that are kept as a file, and bytes of that which are held in memory."""

_LONGEST_LINE = 4_000
_MOST_ROWS, _MOST_FILES, _DEEPEST = 5_000, 20, 100
_NOT_KEPT = re.compile(r"[\0\ud800-\udfff]")
"""Letters that a target may tell in its JSON, and PostgreSQL keeps in none."""

Heard = Callable[[str, Line], None]
"""Called with the target and a line, from any thread."""

Moved = Callable[[str, float | None, str], None]
"""Called with the target, how far it is (0 to 1, where that is known) and what it does, from any thread."""


def _unseen(_target: str, _share: float | None, _words: str) -> None:
    """Nobody looks."""


class Hearing:
    """The `Output` of one target. `secrets` are masked wherever they are said."""

    def __init__(self, target: str, secrets: Iterable[str], heard: Heard, moved: Moved = _unseen) -> None:
        self.target = target
        self.table_: Table | None = None
        self.document_: Any = None
        self.revealed: dict[str, str] = {}
        self._secrets, self._heard, self._moved, self._lock = list(secrets), heard, moved, threading.Lock()
        self._masks = {each: Masking(self._secrets) for each in Stream}
        self._decoders = {each: codecs.getincrementaldecoder("utf-8")("replace") for each in Stream}
        self._lines = dict.fromkeys(Stream, "")
        self._head, self._said = bytearray(), 0
        self._whole = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._files: list[NewAttachment] = []

    def write(self, stream: Stream, data: bytes) -> None:
        with self._lock:
            self._take(stream, self._masks[stream].write(data))

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        with self._lock:
            before = list(self.table_.rows) if self.table_ is not None else []
            more = [tuple(self._text(str(each)) for each in row) for row in rows[: _MOST_ROWS - len(before)]]
            self.table_ = Table(tuple(map(self._text, columns)), before + more)

    def document(self, value: Any) -> None:
        self.document_ = self._masked(value)

    def reveal(self, label: str, secret: str) -> None:
        with self._lock:
            self._secrets.append(secret)
            for each in self._masks.values():
                each.add(secret)
            self.revealed[label] = secret

    def progress(self, share: float | None, text: str) -> None:
        told = mask_text(text, self._secrets)
        self._moved(self.target, share, told)
        if told:
            self._heard(self.target, Line(Stream.NOTE, told))

    def keep(self, name: str, content: bytes) -> None:
        with self._lock:
            if len(self._files) < _MOST_FILES:
                told = mask_bytes(content, self._secrets)
                self._files.append(NewAttachment(self._text(name), "application/octet-stream", told))

    def without_secrets(self, end: Ended) -> Ended:
        """The same end, with none in what a server said of its problem."""
        if end.problem is None:
            return end
        facts = {name: self._masked(fact) for name, fact in end.problem.facts.items()}
        return replace(end, problem=KnownError(end.problem.code, **facts))

    def censor(self, bug: BaseException) -> None:
        """Take them out of what a bug says, before it gets to a log."""
        seen: set[int] = set()
        while bug is not None and id(bug) not in seen:
            seen.add(id(bug))
            bug.args = tuple(self._masked(each if isinstance(each, str) else repr(each)) for each in bug.args)
            bug = bug.__cause__ or bug.__context__  # type: ignore[assignment]

    def close(self) -> tuple[str, tuple[NewAttachment, ...]]:
        """The head of what was said, and the files for the ticket: the whole of it where that is longer."""
        with self._lock:
            for stream in Stream:
                self._take(stream, self._masks[stream].end())
                if self._lines[stream]:
                    self._heard(self.target, Line(stream, self._lines[stream]))
            head = self._head.decode("utf-8", "replace").replace("\0", "\ufffd")
            files = list(self._files)
            if self._said > HEAD:
                self._whole.seek(0)
                files.append(NewAttachment(f"{self.target}.txt", "text/plain", self._whole.read()))
                head += "\n…"
            self._whole.close()
            return head, tuple(files)

    def forget(self) -> None:
        """What it was told to mask, and what it showed once."""
        self._secrets.clear()
        self._masks.clear()
        self.revealed = {}

    @property
    def result(self) -> Any:
        """The table or document as JSON can hold it."""
        if self.table_ is not None:
            return {"columns": list(self.table_.columns), "rows": [list(each) for each in self.table_.rows]}
        return self.document_

    def _take(self, stream: Stream, data: bytes) -> None:
        if self._said < WHOLE:
            self._whole.write(data[: WHOLE - self._said])
        self._head += data[: max(HEAD - len(self._head), 0)]
        self._said += len(data)
        text = self._lines[stream] + self._decoders[stream].decode(data)
        *whole, rest = text.split("\n")
        for each in whole:
            self._heard(self.target, Line(stream, each.rstrip("\r")[:_LONGEST_LINE]))
        if len(rest) > _LONGEST_LINE:
            self._heard(self.target, Line(stream, rest[:_LONGEST_LINE]))
            rest = ""
        self._lines[stream] = rest

    def _text(self, text: str) -> str:
        return _NOT_KEPT.sub("\ufffd", mask_text(text, self._secrets))

    def _masked(self, value: Any, depth: int = 0) -> Any:
        """As a database can keep it: what is nested deeper than anybody could read is left out."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        if isinstance(value, dict | list | tuple) and depth >= _DEEPEST:
            return "…"
        if isinstance(value, dict):
            return {self._text(str(key)): self._masked(each, depth + 1) for key, each in value.items()}
        return [self._masked(each, depth + 1) for each in value] if isinstance(value, list | tuple) else value
