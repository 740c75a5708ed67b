"""A script's folder is read whole, and what is wrong in it is told with its line and field."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from app.models.errors import KnownError
from app.services.remote_help.library import BrokenScript, digest, package_of, read, read_all
from app.services.wording import tr_error

MANIFEST = '''\
id = "disk-space"
version = "1.0"
category = "linux"
risk = "read"
timeout = 30

[program]
transport = "ssh"
file = "disk.sh"

[text.en]
name = "Disk space"
description = """
How full
name = "each disk" is.
"""
changes = "Nothing."
undo = "Nothing to undo."

[[parameters]]
name = "path"
type = "text"
label.en = "Folder"

[[parameters]]
name = "depth"
type = "int"
label = { en = "Depth" }
default = 3
least = 1
most = 9
'''
SCRIPT = b"df -P\n"


def files(manifest: str = MANIFEST) -> Mapping[str, bytes]:
    return {"script.toml": manifest.encode(), "disk.sh": SCRIPT}


def broken(old: str, new: str) -> BrokenScript:
    assert old in MANIFEST
    with pytest.raises(BrokenScript) as found:
        package_of("disk-space", files(MANIFEST.replace(old, new)))
    return found.value


def line(text: str) -> int:
    return MANIFEST[: MANIFEST.index(text)].count("\n") + 1


def test_a_whole_script_is_read() -> None:
    package = package_of("disk-space", files())
    assert [each.name for each in package.manifest.parameters] == ["path", "depth"]
    assert package.sha256 == digest(files())


@pytest.mark.parametrize(
    ("old", "new", "at", "field", "code"),
    [
        ('risk = "read"', 'risk = "mild"', 'risk = "read"', "risk", "script.field.enum"),
        ("timeout = 30", "timeout = 0", "timeout = 30", "timeout", "script.field.greater_than_equal"),
        ("timeout = 30", 'timeout = "soon"', "timeout = 30", "timeout", "script.field.int_parsing"),
        ('file = "disk.sh"', 'file = "../disk.sh"', 'file = "disk.sh"', "program.file",
         "script.field.string_pattern_mismatch"),
        ('transport = "ssh"', 'transport = "telnet"', "[program]", "program", "script.field.union_tag_invalid"),
        ('undo = "Nothing to undo."', "", "[text.en]", "text.en.undo", "script.field.missing"),
        ('type = "int"', 'type = "int"\nsize = 3', "size", "parameters.1.size", "script.field.extra_forbidden"),
        ('label.en = "Folder"', 'label.de = "Ordner"', "[[parameters]]", "parameters.0", "script.field.value_error"),
        ("default = 3", "default = 12", "default = 3", "parameters.1.default", "script.value_too_great"),
        ('file = "disk.sh"', 'file = "other.sh"', 'file = "disk.sh"', "program.file", "script.no_file"),
        ('id = "disk-space"', 'id = "disk"', 'id = "disk-space"', "id", "script.other_id"),
        ('changes = "Nothing."', 'changes = "Nothing."\nnote = "of {path} at {place}"', "note", "text.en.note",
         "script.no_parameter"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line_and_field(old: str, new: str, at: str, field: str, code: str) -> None:
    error = broken(old, new)
    first = error.fields[0]
    changed = MANIFEST.replace(old, new)
    place = changed.index(at if at in changed else new)
    assert (first.line, first.field, first.problem.code) == (changed[:place].count("\n") + 1, field, code)
    assert tr_error(first.problem)
    assert f"line {first.line}" in tr_error(error)


def test_every_wrong_field_is_told_in_the_order_of_its_line() -> None:
    error = broken('risk = "read"\ntimeout = 30', 'risk = "mild"\ntimeout = -1')
    assert [each.field for each in error.fields] == ["risk", "timeout"]
    assert error.facts["more"] == 1


def test_what_is_no_toml_is_told_with_its_line() -> None:
    error = broken('version = "1.0"', 'version = "1.0')
    assert (error.fields[0].line, error.fields[0].problem.code) == (2, "script.no_toml")


def test_a_manifest_in_another_encoding_is_told() -> None:
    with pytest.raises(BrokenScript) as found:
        package_of("disk-space", {"script.toml": b"name = \xff"})
    assert found.value.fields[0].problem.code == "script.not_utf8"


def test_one_changed_byte_or_name_is_another_script() -> None:
    first = digest({"a": b"12", "b": b"3"})
    assert len({first, digest({"a": b"1", "b": b"23"}), digest({"a": b"12", "c": b"3"}), digest({"a": b"12"})}) == 4


def lay(folder: Path, name: str, manifest: str) -> Path:
    (folder / name).mkdir()
    (folder / name / "script.toml").write_text(manifest, encoding="utf-8")
    (folder / name / "disk.sh").write_bytes(SCRIPT)
    return folder / name


def test_a_folder_is_read_with_its_neighbours(tmp_path: Path) -> None:
    lay(tmp_path, "disk-space", MANIFEST + '\n[follow_up]\nscripts = ["disk-clean"]\n')
    lay(tmp_path, "other", MANIFEST.replace("disk-space", "other"))
    lay(tmp_path, "third", "id = 3")
    packages, wrong = read_all(tmp_path)
    assert list(packages) == ["other"]
    assert {each.facts["script"]: each.fields[0].problem.code for each in wrong} == {
        "third": "script.field.string_type",
        "disk-space": "script.no_such",
    }


def test_hidden_files_are_no_part_of_it_and_another_folder_is_refused(tmp_path: Path) -> None:
    folder = lay(tmp_path, "disk-space", MANIFEST)
    (folder / ".DS_Store").write_bytes(b"x")
    assert read(folder).sha256 == digest(files())
    (folder / "more").mkdir()
    with pytest.raises(BrokenScript) as found:
        read(folder)
    assert found.value.fields[0].problem.code == "script.folder_inside"


def test_a_folder_without_a_manifest_and_one_that_is_too_big_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BrokenScript) as found:
        read(tmp_path / "empty")
    assert found.value.fields[0].problem.code == "script.no_manifest"
    folder = lay(tmp_path, "disk-space", MANIFEST)
    (folder / "big.bin").write_bytes(bytes(5_000_001))
    with pytest.raises(BrokenScript) as found:
        read(folder)
    assert found.value.fields[0].problem.code == "script.too_big"


def test_a_folder_that_is_gone_is_told() -> None:
    with pytest.raises(KnownError) as found:
        read(Path("nowhere-at-all"))
    assert found.value.code == "script.unreadable"


DIRECTORY = (
    MANIFEST.partition("[program]")[0].replace("linux", "accounts")
    + """
[program]
transport = "directory"
operation = "%s"

[text.en]
name = "An operation"
description = "Does something to an account."
changes = "Nothing."
undo = "Nothing to undo."
"""
)
GROUP = """
[[parameters]]
name = "group"
type = "text"
label.en = "Group"
"""


@pytest.mark.parametrize(
    ("operation", "more", "fields"),
    [
        ("unlock", "", []),
        ("unlock", GROUP, ["parameters"]),
        ("add_group", GROUP, []),
        ("add_group", "", ["parameters"]),
        ("find_user", GROUP.replace("group", "text"), ["takes_target"]),
    ],
)
def test_an_operation_on_a_directory_takes_just_what_it_knows(operation: str, more: str, fields: list[str]) -> None:
    told = {"script.toml": (DIRECTORY % operation + more).encode()}
    if not fields:
        assert package_of("disk-space", told).manifest.id == "disk-space"
        return
    with pytest.raises(BrokenScript) as found:
        package_of("disk-space", told)
    assert [each.field for each in found.value.fields] == fields
    assert not tr_error(found.value.fields[0].problem).startswith("error.")
