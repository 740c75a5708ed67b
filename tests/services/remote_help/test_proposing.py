"""A script is proposed for what the ticket says, with the reason."""

from app.models.records.scripts import Manifest
from app.services.remote_help.proposing import propose


def script(name: str, categories: tuple[str, ...] = (), **words: tuple[str, ...]) -> Manifest:
    told = {"name": name, "description": "What it does.", "changes": "Nothing.", "undo": "Nothing to undo."}
    return Manifest.model_validate(
        {
            "id": name,
            "version": "1.0",
            "category": "accounts",
            "risk": "read",
            "timeout": 10,
            "program": {"transport": "directory", "operation": "unlock"},
            "text": {"en": told},
            "proposed": {"categories": categories, "words": words},
        }
    )


UNLOCK = script("unlock", ("login",), en=("locked", "lock*"), de=("gesperrt",))
RESET = script("reset", ("login",), en=("password", "passwort*"), de=("kennwort",))
PRINTER = script("spooler", ("printing",), en=("printer", "print"), de=("drucker",))
ALL = (UNLOCK, RESET, PRINTER)


def test_a_word_of_the_subject_is_the_reason() -> None:
    found = propose(ALL, subject="My account is Locked again", text="", category="")
    assert [(each.script, each.words) for each in found] == [("unlock", ("Locked",))]


def test_another_language_and_accents_do_not_matter() -> None:
    assert propose(ALL, subject="Konto GESPERRT", text="", category="")[0].script == "unlock"


def test_the_category_counts_and_is_told() -> None:
    found = propose(ALL, subject="Help", text="please", category="printing")
    assert [(each.script, each.category, each.words) for each in found] == [("spooler", "printing", ())]


def test_the_subject_counts_more_than_the_text_and_a_word_once() -> None:
    text = "the printer, the printer, the printer"
    found = propose(ALL, subject="Password forgotten", text=text, category="")
    assert [each.script for each in found] == ["reset", "spooler"]
    assert found[1].words == ("printer",)


def test_part_of_a_word_is_no_reason() -> None:
    assert propose(ALL, subject="Fingerprinter", text="blocked", category="") == ()
