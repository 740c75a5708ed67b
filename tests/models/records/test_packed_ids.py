"""A long list of ids in 16 bytes each."""

from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from app.models.identifiers import new_id
from app.models.records.packed_ids import PackedIds


@given(st.lists(st.uuids(), unique=True, max_size=40))
def test_it_is_the_list_it_was_made_of(ids: list[UUID]) -> None:
    packed = PackedIds.of(ids)
    assert list(packed) == ids
    assert [packed[place] for place in range(len(packed))] == ids
    assert [packed.place_of(each) for each in ids] == list(range(len(ids)))
    assert list(packed[1:3]) == ids[1:3]
    assert list(packed[::-1]) == ids[::-1]


def test_an_id_that_lies_across_two_others_is_not_found() -> None:
    across = UUID(bytes=bytes(8) + b"\x01" * 8)
    packed = PackedIds(b"\x02" * 8 + bytes(8) + b"\x01" * 8 + b"\x03" * 8)
    assert packed.place_of(across) is None
    assert PackedIds(packed.raw + across.bytes).place_of(across) == 2


@pytest.mark.parametrize("near", [0, 40, 1_999, 5_000])
def test_an_id_is_found_wherever_it_is_thought_to_be(near: int) -> None:
    ids = [new_id() for _ in range(2_000)]
    packed = PackedIds.of(ids)
    assert [packed.place_of(ids[place], near) for place in (0, 41, 1_999)] == [0, 41, 1_999]
    assert packed.place_of(new_id(), near) is None
