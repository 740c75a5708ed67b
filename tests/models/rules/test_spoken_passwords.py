"""New passwords are hard to guess, easy to say, and what a directory takes."""

import random
import secrets

import pytest

from app.models.rules.spoken_passwords import spoken_password


@pytest.mark.parametrize("least", [8, 16, 21, 22, 23, 40, 60])
def test_it_is_as_long_as_asked_and_of_all_four_kinds(least: int) -> None:
    for _ in range(50):
        password = spoken_password(secrets.choice, least)
        assert len(password) >= max(least, 21)
        for kind in (str.isupper, str.islower, str.isdigit, "-".__eq__):
            assert any(map(kind, password)), password


def test_no_letter_of_it_moves_between_keyboards_or_looks_like_another() -> None:
    made = "".join(spoken_password(secrets.choice, 16) for _ in range(300))
    assert not set(made.casefold()) & set("yzlqxc01")


def test_the_name_of_whom_it_is_for_does_not_stand_in_it() -> None:
    chance = random.Random(3)
    first = spoken_password(chance.choice, 16)
    name = first[:6].lower()
    assert spoken_password(random.Random(3).choice, 16, (name,)) != first
    assert spoken_password(random.Random(3).choice, 16, (first[:2],)) == first


def test_each_is_another() -> None:
    assert len({spoken_password(secrets.choice, 16) for _ in range(1000)}) == 1000
