"""Links to tickets, as other programs hand them over."""

from pathlib import Path

import pytest

from app.models.errors import KnownError
from app.services.instance import call_name, is_link, ticket_of
from app.services.settings import Profile


@pytest.mark.parametrize("link", ["42", "#42", "firstline://ticket/42", "FIRSTLINE://ticket/42/"])
def test_a_link_names_a_ticket(link: str) -> None:
    assert ticket_of(link) == 42


@pytest.mark.parametrize(
    "link", ["", "0", "-1", "firstline://ticket/", "firstline://ticket/4x", "firstline://person/4", "http://a/4", "٤٢"]
)
def test_anything_else_is_told_in_words(link: str) -> None:
    with pytest.raises(KnownError) as told:
        ticket_of(link)
    assert told.value.code == "link.malformed"


def test_what_begins_with_the_scheme_is_meant_as_a_link() -> None:
    assert is_link("Firstline:nonsense")
    assert not is_link("queue")


def test_two_profiles_listen_under_two_short_names(tmp_path: Path) -> None:
    one, other = call_name(Profile(tmp_path / "a")), call_name(Profile(tmp_path / "b"))
    assert one != other
    assert len(one) < 40
