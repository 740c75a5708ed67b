"""No code that the connector can raise is without words."""

import re
from pathlib import Path

import pytest

import app.services.channels.graph
from app.services.wording import catalogue

SOURCES = sorted(Path(app.services.channels.graph.__file__).parent.glob("*.py"))
CODE = re.compile(r'"(graph\.[a-z_]+)"')


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_code_has_words_and_every_word_a_code(language: str) -> None:
    codes = {code for source in SOURCES for code in CODE.findall(source.read_text(encoding="utf-8"))}
    words = {key.split(".", 1)[1] for key in catalogue(language) if key.startswith(("error.graph.", "probe.graph."))}
    assert codes == words
