"""What a script on a Windows host says, as lines, rows, a document or files.

PowerShell tells objects. A table has the properties of the first one as its columns; a document is the objects
themselves, or text that is JSON; a file comes in pieces, objects with `FileName` and `Content`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pypsrp.complex_objects import ComplexObject, GenericComplexObject
from pypsrp.messages import MessageType
from pypsrp.powershell import PSDataStreams

from app.models.records.runs import Stream
from app.models.records.scripts import OutputKind
from app.services.remote_help.transports.interface import Output

MOST_BYTES = 10_000_000
"""Of all files of one run."""

_FILE = frozenset({"FileName", "Content"})
_MARKED = {
    MessageType.WARNING_RECORD: ("warning", Stream.ERROR, "WARNING"),
    MessageType.VERBOSE_RECORD: ("verbose", Stream.OUT, "VERBOSE"),
    MessageType.DEBUG_RECORD: ("debug", Stream.OUT, "DEBUG"),
}
"""By what is a line with a mark before it: where its records are, and how they are told."""

_FROM_HOST = "PSHOST"
"""The tag of what `Write-Host` said: the console has it already."""


class Telling:
    """Takes the records of one script in their order; `end` when it has ended."""

    def __init__(self, kind: OutputKind, output: Output) -> None:
        self._kind, self._output = kind, output
        self._columns: tuple[str, ...] = ()
        self._rows: list[list[object]] = []
        self._document: list[object] = []
        self._files: dict[str, bytearray] = {}
        self._last_progress = ""
        self.cause = ""
        """Of a script that broke off: what it threw, and where."""

    def take(
        self, responses: Sequence[tuple[int, Any]], streams: PSDataStreams, said: list[tuple[Stream, str]]
    ) -> None:
        """What one answer of the host held. `streams` has the records of each kind and `said` what was written to the
        console, which are taken out."""
        for kind, told in responses:
            if kind in _MARKED:
                self._marked(streams, *_MARKED[kind])
            match kind:
                case MessageType.PIPELINE_OUTPUT:
                    self._object(told.data.data)
                case MessageType.ERROR_RECORD:
                    self._line(Stream.ERROR, str(streams.error.pop(0)))
                case MessageType.INFORMATION_RECORD:
                    self._information(streams.information.pop(0))
                case MessageType.PIPELINE_HOST_CALL | MessageType.RUNSPACEPOOL_HOST_CALL:
                    stream, text = said.pop(0)
                    self._output.write(stream, text.encode("utf-8", "replace"))
                case MessageType.PROGRESS_RECORD:
                    self._progress(streams.progress.pop(0))
        if streams.error:  # that of the last state: how the script ended
            self._broke_off(streams.error.pop(0))
        if self._rows:
            self._output.table(self._columns, self._rows)
            self._rows = []

    def end(self) -> None:
        """Hand over what had to be whole."""
        for name, content in self._files.items():
            self._output.keep(name, bytes(content))
            self._line(Stream.OUT, f"{name} ({len(content)} bytes)")
        if self._kind is OutputKind.JSON and self._document:
            self._output.document(self._whole())

    def _marked(self, streams: PSDataStreams, name: str, stream: Stream, mark: str) -> None:
        records = getattr(streams, name)
        if records:  # a warning of the session itself is not among them
            self._line(stream, f"{mark}: {records.pop(0).message}")

    def _object(self, value: Any) -> None:
        properties = _properties(value)
        if self._kind is OutputKind.FILE and properties.keys() >= _FILE:
            self._piece(str(properties["FileName"]), properties["Content"])
        elif self._kind is OutputKind.TABLE and properties:
            self._columns = self._columns or tuple(properties)
            self._rows.append([_text(properties.get(each)) for each in self._columns])
        elif self._kind is OutputKind.JSON:
            self._document.append(_plain(value))
        elif properties and not isinstance(value, str):
            width = max(map(len, properties))
            lines = [f"{name:<{width}} : {_text(told)}" for name, told in properties.items()]
            self._line(Stream.OUT, "\n".join([*lines, ""]))
        else:
            self._line(Stream.OUT, _text(value))

    def _piece(self, name: str, content: object) -> None:
        """Pieces beyond the limit are left out, and it is said once."""
        if not isinstance(content, bytes):
            return
        before = sum(map(len, self._files.values()))
        if before >= MOST_BYTES:
            return
        piece = self._files.setdefault(name, bytearray())
        piece += content[: MOST_BYTES - before]
        if before + len(content) > MOST_BYTES:
            self._line(Stream.ERROR, f"{name}: more than {MOST_BYTES} bytes, the rest is left out")

    def _whole(self) -> object:
        """The objects, one of them by itself; or what their text says where it is JSON."""
        texts = [each for each in self._document if isinstance(each, str)]
        if len(texts) == len(self._document):
            try:
                return json.loads("\n".join(texts))
            except (ValueError, RecursionError):
                self._line(Stream.OUT, "\n".join(texts))
        return self._document[0] if len(self._document) == 1 else self._document

    def _information(self, record: Any) -> None:
        if _FROM_HOST not in (record.tags or ()):
            self._line(Stream.OUT, _text(record.message_data))

    def _progress(self, record: Any) -> None:
        percent = record.percent_complete
        share = percent / 100 if isinstance(percent, int) and 0 <= percent <= 100 else None
        text = ": ".join(filter(None, (record.activity, record.description)))
        self._output.progress(share, "" if text == self._last_progress else text)
        self._last_progress = text

    def _broke_off(self, record: Any) -> None:
        place = (getattr(record, "script_stacktrace", None) or "").strip().partition("\n")[0].strip()
        self.cause = str(record)
        self._line(Stream.ERROR, f"{self.cause}\n{place}" if place else self.cause)

    def _line(self, stream: Stream, text: str) -> None:
        self._output.write(stream, f"{text}\n".encode("utf-8", "replace"))


def _properties(value: Any) -> Mapping[str, object]:
    if isinstance(value, dict):
        return {str(name): told for name, told in value.items()}
    if isinstance(value, GenericComplexObject):
        return {**value.adapted_properties, **value.extended_properties}
    return {}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, GenericComplexObject) and value.to_string is None:
        return "; ".join(f"{name}={_text(told)}" for name, told in _properties(value).items())
    return str(value)


def _plain(value: Any) -> object:
    """As JSON can hold it."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list):
        return [_plain(each) for each in value]
    properties = _properties(value)
    if properties and not (isinstance(value, ComplexObject) and _is_enumeration(value)):
        return {name: _plain(told) for name, told in properties.items()}
    return _text(value)


def _is_enumeration(value: ComplexObject) -> bool:
    return "System.Enum" in getattr(value, "types", ())
