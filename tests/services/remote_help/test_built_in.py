"""What ships with the desk is in order, speaks both languages, and fits each other."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.models.records.scripts import Risk, SshProgram
from app.services.remote_help.library import built_in, read_all
from app.services.resources import resources

SCRIPTS = built_in()


def test_all_of_them_are_in_order_and_fit_each_other() -> None:
    packages, broken = read_all(resources().joinpath("scripts"))
    assert broken == ()
    assert packages.keys() == SCRIPTS.keys()
    assert len(SCRIPTS) >= 5


@pytest.mark.parametrize("key", SCRIPTS)
def test_each_says_in_both_languages_what_it_changes_and_how_to_undo_that(key: str) -> None:
    manifest = SCRIPTS[key].manifest
    assert {"en", "de"} <= manifest.text.keys()
    for words in manifest.text.values():
        assert words.changes
        assert words.undo
        assert bool(words.confirm) == (manifest.risk is not Risk.READ)
    for each in manifest.parameters:
        assert {"en", "de"} <= each.label.keys()


@pytest.mark.parametrize("key", SCRIPTS)
def test_each_shell_script_parses_and_reads_its_arguments_quoted(key: str, tmp_path: Path) -> None:
    program = SCRIPTS[key].manifest.program
    if not isinstance(program, SshProgram) or program.shell != "sh":
        return
    source = SCRIPTS[key].files[program.file].decode()
    file = tmp_path / "script.sh"
    file.write_text(source)
    shell = shutil.which("sh")
    if shell is None:
        pytest.skip("there is no sh here to parse it with")
    done = subprocess.run([shell, "-n", str(file)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    code = "\n".join(each for each in source.splitlines() if not each.lstrip().startswith("#"))
    assert "eval" not in code
    bare = re.sub(r'"[^"]*"', "", code)
    assert not re.search(r"(?<!=)\$[0-9@*]", bare), "an argument that is not quoted"
