"""Words come in the language that is set, with their facts; a gap never hides the rest of a sentence."""

from collections.abc import Iterator

import pytest

from app.models.errors import KnownError
from app.services import wording
from app.services.wording import catalogue, languages, tr, tr_error, tr_or, use_language


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    before = wording._language
    use_language("en")
    yield
    use_language(before)


@pytest.fixture
def gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence that German lacks."""
    texts = {"en": {"only.english": "Only {where}", "empty": "full"}, "de": {"empty": ""}}
    monkeypatch.setattr(wording, "catalogue", texts.__getitem__)


def test_english_and_german_are_there() -> None:
    assert {"de", "en"} <= set(languages())


def test_words_come_in_the_language_that_is_set() -> None:
    english = tr("cli.queue.empty")
    use_language("de")
    german = tr("cli.queue.empty")
    assert (english, german) == (catalogue("en")["cli.queue.empty"], catalogue("de")["cli.queue.empty"])
    assert english != german


@pytest.mark.parametrize("code", ["", "xx", "EN_us", "../de"])
def test_an_unknown_language_is_english(code: str) -> None:
    use_language("de")
    use_language(code)
    assert tr("cli.queue.empty") == catalogue("en")["cli.queue.empty"]


@pytest.mark.usefixtures("gap")
def test_what_a_language_lacks_is_told_in_english() -> None:
    use_language("de")
    assert (tr("only.english", where="here"), tr("empty")) == ("Only here", "full")


def test_what_english_lacks_shows_its_key() -> None:
    assert tr("no.such.key") == "no.such.key"


@pytest.mark.usefixtures("gap")
def test_a_fact_that_is_missing_leaves_a_gap_and_the_sentence() -> None:
    assert tr("only.english") == "Only {where}"


@pytest.mark.usefixtures("gap")
@pytest.mark.parametrize("fact", ["{where}", "{0}", "%s", "}{", "a\nb"])
def test_a_fact_is_text_and_no_pattern(fact: str) -> None:
    assert tr("only.english", where=fact) == f"Only {fact}"


def test_an_error_is_told_with_its_facts() -> None:
    told = tr_error(KnownError("settings.broken", file="firstline.toml", reason="line 3"))
    assert "firstline.toml" in told
    assert "line 3" in told


@pytest.mark.usefixtures("gap")
def test_words_that_stand_in_the_code_are_those_of_a_language_that_lacks_them() -> None:
    use_language("de")
    assert tr_or("only.english", "from the code") == "from the code"
    use_language("en")
    assert tr_or("only.english", "from the code") == "Only {where}"
