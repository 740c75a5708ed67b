"""What is said before an answer goes, and what is offered while it is written, told without a widget."""

from dataclasses import replace
from uuid import uuid4

import pytest

from app.models.identifiers import new_id
from app.models.records.canned import Canned
from app.models.rules.mentioning import mentioned
from app.models.rules.recipients import Odd, Oddity
from app.services.drafts import StoredDraft
from app.views.writing.ask_link import whole_address
from app.views.writing.concerns import LARGE, concerns, speaks_of_a_file
from app.views.writing.offers import suggestions
from app.views.writing.writing_control import Offered

DRAFT = StoredDraft("answer", "anna@acme.example", "", "Re: VPN", "It works.")
PASSWORD = Canned(new_id(), "Password reset", "pw", "")
POWER = Canned(new_id(), "Power cut: what we know", "power", "")
LENA, TOM = (uuid4(), "Lena Vogt"), (uuid4(), "Tom Abel")
OFFERED = Offered((POWER, PASSWORD), (LENA, TOM))


def test_an_ordinary_answer_raises_none() -> None:
    assert concerns(DRAFT, [Odd(Oddity.STRANGER, "zoe@x.example")], {}) == []


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("Please see the attached file.", True),
        ("anbei die Rechnung", True),
        ("Sie finden sie im Anhang.", True),
        ("I am attached to it? No: unattached.", True),
        ("detached", False),
        ("> see the attachment\nThanks", False),
    ],
)
def test_a_promised_file_is_noticed(text: str, speaks: bool) -> None:
    assert speaks_of_a_file(text) is speaks
    assert bool(concerns(replace(DRAFT, text=text), [], {})) is speaks
    assert concerns(replace(DRAFT, text=text, attachments=("a.pdf",)), [], {}) == []


def test_each_thing_is_told_and_a_note_is_left_in_peace() -> None:
    odd = [Odd(Oddity.MISSPELT, "a@gmial.com", "a@gmail.com"), Odd(Oddity.OURSELVES, "support@desk.example")]
    draft = replace(DRAFT, subject=" ", text="Dear {requester.name}", attachments=("a.iso",))
    told = concerns(draft, odd, {"a.iso": LARGE + 1})
    assert [each.split()[0] for each in told] == ["Still", "a@gmial.com", "support@desk.example", "It", "The"]
    assert len(concerns(replace(draft, kind="note"), odd, {})) == 1


def test_the_text_whose_shortcut_was_typed_comes_first() -> None:
    assert suggestions("/", "pw", OFFERED, in_note=False)[0].value == PASSWORD
    assert [each.value for each in suggestions("/", "", OFFERED, in_note=False)] == [POWER, PASSWORD]
    assert suggestions("/", "zeppelin", OFFERED, in_note=False) == []


def test_colleagues_are_offered_in_notes_alone() -> None:
    assert [each.value for each in suggestions("@", "vog", OFFERED, in_note=True)] == [LENA[0]]
    assert suggestions("@", "vog", OFFERED, in_note=False) == []


def test_a_mention_is_an_at_and_the_whole_name() -> None:
    assert mentioned("please, @lena vogt: look", [LENA, TOM]) == (LENA[0],)
    assert mentioned("mail x@Lena Vogt or @Lena Vogtmann, @Tom", [LENA, TOM]) == ()


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        (" x.example/a ", "https://x.example/a"),
        ("http://x.example", "http://x.example"),
        ("anna@acme.example", "mailto:anna@acme.example"),
        ("javascript:alert(1)", "https://javascript:alert(1)"),
    ],
)
def test_a_link_gets_its_scheme(typed: str, whole: str) -> None:
    assert whole_address(typed) == whole
