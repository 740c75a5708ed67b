"""No secret gets out, however it is written and wherever it is cut."""

import base64
import json
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from app.services.remote_help.masking import Masking, mask_text


def said(pieces: list[bytes], *secrets: str) -> bytes:
    masking = Masking(secrets)
    return b"".join(masking.write(each) for each in pieces) + masking.end()


@given(
    before=st.binary(max_size=20),
    secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=3, max_size=12),
    after=st.binary(max_size=20),
    cuts=st.lists(st.integers(0, 80), max_size=6),
)
def test_a_secret_is_masked_wherever_its_bytes_are_cut(
    before: bytes, secret: str, after: bytes, cuts: list[int]
) -> None:
    whole = before + secret.encode() + after
    places = sorted({min(each, len(whole)) for each in cuts} | {0, len(whole)})
    pieces = [whole[start:end] for start, end in pairwise(places)]
    assert said(pieces, secret) == said([whole], secret)
    assert secret.encode() not in said(pieces, secret).replace(b"***", b"")


@pytest.mark.parametrize(
    "written",
    [
        'pä$$ wörd"1',
        json.dumps('pä$$ wörd"1'),
        "p%C3%A4%24%24%20w%C3%B6rd%221",
        "p%C3%A4%24%24+w%C3%B6rd%221",
        base64.b64encode('pä$$ wörd"1'.encode()).decode(),
        repr('pä$$ wörd"1'.encode()),
        ascii('pä$$ wörd"1'),
    ],
)
def test_each_way_of_writing_it_is_masked(written: str) -> None:
    told = mask_text(f"signed in with {written}.", ['pä$$ wörd"1'])
    assert "rd" not in told.replace("word", "")
    assert "***" in told


def test_what_windows_writes_is_masked() -> None:
    assert said(["Geheim1".encode("utf-16-le")], "Geheim1") == b"***"


def test_a_secret_within_a_longer_one_leaves_nothing_of_it() -> None:
    assert said([b"abc", b"def!"], "abc", "abcdef") == b"***!"
    assert said([b"abc", b"xyz!"], "abc", "abcdef") == b"***xyz!"


def test_a_secret_that_begins_as_it_ends_is_masked_whole() -> None:
    assert said([b"xyx", b"."], "xyx") == b"***."


def test_what_is_no_secret_comes_at_once_and_unchanged() -> None:
    masking = Masking(["hunter2"])
    assert masking.write(b"line \xff\xfe\n") == b"line \xff\xfe\n"


def test_a_secret_made_on_the_way_is_masked_from_then_on() -> None:
    masking = Masking([])
    assert masking.write(b"new: ") == b"new: "
    masking.add("Quartz-Lamp-7")
    assert masking.write(b"Quartz-Lamp-7\n") + masking.end() == b"***\n"


def test_letters_of_two_are_no_secret_to_mask() -> None:
    assert said([b"a cab is a cab"], "ab") == b"a cab is a cab"
