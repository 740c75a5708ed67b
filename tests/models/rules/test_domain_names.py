"""A domain of other letters is the one that its owner has."""

import pytest

from app.models.rules.domain_names import ascii_domain


@pytest.mark.parametrize(
    ("domain", "ascii_form"),
    [
        ("straße.example", "xn--strae-oqa.example"),
        ("strasse.example", "strasse.example"),
        ("Müller.Example", "xn--mller-kva.example"),
        ("mu\u0308ller.example", "xn--mller-kva.example"),
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("bücher。example", "xn--bcher-kva.example"),
        ("XN--mller-kva.Example", "XN--mller-kva.Example"),
        ("ab--cd.example", "ab--cd.example"),
    ],
)
def test_a_domain_has_the_form_of_its_own_letters(domain: str, ascii_form: str) -> None:
    assert ascii_domain(domain) == ascii_form


@pytest.mark.parametrize("domain", ["ü..example", "ü b.example", "ü" * 70 + ".example", "-ü.example", "ü/x.example"])
def test_what_is_no_domain_is_none(domain: str) -> None:
    with pytest.raises(UnicodeError):
        ascii_domain(domain)
