"""Scripts written at the desk: the next version of another, checked by field and line, kept while they are typed."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.models.errors import Conflict, KnownError, NotAllowed
from app.services.journal import Journal
from app.services.remote_help import authoring, registry
from app.services.remote_help.authoring import ScriptDrafts, begun, blank, next_version
from app.services.remote_help.comparing import Mark, compare
from app.services.remote_help.library import BrokenScript, built_in, read
from app.services.secrets import Secrets
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk
from tests.services.remote_help.conftest import shell

DISK = built_in()["linux-disk"]


def test_the_next_version_of_what_ships_is_its_savers_own_and_waits(any_desk: SharedDesk) -> None:
    database, tom = any_desk.as_("tom")
    draft = begun(DISK)
    saved = authoring.save(database, tom, draft)
    assert (saved.manifest.version, saved.manifest.author, saved.author, saved.may_run) == ("1.1", "Tom", "Tom", False)
    with pytest.raises(KnownError, match=r"script\.own"):
        registry.approve(database, tom, saved.id)
    again = authoring.save(database, tom, replace(begun(DISK), files={"script.sh": b"echo another\n"}))
    assert again.manifest.version == "1.2"


def test_a_version_that_somebody_stored_in_the_meantime_is_told(any_desk: SharedDesk) -> None:
    database, tom = any_desk.as_("tom")
    first = registry.version(database, registry.add(database, tom, shell(b"echo 1\n")))
    package = registry.package_of_version(database, first.id)
    mine, theirs = begun(package, first), replace(begun(package, first), files={"script.sh": b"echo theirs\n"})
    authoring.save(database, tom, theirs)
    with pytest.raises(Conflict, match=r"script\.newer") as told:
        authoring.save(database, tom, mine)
    assert told.value.facts["version"] == "1.1"
    assert authoring.save(database, tom, mine, over_newer=True).manifest.version == "1.2"


def test_only_administrators_write_scripts(any_desk: SharedDesk) -> None:
    with pytest.raises(NotAllowed):
        authoring.save(*any_desk.as_("sue"), begun(DISK))


def test_each_thing_that_is_wrong_is_told_with_its_field_and_line() -> None:
    draft = blank()
    with pytest.raises(BrokenScript) as told:
        authoring.checked(draft, {})
    by_field = {each.field: each for each in told.value.fields}
    assert {"id", "text.en.name", "text.en.description", "text.en.changes", "text.en.undo"} == set(by_field)
    lines = draft.text.splitlines()
    assert all(lines[each.line - 1].startswith(name.split(".")[-1]) for name, each in by_field.items())
    source = {"name": "x", "type": "choice", "label": {"en": "X"}, "choices_from": {"script": "none", "column": "c"}}
    with pytest.raises(BrokenScript) as told:
        authoring.checked(replace(begun(DISK), told={**begun(DISK).told, "parameters": [source]}), {})
    assert told.value.fields[0].field == "parameters.0.choices_from"


def test_drafts_survive_the_desk(tmp_path: Path) -> None:
    secrets = Secrets({"FIRSTLINE_SECRET_JOURNAL": "a key"})
    draft = replace(begun(DISK), files={"script.sh": b"echo \xff\n"})
    ScriptDrafts(Journal(tmp_path, secrets)).keep(draft)
    drafts = ScriptDrafts(Journal(tmp_path, secrets))
    assert drafts.all() == [draft]
    drafts.forget(draft.id)
    assert ScriptDrafts(Journal(tmp_path, secrets)).all() == []


@pytest.mark.parametrize(("version", "following"), [("1.0", "1.1"), ("2.9", "2.10"), ("1.0.9", "1.0.10"), ("x", "x")])
def test_versions_count_on(version: str, following: str) -> None:
    assert next_version(version) == following


def test_what_is_different_is_told_by_field_and_by_line() -> None:
    before = shell(b"echo one\necho two\n", {"name": "word"}, timeout=60)
    after = shell(b"echo one\necho three\n", {"name": "word", "max_length": 9}, timeout=61, version="1.1")
    found = compare(before, after)
    assert [(each.field, each.before, each.after) for each in found.fields] == [
        ("version", "1.0", "1.1"), ("parameters.word.max_length", "1000", "9"), ("timeout", "60", "61"),
    ]  # fmt: skip
    script = found.files[0]
    assert (script.name, [each.name for each in found.files]) == ("script.sh", ["script.sh", "script.toml"])
    assert [(each.mark, each.text) for each in script.lines] == [
        (Mark.PLACE, "@@ -1,2 +1,2 @@"), (Mark.SAME, "echo one"), (Mark.GONE, "echo two"), (Mark.ADDED, "echo three"),
    ]  # fmt: skip
    assert compare(before, before).files == ()
    new = compare(None, after)
    assert all(each.mark is Mark.ADDED for each in new.files)
    assert {line.mark for line in new.files[0].lines} == {Mark.PLACE, Mark.ADDED}


def test_a_script_is_exported_as_the_folder_that_it_was(any_desk: SharedDesk, tmp_path: Path) -> None:
    script_id = registry.add(any_desk.owner, SYSTEM, DISK)
    place = registry.export(any_desk.owner, script_id, tmp_path)
    assert read(place).sha256 == DISK.sha256
    with pytest.raises(KnownError, match=r"script\.folder_there"):
        registry.export(any_desk.owner, script_id, tmp_path)
    with pytest.raises(KnownError, match=r"file\.cannot_write"):
        registry.export(any_desk.owner, script_id, tmp_path / "nowhere")
