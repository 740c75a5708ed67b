"""The ids of a long list, 16 bytes each: a million are 16 MB, and no object is made for one until it is seen."""

from collections.abc import Iterable, Iterator, Sequence
from typing import overload
from uuid import UUID

_SIZE = 16
_NEAR = 512


class PackedIds(Sequence[UUID]):
    """An immutable list of UUIDs over their bytes. Equal to another of the same ids in the same order."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes = b"") -> None:
        if len(raw) % _SIZE:
            raise ValueError("an id has 16 bytes")
        self.raw = raw

    @classmethod
    def of(cls, ids: Iterable[UUID]) -> "PackedIds":
        return cls(b"".join(each.bytes for each in ids))

    def place_of(self, wanted: object, near: int | None = None) -> int | None:
        """The place of an id, found by its bytes; looked for around the place `near` first, where it stood before."""
        if not isinstance(wanted, UUID):
            return None
        if near is not None:
            start = max(0, near - _NEAR)
            found = self._find(wanted.bytes, start, near + _NEAR)
            if found is not None:
                return found
        return self._find(wanted.bytes, 0, len(self))

    def _find(self, key: bytes, start: int, stop: int) -> int | None:
        at = start * _SIZE - 1
        while True:
            at = self.raw.find(key, at + 1, stop * _SIZE)
            if at < 0:
                return None
            if at % _SIZE == 0:  # not the end of one id and the start of the next
                return at // _SIZE

    def __len__(self) -> int:
        return len(self.raw) // _SIZE

    @overload
    def __getitem__(self, place: int) -> UUID: ...
    @overload
    def __getitem__(self, place: slice) -> "PackedIds": ...
    def __getitem__(self, place: int | slice) -> "UUID | PackedIds":
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            if step != 1:
                return PackedIds.of(self[each] for each in range(start, stop, step))
            return PackedIds(self.raw[start * _SIZE : max(start, stop) * _SIZE])
        at = place + len(self) if place < 0 else place
        if not 0 <= at < len(self):
            raise IndexError(place)
        return UUID(bytes=self.raw[at * _SIZE : (at + 1) * _SIZE])

    def __iter__(self) -> Iterator[UUID]:
        for at in range(0, len(self.raw), _SIZE):
            yield UUID(bytes=self.raw[at : at + _SIZE])

    def __contains__(self, wanted: object) -> bool:
        return self.place_of(wanted) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackedIds) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __add__(self, other: "PackedIds") -> "PackedIds":
        return PackedIds(self.raw + other.raw)

    def __repr__(self) -> str:
        return f"PackedIds({len(self)})"
