"""One file and the environment on top; what is wrong is told with its place."""

import os
import sys
from pathlib import Path

import pytest

from app.models.errors import KnownError
from app.services.settings import Profile, Settings, find_profile, load_settings, save_setting
from app.services.wording import tr_error


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


def write(profile: Profile, text: str | bytes) -> None:
    profile.ready()
    profile.settings_file.write_bytes(text if isinstance(text, bytes) else text.encode())


def refused(profile: Profile, **environment: str) -> KnownError:
    with pytest.raises(KnownError) as caught:
        load_settings(profile, environment)
    return caught.value


def test_without_a_file_everything_has_its_default(profile: Profile) -> None:
    assert load_settings(profile, {}) == Settings()
    assert not profile.folder.exists()


def test_the_file_is_taken_and_the_environment_lies_on_top(profile: Profile) -> None:
    write(profile, 'theme = "dark"\npoll_seconds = 5\nmax_mail_mb = 10\n')
    told = load_settings(profile, {"FIRSTLINE_POLL_SECONDS": "7.5", "FIRSTLINE_SECRET_X": "y", "POLL_SECONDS": "9"})
    assert (told.theme, told.poll_seconds, told.max_mail_bytes) == ("dark", 7.5, 10_000_000)


def test_a_file_that_windows_notepad_saved_is_read(profile: Profile) -> None:
    write(profile, b'\xef\xbb\xbftheme = "dark"\r\n')
    assert load_settings(profile, {}).theme == "dark"


def test_broken_toml_is_told_with_file_and_line(profile: Profile) -> None:
    write(profile, 'theme = "dark"\nlanguage = de\n')
    error = refused(profile)
    assert error.code == "settings.broken"
    assert str(profile.settings_file) in tr_error(error)
    assert "line 2" in tr_error(error)


@pytest.mark.parametrize("content", [b"theme = '\xff'", b"\xff\xfet\x00h\x00"])
def test_a_file_in_another_encoding_is_told_as_broken(profile: Profile, content: bytes) -> None:
    write(profile, content)
    assert refused(profile).code == "settings.broken"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('themes = "dark"', "themes"),
        ('theme = "pink"', "theme"),
        ('poll_seconds = "often"', "poll_seconds"),
        ("poll_seconds = 0", "poll_seconds"),
        ("max_mail_mb = 1.5", "max_mail_mb"),
        ("database = 5432", "database"),
        ('[channel]\nname = "x"', "channel"),
    ],
)
def test_an_unknown_option_or_a_wrong_value_is_told_by_name_and_file(profile: Profile, line: str, name: str) -> None:
    write(profile, line)
    error = refused(profile)
    assert (error.code, error.facts["name"], error.facts["where"]) == (
        "settings.bad_value", name, str(profile.settings_file),
    )  # fmt: skip
    assert "{" not in tr_error(error)


def test_a_wrong_value_in_the_environment_is_told_by_its_variable(profile: Profile) -> None:
    write(profile, "poll_seconds = 5")
    error = refused(profile, FIRSTLINE_POLL_SECONDS="often")
    assert (error.code, error.facts["where"]) == ("settings.bad_value", "FIRSTLINE_POLL_SECONDS")


def test_a_folder_in_place_of_the_file_is_told(profile: Profile) -> None:
    profile.settings_file.mkdir(parents=True)
    assert refused(profile).code == "file.cannot_read"


def test_one_setting_is_saved_and_comments_stay(profile: Profile) -> None:
    write(profile, '# our desk\ntheme = "dark" # for the night\n')
    save_setting(profile, "language", "de")
    assert load_settings(profile, {}) == Settings(theme="dark", language="de")
    text = profile.settings_file.read_text(encoding="utf-8")
    assert "# our desk" in text
    assert "# for the night" in text
    assert [each.name for each in profile.folder.iterdir()] == ["firstline.toml"]


def test_a_broken_file_is_not_overwritten_when_a_setting_is_saved(profile: Profile) -> None:
    write(profile, "theme = ")
    with pytest.raises(KnownError, match=r"settings\.broken"):
        save_setting(profile, "language", "de")
    assert profile.settings_file.read_text(encoding="utf-8") == "theme = "


def test_the_profile_is_the_one_named_then_the_environments_then_the_platforms(tmp_path: Path) -> None:
    environment = {"FIRSTLINE_PROFILE": str(tmp_path / "b")}
    assert find_profile(tmp_path / "a", environment).folder == tmp_path / "a"
    assert find_profile(None, environment).folder == tmp_path / "b"
    assert find_profile(None, {}).folder.name == "Firstline"
    assert find_profile(Path("here"), {}).folder == Path.cwd() / "here"


def test_a_profile_where_a_file_stands_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(KnownError) as caught:
        Profile(tmp_path / "file" / "profile").ready()
    assert caught.value.code == "profile.cannot_write"
    assert str(tmp_path / "file" / "profile") in tr_error(caught.value)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_profile_that_may_not_be_written_to_is_told(profile: Profile) -> None:
    profile.ready().chmod(0o500)
    with pytest.raises(KnownError, match=r"profile\.cannot_write"):
        profile.ready()
    profile.folder.chmod(0o700)


def test_a_profile_is_made_for_this_person_alone(profile: Profile) -> None:
    assert profile.ready().is_dir()
    if sys.platform != "win32":
        assert profile.folder.stat().st_mode & 0o077 == 0
